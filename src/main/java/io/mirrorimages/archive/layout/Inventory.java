package io.mirrorimages.archive.layout;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What an archive has, without its blobs: enough to tell which volume a blob is in, and to save a
 * delta on top of it. It is in every volume ({@code mirror-images.json}), describes all of them,
 * and can be had as a small file of its own. A claim like every name and size; only hashes count.
 * Immutable.
 *
 * @param id what all volumes of one archive have in common: 16 hexadecimal digits that depend on
 *     its plan alone
 * @param volume which volume this was read from, 1 to {@code volumes}
 * @param volumes how many volumes the archive has
 * @param images the archive's own images in their order, then those that only its bases have; the
 *     base of an image of an earlier part is that part's id
 * @param blobs manifests and other blobs, each digest once
 * @param purpose a hash of what the archive was made for, if it has all of that
 * @param names what the files of its bases were called when it was made, by the bases' ids
 * @param continues the ids of the earlier parts of the archive, oldest first: volumes that were
 *     finished before those of this part were planned, have the numbers before theirs, and are
 *     described here too
 */
public record Inventory(
    String id,
    int volume,
    int volumes,
    List<Image> images,
    List<Blob> blobs,
    Optional<String> purpose,
    Map<String, String> names,
    List<String> continues) {
  /** The largest number of volumes. */
  public static final int MOST_VOLUMES = 10_000;

  private static final int PURPOSE_LENGTH = 32;

  /** Refuses what contradicts itself, with {@link InvalidContentException}. */
  public Inventory {
    images = List.copyOf(images);
    blobs = List.copyOf(blobs);
    names = Map.copyOf(names);
    continues = List.copyOf(continues);
    if (!isId(id) || !continues.stream().allMatch(Inventory::isId)) {
      throw new InvalidContentException("the inventory has no id of 16 hexadecimal digits");
    }
    if (volume < 1 || volume > volumes) {
      throw new InvalidContentException("the inventory is of volume " + volume + " of " + volumes);
    }
    if (volumes > MOST_VOLUMES) {
      throw new InvalidContentException(
          "the inventory is of "
              + volumes
              + " volumes, more than the "
              + MOST_VOLUMES
              + " allowed");
    }
    if (continues.contains(id) || Set.copyOf(continues).size() < continues.size()) {
      throw new InvalidContentException("the inventory is of an archive that continues itself");
    }
    if (continues.size() >= volume) {
      throw new InvalidContentException("the inventory has no volume for each part before it");
    }
    Set<Digest> known = new HashSet<>();
    for (Blob blob : blobs) {
      if (!known.add(blob.digest())) {
        throw new InvalidContentException("the inventory has " + blob.digest() + " twice");
      }
      if (blob.size() < 0
          || (blob.base().isEmpty() && (blob.volume() < 1 || blob.volume() > volumes))) {
        throw new InvalidContentException(
            "the inventory has an impossible size or volume for " + blob.digest());
      }
    }
    for (Image image : images) {
      if (!known.containsAll(image.contents())) {
        throw new InvalidContentException(
            "the inventory does not say where everything of " + image.name() + " is");
      }
    }
  }

  /**
   * An image.
   *
   * @param name its full name
   * @param descriptor its manifest or index
   * @param contents its manifests, configs and layers, as far as they are kept
   * @param base the id of the archive that has it, if it is not this one
   */
  public record Image(
      Reference name, Descriptor descriptor, List<Digest> contents, Optional<String> base) {
    /** Copies the list. */
    public Image {
      contents = List.copyOf(contents);
    }
  }

  /**
   * A manifest, config or layer.
   *
   * @param digest its digest
   * @param size its size in bytes
   * @param volume the volume it is in; a manifest that several volumes need is in those too; 0 if
   *     it is in a base
   * @param base the id of the earlier archive that has it, if it is not in this one
   */
  public record Blob(Digest digest, long size, int volume, Optional<String> base) {}

  /** An inventory without a purpose, without named bases, and without earlier parts. */
  public Inventory(String id, int volume, int volumes, List<Image> images, List<Blob> blobs) {
    this(id, volume, volumes, images, blobs, Optional.empty(), Map.of(), List.of());
  }

  private static boolean isId(String text) {
    return text.matches("[0-9a-f]{16}");
  }

  /** The same, made for {@code key}, and with all that was wanted. */
  public Inventory madeFor(String key) {
    return new Inventory(
        id, volume, volumes, images, blobs, Optional.of(purpose(key)), names, continues);
  }

  /** The same, made for {@code key}, and with all that was wanted together with a later part. */
  public Inventory madeFor(String key, String later) {
    return madeFor(later.equals(id) ? key : key + " " + later);
  }

  /** Whether all is there that was wanted of an archive made for {@code key}. */
  public boolean isMadeFor(String key) {
    return purpose.equals(Optional.of(purpose(key)));
  }

  /** Whether all is there that was wanted, together with a later part. */
  public boolean isMadeFor(String key, String later) {
    return isMadeFor(later.equals(id) ? key : key + " " + later);
  }

  /** Always of the same length, so that it has its place before it is known. */
  private static String purpose(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    return Digest.sha256(bytes).hex().substring(0, PURPOSE_LENGTH);
  }

  /** One line of JSON. */
  public byte[] toJson() {
    return InventoryJson.of(this).bytes();
  }

  /** The same, which knows what its own file was called first, for deltas on top of it to say. */
  public Inventory called(String file) {
    Map<String, String> all = new HashMap<>(names);
    all.putIfAbsent(id, file);
    return new Inventory(id, volume, volumes, images, blobs, purpose, all, continues);
  }

  /** What a delta on top of this archive says of it: the same with nothing of its own. */
  public Inventory asBase() {
    return new Inventory(
        id,
        volume,
        volumes,
        images.stream()
            .map(
                i ->
                    new Image(
                        i.name(), i.descriptor(), i.contents(), i.base().or(() -> Optional.of(id))))
            .toList(),
        blobs.stream()
            .map(b -> new Blob(b.digest(), b.size(), 0, b.base().or(() -> Optional.of(id))))
            .toList(),
        Optional.empty(),
        names,
        List.of());
  }

  /** Whether it says the same of the archive, be it as another volume. */
  public boolean isOfSameArchive(Inventory other) {
    return id.equals(other.id)
        && volumes == other.volumes
        && images.equals(other.images)
        && blobs.equals(other.blobs)
        && purpose.equals(other.purpose)
        && names.equals(other.names)
        && continues.equals(other.continues);
  }

  /** Whether it says that some blobs or images are in the archive {@code other}, its base. */
  public boolean isBasedOn(String other) {
    return !continues.contains(other)
        && (blobs.stream().anyMatch(blob -> blob.base().filter(other::equals).isPresent())
            || images.stream().anyMatch(image -> image.base().filter(other::equals).isPresent()));
  }

  /** The images that the archive itself has a name for, with those of its earlier parts. */
  public Stream<Image> ownImages() {
    return images.stream().filter(i -> i.base().filter(b -> !continues.contains(b)).isEmpty());
  }

  /** All blobs by digest. */
  public Map<Digest, Blob> byDigest() {
    Map<Digest, Blob> byDigest = HashMap.newHashMap(blobs.size());
    blobs.forEach(blob -> byDigest.put(blob.digest(), blob));
    return byDigest;
  }
}
