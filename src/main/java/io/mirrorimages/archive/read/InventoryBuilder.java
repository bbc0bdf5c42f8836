package io.mirrorimages.archive.read;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.image.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the inventory of an archive that has none, from its manifests. Not thread-safe. */
final class InventoryBuilder {
  private final ArchiveReader archive;
  private final Map<Digest, Inventory.Blob> blobs = new LinkedHashMap<>();

  InventoryBuilder(ArchiveReader archive) {
    this.archive = archive;
  }

  /** Only what is there counts; its id depends on names and digests. */
  Inventory inventory() throws IOException {
    List<Inventory.Image> images = new ArrayList<>();
    for (ArchivedImage image : archive.images()) {
      Set<Digest> contents = new LinkedHashSet<>();
      new ContentWalk(archive, content -> add(content.digest(), contents)).from(image.descriptor());
      images.add(
          new Inventory.Image(
              image.name(), image.descriptor(), List.copyOf(contents), Optional.empty()));
    }
    return new Inventory(id(archive.images()), 1, 1, images, List.copyOf(blobs.values()));
  }

  /** The id of an archive with these images, in the order of its index; a name counts once. */
  static String id(List<ArchivedImage> images) {
    StringBuilder names = new StringBuilder();
    Set<String> keys = new HashSet<>();
    for (ArchivedImage image : images) {
      if (keys.add(ImageNames.key(image.name()))) {
        names.append(image.name()).append(' ').append(image.descriptor().digest()).append('\n');
      }
    }
    return Digest.sha256(names.toString().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
  }

  private void add(Digest digest, Set<Digest> contents) {
    Optional<Long> size = archive.size(digest);
    if (size.isPresent()) {
      blobs.putIfAbsent(digest, new Inventory.Blob(digest, size.get(), 1, Optional.empty()));
      contents.add(digest);
    }
  }
}
