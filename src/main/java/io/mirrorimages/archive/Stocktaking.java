package io.mirrorimages.archive;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the inventory of an archive that has none, from its manifests. Not thread-safe. */
final class Stocktaking {
  private final ArchiveReader archive;
  private final Map<Digest, Inventory.Blob> blobs = new LinkedHashMap<>();

  Stocktaking(ArchiveReader archive) {
    this.archive = archive;
  }

  /** Only what is there counts; its id depends on names and digests. */
  Inventory inventory() throws IOException {
    List<Inventory.Image> images = new ArrayList<>();
    StringBuilder names = new StringBuilder();
    for (ArchivedImage image : archive.images()) {
      Set<Digest> contents = new LinkedHashSet<>();
      collect(image.descriptor(), contents);
      images.add(
          new Inventory.Image(
              image.name(), image.descriptor(), List.copyOf(contents), Optional.empty()));
      names.append(image.name()).append(' ').append(image.descriptor().digest()).append('\n');
    }
    String id =
        Digest.sha256(names.toString().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
    return new Inventory(id, 1, 1, images, List.copyOf(blobs.values()));
  }

  private void collect(Descriptor top, Set<Digest> contents) throws IOException {
    if (!add(top.digest(), contents)) {
      return;
    }
    Manifest manifest = archive.manifest(top.digest(), top.mediaType());
    for (Descriptor blob : manifest.blobs()) {
      add(blob.digest(), contents);
    }
    for (Descriptor child : manifest.children()) {
      collect(child, contents);
    }
  }

  /** Whether it is there, and new for this image. */
  private boolean add(Digest digest, Set<Digest> contents) {
    Optional<Long> size = archive.size(digest);
    size.ifPresent(
        bytes -> blobs.putIfAbsent(digest, new Inventory.Blob(digest, bytes, 1, Optional.empty())));
    return size.isPresent() && contents.add(digest);
  }
}
