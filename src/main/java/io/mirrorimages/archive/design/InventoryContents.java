package io.mirrorimages.archive.design;

import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.layout.NamedImage;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.PlannedImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** Collects what an inventory lists: the images added to it, then those of the base. */
final class InventoryContents {
  private final Optional<Inventory> base;
  private final Map<Digest, Inventory.Blob> inBase;
  private final Predicate<Digest> isInBase;
  private final ToIntFunction<Digest> volume;
  private final Map<Digest, Inventory.Blob> blobs = new LinkedHashMap<>();
  private final List<Inventory.Image> images = new ArrayList<>();
  private final Set<String> own = new HashSet<>();

  /**
   * @param base what a delta leaves out
   * @param inBase the blobs of that by digest
   * @param isInBase whether a blob is left out
   * @param volume the volume of all others
   */
  InventoryContents(
      Optional<Inventory> base,
      Map<Digest, Inventory.Blob> inBase,
      Predicate<Digest> isInBase,
      ToIntFunction<Digest> volume) {
    this.base = base;
    this.inBase = inBase;
    this.isInBase = isInBase;
    this.volume = volume;
  }

  /**
   * Adds an image and its contents; under one name the same image is there once.
   *
   * @param part the id of the earlier part that has it
   */
  void add(NamedImage image, Optional<String> part) {
    Set<Digest> contents = new LinkedHashSet<>();
    for (Manifest manifest : image.image().manifests()) {
      add(manifest.descriptor(), contents);
    }
    for (Descriptor blob : image.image().blobs()) {
      add(blob, contents);
    }
    PlannedImage planned = image.image();
    if (own.add(image.name() + " " + planned.top().digest())) {
      images.add(
          new Inventory.Image(
              image.name(), planned.top().descriptor(), List.copyOf(contents), part));
    }
  }

  private void add(Descriptor content, Set<Digest> contents) {
    contents.add(content.digest());
    blobs.computeIfAbsent(
        content.digest(),
        digest ->
            isInBase.test(digest)
                ? inBase.get(digest)
                : new Inventory.Blob(
                    digest, content.size(), volume.applyAsInt(digest), Optional.empty()));
  }

  /** The inventory of volume {@code number} of {@code volumes}; to be called once. */
  Inventory inventory(String id, int number, int volumes, List<String> continues) {
    inBase.forEach(blobs::putIfAbsent);
    base.stream()
        .flatMap(earlier -> earlier.images().stream())
        .filter(image -> !own.contains(image.name() + " " + image.descriptor().digest()))
        .forEach(images::add);
    return new Inventory(
        id,
        number,
        volumes,
        images,
        List.copyOf(blobs.values()),
        Optional.empty(),
        base.map(Inventory::names).orElse(Map.of()),
        continues);
  }
}
