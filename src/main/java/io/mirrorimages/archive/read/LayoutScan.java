package io.mirrorimages.archive.read;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.format.view.LayoutFiles;
import io.mirrorimages.archive.format.view.Rebuilt;
import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.layout.InventoryJson;
import io.mirrorimages.archive.layout.LayoutIndex;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.JsonKeys;
import io.mirrorimages.image.Manifest;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What an archive holds: the places of its blobs and its index, checked against each other.
 *
 * @param blobs where each blob is
 * @param index what {@code index.json} says
 * @param inventory what the archive says of itself as a whole; other tools' archives say nothing
 * @param rebuilt which manifests are not those of the registries: the format does not keep them, or
 *     docker has rebuilt them, as {@code docker save} does from 25 on without the containerd image
 *     store (only it writes {@code repositories} beside an index)
 */
record LayoutScan(
    Map<Digest, FileEntry> blobs,
    LayoutIndex index,
    Optional<Inventory> inventory,
    Rebuilt rebuilt) {
  private static final JsonKeys LAYOUT_KEYS = JsonKeys.of("imageLayoutVersion");
  private static final int LARGEST_INDEX = 64 * 1024 * 1024;
  private static final int LARGEST_DOCKER_MANIFEST = 256 * 1024 * 1024;
  private static final int LARGEST_LAYOUT = 4 * 1024 * 1024;

  /**
   * How many bytes of manifests may be there under a second name, a third and so on: an archive of
   * a few bytes more for each of them would cost hours.
   */
  private static final long MOST_REPEATED = 1L << 30;

  /** More than any list of images has; keeps a file of empty entries from filling the memory. */
  private static final int MOST_BLOBS = 5_000_000;

  static LayoutScan of(LayoutFiles files) throws IOException {
    ArchiveErrors errors = files.errors();
    Map<Digest, FileEntry> blobs = new HashMap<>();
    Map<String, FileEntry> metadata = new HashMap<>();
    files.visit(
        entry -> {
          Optional<String> top = LayoutNames.top(entry.name());
          if (entry.kind() == FileEntry.EntryType.LINK) {
            throw errors.hostile(entry.name(), "is no regular file");
          } else if (top.isPresent()) {
            add(entry, top.get(), blobs, metadata, errors);
          }
          // All else is nothing we would read; other tools may keep notes there.
          if (blobs.size() > MOST_BLOBS) {
            throw errors.refused("it has more than " + MOST_BLOBS + " blobs");
          }
        });
    checkLayout(files, metadata, errors);
    LayoutIndex index = index(files, metadata, errors);
    checkSizes(blobs, index, errors);
    Optional<Inventory> inventory = inventory(files, metadata, errors);
    refuseManyNames(index.named().stream().map(ArchivedImage::descriptor), errors);
    if (inventory.isPresent()) {
      refuseManyNames(inventory.get().images().stream().map(Inventory.Image::descriptor), errors);
      checkSizes(blobs, inventory.get(), errors);
    }
    checkDockerFiles(files, metadata, blobs, index, inventory, errors);
    Rebuilt rebuilt =
        inventory.isEmpty() && metadata.containsKey(LayoutNames.DOCKER_REPOSITORIES)
            ? Rebuilt.MANIFESTS
            : files.rebuilt();
    return new LayoutScan(Collections.unmodifiableMap(blobs), index, inventory, rebuilt);
  }

  /** What is at the top of a layout, or below it: {@code top} is the name it must have there. */
  private static void add(
      FileEntry entry,
      String top,
      Map<Digest, FileEntry> blobs,
      Map<String, FileEntry> metadata,
      ArchiveErrors errors)
      throws IOException {
    String name = entry.name();
    boolean blob = LayoutNames.BLOBS.startsWith(top);
    if (blob ? !(name + "/").startsWith(LayoutNames.BLOBS) : !name.equals(top)) {
      throw errors.hostile(name, "would be in the place of " + top + " on some file systems");
    }
    if (entry.kind() == FileEntry.EntryType.FOLDER) {
      if (!blob || name.split("/").length > 2) {
        throw errors.hostile(name, "is a folder in the place of a file");
      }
      return;
    }
    FileEntry twin = blob ? blobs.put(digest(name, errors), entry) : metadata.put(name, entry);
    if (twin != null) {
      throw errors.hostile(name, "is there twice");
    }
  }

  /** What docker reads in place of the index. */
  private static void checkDockerFiles(
      LayoutFiles files,
      Map<String, FileEntry> metadata,
      Map<Digest, FileEntry> blobs,
      LayoutIndex index,
      Optional<Inventory> inventory,
      ArchiveErrors errors)
      throws IOException {
    FileEntry entry = metadata.get(LayoutNames.DOCKER_MANIFEST);
    if (entry == null) {
      if (metadata.containsKey(LayoutNames.DOCKER_REPOSITORIES)) {
        throw errors.refused("docker would read its repositories, others its index.json");
      }
      return;
    }
    DockerManifest docker =
        new DockerManifest(
            index,
            inventory,
            digest -> {
              FileEntry blob = blobs.get(digest);
              return blob == null || blob.size() > Manifest.LARGEST
                  ? Optional.empty()
                  : Optional.of(files.read(blob));
            });
    try {
      docker.check(read(files, entry, LARGEST_DOCKER_MANIFEST, errors));
    } catch (InvalidContentException e) {
      throw errors.refused(e.getMessage());
    }
  }

  private static Optional<Inventory> inventory(
      LayoutFiles files, Map<String, FileEntry> metadata, ArchiveErrors errors) throws IOException {
    FileEntry entry = metadata.get(LayoutNames.INVENTORY);
    if (entry == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(InventoryJson.parse(read(files, entry, LARGEST_INDEX, errors)));
    } catch (InvalidContentException e) {
      throw errors.damaged(LayoutNames.INVENTORY + " (" + e.getMessage() + ")");
    }
  }

  private static Digest digest(String name, ArchiveErrors errors) throws IOException {
    String[] parts = name.split("/", -1);
    if (parts.length == 3) {
      try {
        return new Digest(parts[1], parts[2]);
      } catch (InvalidContentException e) {
        // Said below.
      }
    }
    throw errors.hostile(name, "is not named by a digest");
  }

  private static void checkLayout(
      LayoutFiles files, Map<String, FileEntry> metadata, ArchiveErrors errors) throws IOException {
    FileEntry layout = metadata.get(LayoutNames.LAYOUT);
    if (layout == null && metadata.containsKey(LayoutNames.INDEX)) {
      // Hauler leaves it out of its hauls, so that docker takes them for its own.
      return;
    }
    if (layout == null) {
      throw errors.notLayout("it has no " + LayoutNames.LAYOUT);
    }
    String version;
    try {
      byte[] bytes = read(files, layout, LARGEST_LAYOUT, errors);
      JsonNode json = Json.parse(bytes, LayoutNames.LAYOUT);
      LAYOUT_KEYS.check(json, LayoutNames.LAYOUT);
      version = json.path("imageLayoutVersion").asString("");
    } catch (InvalidContentException e) {
      throw errors.notLayout(e.getMessage());
    }
    if (!version.startsWith("1.")) {
      throw errors.notLayout("its version is not 1");
    }
  }

  private static LayoutIndex index(
      LayoutFiles files, Map<String, FileEntry> metadata, ArchiveErrors errors) throws IOException {
    FileEntry entry = metadata.get(LayoutNames.INDEX);
    if (entry == null) {
      throw errors.notLayout("it has no " + LayoutNames.INDEX);
    }
    FileEntry haul = metadata.get(LayoutNames.HAULER_INDEX);
    try {
      LayoutIndex index = LayoutIndex.parse(read(files, entry, LARGEST_INDEX, errors));
      if (haul == null) {
        return index;
      }
      LayoutIndex all = LayoutIndex.parse(read(files, haul, LARGEST_INDEX, errors));
      if (!all.hasAll(index)) {
        throw errors.refused("hauler would read its hauler-index.json, others its index.json");
      }
      return all;
    } catch (InvalidContentException e) {
      throw errors.notLayout(e.getMessage());
    }
  }

  private static byte[] read(LayoutFiles files, FileEntry entry, int largest, ArchiveErrors errors)
      throws IOException {
    if (entry.size() > largest) {
      throw errors.hostile(
          entry.name(), "has " + entry.size() + " bytes, more than the " + largest + " allowed");
    }
    return files.read(entry);
  }

  private static void checkSizes(
      Map<Digest, FileEntry> blobs, LayoutIndex index, ArchiveErrors errors) throws IOException {
    for (ArchivedImage image : index.named()) {
      Descriptor descriptor = image.descriptor();
      FileEntry blob = blobs.get(descriptor.digest());
      if (blob != null && blob.size() != descriptor.size()) {
        throw errors.corrupt(
            "has %d bytes as the manifest of %s, its index says %d: save the image again"
                .formatted(blob.size(), image.name(), descriptor.size()));
      }
    }
  }

  private static void checkSizes(
      Map<Digest, FileEntry> blobs, Inventory inventory, ArchiveErrors errors) throws IOException {
    for (Inventory.Blob listed : inventory.blobs()) {
      FileEntry blob = blobs.get(listed.digest());
      if (blob != null && blob.size() != listed.size()) {
        throw errors.corrupt(
            "has %d bytes as %s, its inventory says %d: copy it again, or save it again"
                .formatted(blob.size(), listed.digest(), listed.size()));
      }
    }
  }

  private static void refuseManyNames(Stream<Descriptor> images, ArchiveErrors errors)
      throws TransferException {
    Set<Digest> seen = new HashSet<>();
    long repeated = 0;
    for (Descriptor image : (Iterable<Descriptor>) images::iterator) {
      repeated += seen.add(image.digest()) ? 0 : Math.min(image.size(), Manifest.LARGEST);
      if (repeated > MOST_REPEATED) {
        throw errors.refused("it has too many names for large manifests as " + image.digest());
      }
    }
  }
}
