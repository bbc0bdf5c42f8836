package io.mirrorimages.nodes.check;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.tls.PemFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Checks the certificate files that a configuration names, as far as they are on this machine. */
public final class ClientCertificate {
  private static final String SERVER_USAGE = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_USAGE = "1.3.6.1.5.5.7.3.2";
  private static final String ANY_USAGE = "2.5.29.37.0";

  private ClientCertificate() {}

  /**
   * Notes half a pair, files that can't be read here, and a server's certificate in the place of a
   * client's.
   *
   * @param host the server that it is for, with or without port
   * @param certKey what the client certificate is called in the file
   * @param keyKey what its key is called
   */
  public static void check(
      NodeTls tls,
      String host,
      String certKey,
      String keyKey,
      String file,
      int line,
      FindingLog findings) {
    if (tls.certFile().isPresent() != tls.keyFile().isPresent()) {
      boolean cert = tls.certFile().isPresent();
      findings.add(
          FindingKind.CERT_WITHOUT_KEY,
          file,
          line,
          (cert ? certKey + " without " + keyKey : keyKey + " without " + certKey)
              + ": give both, or neither. To trust a registry's certificate, name its CA instead");
    }
    for (Optional<Path> one : List.of(tls.caFile(), tls.certFile(), tls.keyFile())) {
      one.filter(path -> !Files.isReadable(path))
          .ifPresent(
              path ->
                  findings.add(
                      FindingKind.UNREADABLE_FILE,
                      file,
                      line,
                      "can't read "
                          + path
                          + " on this machine; where a node can't either, all pulls fail"));
    }
    tls.certFile()
        .filter(Files::isReadable)
        .map(path -> new GivenCertificate(path, certKey, keyKey, file, line))
        .ifPresent(
            given ->
                serverName(given.certificate(), host)
                    .ifPresentOrElse(
                        name -> given.isServers("of the server " + name, findings),
                        () -> findings.given(given)));
  }

  /** The server that a certificate is made for; empty if a client may use it. */
  private static Optional<String> serverName(Path file, String host) {
    try {
      X509Certificate own = PemFiles.certificates(file).getFirst();
      String subject = own.getSubjectX500Principal().getName();
      List<String> usages = own.getExtendedKeyUsage();
      if (usages != null) {
        boolean client = usages.contains(CLIENT_USAGE) || usages.contains(ANY_USAGE);
        boolean server = usages.contains(SERVER_USAGE) && !client;
        return server ? Optional.of(dnsName(own).orElse(subject)) : Optional.empty();
      }
      // Without usages, a certificate of the very host is the host's own.
      String bare = host.replaceAll(":[0-9]+$", "");
      boolean same =
          dnsName(own).filter(bare::equalsIgnoreCase).isPresent()
              || Arrays.asList(subject.split(",")).contains("CN=" + bare);
      return same ? Optional.of(bare) : Optional.empty();
    } catch (InvalidContentException | CertificateParsingException e) {
      return Optional.empty();
    }
  }

  /** The first name or address in it. */
  private static Optional<String> dnsName(X509Certificate own) throws CertificateParsingException {
    Collection<List<?>> names = own.getSubjectAlternativeNames();
    return names == null
        ? Optional.empty()
        : names.stream()
            .filter(name -> name.get(0) instanceof Integer kind && (kind == 2 || kind == 7))
            .map(name -> String.valueOf(name.get(1)))
            .findFirst();
  }
}
