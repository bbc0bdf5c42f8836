package io.mirrorimages.nodes.check;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Folders with a {@link CertificateFolder} for each host, such as {@code /etc/docker/certs.d}; the
 * first that has one counts. A host's is read once, however many images are asked for there.
 * Thread-safe.
 */
public final class CertificateFolders {
  private final List<Path> roots;
  private final Map<String, NodeTls> read = new ConcurrentHashMap<>();

  /** Folders in the order in which they are looked at; nothing is read yet. */
  public CertificateFolders(List<Path> roots) {
    this.roots = List.copyOf(roots);
  }

  /** What they say of a host or host:port; that of the system, if they have nothing of it. */
  public NodeTls of(String host) {
    return read.computeIfAbsent(
        host,
        name ->
            roots.stream()
                .map(root -> root.resolve(name))
                .filter(Files::isDirectory)
                .findFirst()
                .map(CertificateFolder::read)
                .orElse(NodeTls.SYSTEM));
  }
}
