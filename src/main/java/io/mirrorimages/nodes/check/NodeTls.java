package io.mirrorimages.nodes.check;

import io.mirrorimages.tls.TlsOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The certificates of an attempt, as names of files on the node.
 *
 * @param caFile authorities that are trusted beside the system's
 * @param certFile the client's certificate
 * @param keyFile its key
 * @param skipsVerify whether any certificate is accepted
 * @param source where this stands, such as a file and line; empty if nothing is configured
 */
public record NodeTls(
    Optional<Path> caFile,
    Optional<Path> certFile,
    Optional<Path> keyFile,
    boolean skipsVerify,
    String source) {
  /** The system's authorities alone. */
  public static final NodeTls SYSTEM =
      new NodeTls(Optional.empty(), Optional.empty(), Optional.empty(), false, "");

  /** The same for a connection; a certificate without key is left out. */
  public TlsOptions options() {
    boolean both = certFile.isPresent() && keyFile.isPresent();
    return new TlsOptions(
        caFile,
        both ? certFile : Optional.empty(),
        both ? keyFile : Optional.empty(),
        skipsVerify,
        false);
  }

  /** The same, accepting any certificate. */
  public NodeTls withoutVerification(String why) {
    return new NodeTls(caFile, certFile, keyFile, true, why);
  }

  /** The same from another source. */
  public NodeTls from(String other) {
    return new NodeTls(caFile, certFile, keyFile, skipsVerify, other);
  }

  /** In a few words. */
  @Override
  public String toString() {
    String trust =
        skipsVerify
            ? "no verification"
            : caFile.map(file -> "CA " + file).orElse("the system's CAs");
    return trust + certFile.map(file -> ", client certificate " + file).orElse("");
  }
}
