package io.mirrorimages.archive.read;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.layout.LayoutIndex;
import io.mirrorimages.archive.layout.NearNames;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which images the volumes of an archive name, each name once. What an inventory says counts, since
 * it has a checksum, unlike an index; where there is none, the index does. Thread-safe.
 */
final class ImageNames {
  private final Map<String, ArchivedImage> images = new LinkedHashMap<>();
  private final Map<String, ArchivedImage> awaited = new LinkedHashMap<>();
  private final List<Descriptor> unnamed = new ArrayList<>();
  private final Set<ArchivedImage> unqualified = new LinkedHashSet<>();
  private final Map<Digest, String> tags = new HashMap<>();
  private final Path archive;
  private int indexFaults;

  @GuardedBy("this")
  private @Nullable NearNames near;

  /**
   * @param blobs what is in the volumes that were given
   */
  ImageNames(List<ArchiveVolume> volumes, VolumeSet set, Set<Digest> blobs) {
    this.archive = volumes.getFirst().path();
    for (Inventory archive : set.archives()) {
      addListed(archive, !set.isBase(archive), blobs);
      indexFaults += faults(archive, volumes, set.isWhole(archive));
    }
    for (ArchiveVolume volume : volumes) {
      if (volume.inventory().isEmpty()) {
        addForeign(volume.scan().index());
      }
    }
  }

  /** The images of which there is a manifest. */
  List<ArchivedImage> present() {
    return List.copyOf(images.values());
  }

  /** The images of the archive itself that are altogether in volumes that were not given. */
  List<ArchivedImage> awaited() {
    return List.copyOf(awaited.values());
  }

  /** What has no full name. */
  List<Descriptor> unnamed() {
    return List.copyOf(unnamed);
  }

  /** The images whose names have no registry. */
  List<ArchivedImage> unqualified() {
    return List.copyOf(unqualified);
  }

  /** Gives one of {@link #unqualified} another name; whether that is free. */
  boolean rename(ArchivedImage image, Reference name) {
    images.remove(key(image.name()), image);
    return name(name, image.descriptor());
  }

  /** The tag that the index gives to something that has no full name. */
  Optional<String> tagOf(Digest digest) {
    return Optional.ofNullable(tags.get(digest));
  }

  /**
   * Names something that has none, before anybody else looks at the names; whether the name is
   * free.
   */
  boolean name(Reference name, Descriptor image) {
    ArchivedImage named = new ArchivedImage(name, image);
    ArchivedImage other = images.putIfAbsent(key(name), named);
    unnamed.remove(image);
    return other == null || other.equals(named);
  }

  /** The first of the files, for messages. */
  Path archive() {
    return archive;
  }

  /** What a name stands for, be it here or awaited. */
  Optional<Descriptor> find(Reference image) {
    String key = key(image);
    return Optional.ofNullable(images.getOrDefault(key, awaited.get(key)))
        .map(ArchivedImage::descriptor);
  }

  /** Whether a name stands for the manifest with that digest. */
  boolean isTop(Digest digest) {
    return images.values().stream().anyMatch(image -> image.descriptor().digest().equals(digest));
  }

  /** Whether a name stands for that digest, and is altogether in volumes that were not given. */
  boolean isAwaited(Reference image, Digest digest) {
    ArchivedImage found = awaited.get(key(image));
    return found != null && found.descriptor().digest().equals(digest);
  }

  /** An image that is not found, in words, with what those of nearly its name are called. */
  String describe(Reference image) {
    List<String> found =
        find(image).isPresent()
            ? List.of()
            : near().of(image).stream().map(Reference::toString).toList();
    return "image " + image + (found.isEmpty() ? "" : ": it has " + String.join(", ", found));
  }

  private synchronized NearNames near() {
    if (near == null) {
      near =
          new NearNames(
              Stream.concat(images.values().stream(), awaited.values().stream())
                  .map(ArchivedImage::name)
                  .toList());
    }
    return near;
  }

  /** How many images an index.json has lost or names otherwise than the inventory. */
  int indexFaults() {
    return indexFaults;
  }

  private void addListed(Inventory archive, boolean newest, Set<Digest> blobs) {
    for (Inventory.Image listed : archive.images()) {
      String key = key(listed.name());
      boolean own = listed.base().filter(b -> !archive.continues().contains(b)).isEmpty();
      if (own && !images.containsKey(key)) {
        ArchivedImage image = new ArchivedImage(listed.name(), listed.descriptor());
        if (blobs.contains(listed.descriptor().digest())) {
          images.put(key, image);
        } else if (newest) {
          awaited.put(key, image);
        }
      }
    }
  }

  /** In a delta on top of another tool's archive, a name means what the delta says. */
  private void addForeign(LayoutIndex index) {
    for (ArchivedImage image : index.named()) {
      if (!awaited.containsKey(key(image.name()))) {
        images.putIfAbsent(key(image.name()), image);
      }
    }
    unnamed.addAll(index.unnamed());
    index.unqualified().stream()
        .filter(image -> image.equals(images.get(key(image.name()))))
        .forEach(unqualified::add);
    index.tags().forEach(tags::putIfAbsent);
  }

  /**
   * Compares the indexes with the inventory. Only all volumes together name all images: each names
   * those that are complete with it.
   */
  private static int faults(Inventory archive, List<ArchiveVolume> volumes, boolean whole) {
    Map<String, Digest> listed = new HashMap<>();
    for (Inventory.Image image : archive.images()) {
      if (image.base().isEmpty()) {
        listed.put(key(image.name()), image.descriptor().digest());
      }
    }
    int strange = 0;
    for (ArchiveVolume volume : volumes) {
      if (volume.inventory().filter(own -> own.id().equals(archive.id())).isPresent()) {
        strange += volume.scan().index().unnamed().size();
        for (ArchivedImage image : volume.scan().index().named()) {
          if (!listed.remove(key(image.name()), image.descriptor().digest())) {
            strange++;
          }
        }
      }
    }
    return whole ? Math.max(strange, listed.size()) : strange;
  }

  /** Under one key there is one image, with or without a digest beside the tag. */
  static String key(Reference image) {
    return image.repository() + " " + image.storeName();
  }
}
