package io.mirrorimages.archive.read;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.ManifestGraph;
import io.mirrorimages.image.Platform;
import java.io.IOException;
import java.util.Optional;

/**
 * A walk over everything an image refers to, as far as the archive has its manifests. Not
 * thread-safe.
 */
final class ContentWalk {
  private final ArchiveReader archive;
  private final ContentVisitor visitor;

  ContentWalk(ArchiveReader archive, ContentVisitor visitor) {
    this.archive = archive;
    this.visitor = visitor;
  }

  /** Receives what the walk finds. */
  interface ContentVisitor {
    /** Something that is referred to: a manifest, config or layer; perhaps more than once. */
    void content(Descriptor content) throws IOException;

    /**
     * A manifest with config and layers that the archive has.
     *
     * @param platform what its index says it runs on
     */
    default void manifest(Manifest manifest, Optional<Platform> platform) throws IOException {}
  }

  /**
   * Begins at {@code top}.
   *
   * @throws InvalidContentException if a bound of {@link ManifestGraph} is exceeded
   */
  void from(Descriptor top) throws IOException {
    visitor.content(top);
    new ManifestGraph(this::read).walk(top, this::visit);
  }

  private Optional<Manifest> read(Descriptor entry) throws IOException {
    return archive.size(entry.digest()).isPresent()
        ? Optional.of(archive.manifest(entry.digest(), entry.mediaType()))
        : Optional.empty();
  }

  private void visit(Descriptor entry, Manifest manifest) throws IOException {
    for (Descriptor child : manifest.children()) {
      visitor.content(child);
    }
    for (Descriptor blob : manifest.blobs()) {
      visitor.content(blob);
    }
    if (!manifest.isIndex()) {
      visitor.manifest(manifest, entry.platform());
    }
  }
}
