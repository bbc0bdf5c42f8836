package io.mirrorimages.nodes.check;

import java.nio.file.Path;

/**
 * A client certificate that a configuration names.
 *
 * @param certificate its file
 * @param certKey what it is called in the configuration
 * @param keyKey what its key is called
 * @param file the configuration as it was named
 * @param line where it stands
 */
public record GivenCertificate(
    Path certificate, String certKey, String keyKey, String file, int line) {

  /**
   * Notes that it is a server's.
   *
   * @param whose the server, in words
   */
  public void isServers(String whose, FindingLog findings) {
    findings.add(
        FindingKind.SERVER_CERTIFICATE,
        file,
        line,
        certKey
            + " is the certificate "
            + whose
            + ", not of a client: to trust that server, name its CA as CA file and remove "
            + certKey
            + " and "
            + keyKey);
  }
}
