package io.mirrorimages.nodes.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder with the certificates of one host, as Docker, containerd and containers/image read it:
 * {@code *.crt} are authorities, {@code NAME.cert} and {@code NAME.key} the client's.
 */
public final class CertificateFolder {
  private CertificateFolder() {}

  /** What it says; the first of several authorities. That of the system, if it can't be read. */
  public static NodeTls read(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      List<Path> files = all.sorted().toList();
      Optional<Path> ca = first(files, ".crt");
      Optional<Path> cert = first(files, ".cert");
      return ca.isEmpty() && cert.isEmpty()
          ? NodeTls.SYSTEM
          : new NodeTls(ca, cert, first(files, ".key"), false, folder.toString());
    } catch (IOException e) {
      return NodeTls.SYSTEM;
    }
  }

  private static Optional<Path> first(List<Path> files, String end) {
    return files.stream().filter(file -> file.toString().endsWith(end)).findFirst();
  }
}
