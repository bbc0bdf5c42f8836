package io.mirrorimages.registry;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Repository;
import io.mirrorimages.state.OpenUploads;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What all uploads of a target have in common: how they are cut, where it is noted how far they
 * are, and which registries take no chunks. Thread-safe.
 */
final class UploadPolicy {
  private final Chunks chunks;
  private final OpenUploads open;
  private final Set<String> unwilling = ConcurrentHashMap.newKeySet();

  UploadPolicy(Chunks chunks, OpenUploads open) {
    this.chunks = chunks;
    this.open = open;
  }

  boolean cuts(Repository repository, Descriptor blob) {
    return blob.size() >= Math.max(1, chunks.threshold())
        && !unwilling.contains(repository.registry());
  }

  /** How large chunks are where the registry asks for no more than {@code least}. */
  long chunk(long least) {
    return Math.max(chunks.size(), least);
  }

  /** Some registries have only the one PUT (Google's), or want tiny chunks (GitHub's). */
  void noChunksAt(Repository repository) {
    unwilling.add(repository.registry());
  }

  OpenUploads open() {
    return open;
  }
}
