package io.mirrorimages.cli.command.check;

import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeReader;
import io.mirrorimages.nodes.check.k3s.K3sNode;
import io.mirrorimages.nodes.check.k3s.K3sSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The files of a node's configuration. */
final class NodeFileOptions {
  @Option(
      names = "--registries",
      paramLabel = "FILE",
      description = "registries.yaml of a K3s or RKE2 node.")
  private @Nullable Path registries;

  @Option(
      names = "--disable-default-endpoint",
      description = "The node has disable-default-registry-endpoint: true.")
  private boolean disableDefault;

  @Option(
      names = "--system-default-registry",
      paramLabel = "HOST",
      description = "The system-default-registry of the node, by which its own images are renamed.")
  private @Nullable String systemDefault;

  /** What the node calls an image. */
  Reference renamed(Reference image) {
    return settings().renamed(image);
  }

  /**
   * Checks that there is a file to read.
   *
   * @throws UsageException if none is given
   */
  void requireAny() {
    if (registries == null) {
      throw new UsageException("no configuration to check: add --registries FILE");
    }
  }

  /** The readers of the files that are given. */
  List<NodeReader> readers(Collection<Reference> images, FindingLog findings) {
    List<NodeReader> readers = new ArrayList<>();
    if (registries != null) {
      readers.addAll(K3sNode.readers(registries, settings(), images, findings));
    }
    return readers;
  }

  private K3sSettings settings() {
    return new K3sSettings(disableDefault, Optional.ofNullable(systemDefault));
  }
}
