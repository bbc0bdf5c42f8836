package io.mirrorimages.archive.read;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Platform;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A walk over everything an image refers to, as far as the archive has its manifests; each digest
 * once, however its indexes are nested. Not thread-safe.
 */
final class ManifestWalk {
  private final ArchiveReader archive;
  private final Visitor visitor;
  private final Set<Digest> seen = new HashSet<>();
  private final Deque<Descriptor> ahead = new ArrayDeque<>();

  ManifestWalk(ArchiveReader archive, Visitor visitor) {
    this.archive = archive;
    this.visitor = visitor;
  }

  /** Receives what the walk finds. */
  interface Visitor {
    /** Something that is referred to: a manifest, config or layer. */
    void content(Descriptor content) throws IOException;

    /**
     * A manifest with config and layers that the archive has.
     *
     * @param platform what its index says it runs on
     */
    default void manifest(Manifest manifest, Optional<Platform> platform) throws IOException {}
  }

  /** Begins at {@code top}. */
  void from(Descriptor top) throws IOException {
    meet(top);
    ahead.add(top);
    while (!ahead.isEmpty()) {
      Descriptor next = ahead.remove();
      if (archive.size(next.digest()).isPresent()) {
        visit(next);
      }
    }
  }

  private void visit(Descriptor descriptor) throws IOException {
    Manifest manifest = archive.manifest(descriptor.digest(), descriptor.mediaType());
    for (Descriptor child : manifest.children()) {
      if (meet(child)) {
        ahead.add(child);
      }
    }
    for (Descriptor blob : manifest.blobs()) {
      meet(blob);
    }
    if (!manifest.isIndex()) {
      visitor.manifest(manifest, descriptor.platform());
    }
  }

  private boolean meet(Descriptor content) throws IOException {
    boolean first = seen.add(content.digest());
    if (first) {
      visitor.content(content);
    }
    return first;
  }
}
