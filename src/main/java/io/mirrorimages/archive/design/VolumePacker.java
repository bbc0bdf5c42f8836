package io.mirrorimages.archive.design;

import io.mirrorimages.archive.layout.NamedImage;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.PlannedImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Distributes the blobs of a plan over volumes of limited size, each blob once: images that begin
 * with the same layer follow each other, and each goes as a whole into the first volume that has
 * room for what of it is not stored yet, and comes no earlier than what is. Only an image that is
 * larger than a volume is split. A function of its arguments. Not thread-safe.
 */
final class VolumePacker {
  private final StoredBlobs stored;
  private final EntrySize entries;
  private final long capacity;

  private final List<Box> boxes = new ArrayList<>();
  private final Map<Digest, Integer> placed = new HashMap<>();

  private VolumePacker(StoredBlobs stored, EntrySize entries, long capacity) {
    this.stored = stored;
    this.entries = entries;
    this.capacity = capacity;
  }

  /**
   * Packs {@code images} into as few volumes as it can.
   *
   * @param room the bytes of a volume that are left for manifests, blobs, and what the index says
   *     of images, headers and padding counted
   * @param volumeSize the size of a volume in bytes, for the error message
   * @throws TransferException {@link FailureKind#UNSUPPORTED} if a blob is larger than a volume
   */
  static List<Batch> pack(List<NamedImage> images, StoredBlobs stored, long room, long volumeSize)
      throws TransferException {
    EntrySize entries = new EntrySize();
    // Of each volume, kept free for the manifests of images that share its blobs from later ones.
    long reserve = 0;
    while (true) {
      VolumePacker packer = new VolumePacker(stored, entries, room - reserve);
      for (NamedImage image : grouped(images)) {
        packer.place(image, volumeSize);
      }
      long needed = packer.repeatManifests(images);
      if (needed <= reserve) {
        return packer.batches(images);
      }
      // Each round keeps free what the one before it lacked; with all manifests free it ends.
      reserve = Math.max(needed, 2 * reserve);
    }
  }

  /** In plan order, but those that begin with the same layer together, where the first one is. */
  private static List<NamedImage> grouped(List<NamedImage> images) {
    Map<Object, List<NamedImage>> groups = new LinkedHashMap<>();
    for (NamedImage image : images) {
      groups.computeIfAbsent(base(image), k -> new ArrayList<>()).add(image);
    }
    return groups.values().stream().flatMap(List::stream).toList();
  }

  private static Object base(NamedImage image) {
    for (Manifest manifest : image.image().manifests()) {
      if (!manifest.layers().isEmpty()) {
        return manifest.layers().getFirst().digest();
      }
    }
    return image;
  }

  private void place(NamedImage image, long volumeSize) throws TransferException {
    Collection<Digest> all = blobs(image.image());
    List<Digest> fresh = all.stream().filter(blob -> !placed.containsKey(blob)).toList();
    int earliest = all.stream().mapToInt(blob -> placed.getOrDefault(blob, 0)).max().orElse(0);
    long size = fresh.stream().mapToLong(this::entry).sum();
    for (int i = earliest; i < boxes.size(); i++) {
      if (boxes.get(i).fits(size + boxes.get(i).overhead(image))) {
        boxes.get(i).add(image, fresh);
        return;
      }
    }
    Box next = new Box(boxes.size());
    if (next.fits(size + next.overhead(image))) {
      boxes.add(next);
      next.add(image, fresh);
    } else {
      split(image, fresh, earliest, volumeSize);
    }
  }

  /** Fills up what there is, then further volumes, with the blobs of an image one by one. */
  private void split(NamedImage image, List<Digest> fresh, int earliest, long volumeSize)
      throws TransferException {
    int last = earliest;
    for (Digest blob : fresh) {
      int i = 0;
      while (i < boxes.size() && !boxes.get(i).fits(entry(blob) + boxes.get(i).overhead(image))) {
        i++;
      }
      if (i == boxes.size()) {
        Box next = new Box(boxes.size());
        if (!next.fits(entry(blob) + next.overhead(image))) {
          throw tooSmall(image, blob, volumeSize);
        }
        boxes.add(next);
      }
      boxes.get(i).take(image, blob);
      last = Math.max(last, i);
    }
    while (last < boxes.size() && !boxes.get(last).fits(boxes.get(last).overhead(image))) {
      last++;
    }
    if (last == boxes.size()) {
      boxes.add(new Box(last));
    }
    boxes.get(last).add(image, List.of());
  }

  private TransferException tooSmall(NamedImage image, Digest blob, long volumeSize) {
    return new TransferException(
        FailureKind.OPTION,
        ("%s of %s has %d bytes and does not fit, with its manifests, into a volume of %d: give a"
                + " larger %s")
            .formatted(blob, image.name(), stored.size(blob), volumeSize, Setting.VOLUME_SIZE));
  }

  /**
   * Puts the manifests of each image also into the other volumes that have blobs of it.
   *
   * @return the most bytes that this added to a volume
   */
  private long repeatManifests(List<NamedImage> images) {
    long most = 0;
    for (NamedImage image : images) {
      for (Digest blob : blobs(image.image())) {
        Box box = boxes.get(Objects.requireNonNull(placed.get(blob)));
        box.repeated += box.addManifests(image);
        most = Math.max(most, box.repeated);
      }
    }
    return most;
  }

  private List<Batch> batches(List<NamedImage> images) {
    List<Batch> batches = new ArrayList<>();
    for (Box box : boxes) {
      batches.add(
          new Batch(
              images.stream().filter(box.homes::contains).toList(),
              inPlanOrder(stored.manifests(), box.manifests),
              inPlanOrder(stored.blobs(), box.blobs)));
    }
    return batches;
  }

  private static Set<Digest> inPlanOrder(Map<Digest, Long> all, Set<Digest> some) {
    Set<Digest> ordered = new LinkedHashSet<>(all.keySet());
    ordered.retainAll(some);
    return ordered;
  }

  private Collection<Digest> blobs(PlannedImage image) {
    return image.blobs().stream()
        .map(Descriptor::digest)
        .filter(stored.blobs()::containsKey)
        .toList();
  }

  private long entry(Digest digest) {
    return entries.of(digest, stored.size(digest));
  }

  /** A volume on the way. */
  private final class Box {
    private final int number;
    private final Set<NamedImage> homes = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Digest> manifests = new HashSet<>();
    private final Set<Digest> blobs = new HashSet<>();
    private long used;
    private long repeated;

    Box(int number) {
      this.number = number;
    }

    boolean fits(long bytes) {
      return bytes <= capacity - used;
    }

    /** What the image takes beside its blobs. */
    long overhead(NamedImage image) {
      long bytes = homes.contains(image) ? 0 : entries.inIndexes(image);
      for (Manifest manifest : image.image().manifests()) {
        bytes += manifests.contains(manifest.digest()) ? 0 : entry(manifest.digest());
      }
      return bytes;
    }

    void add(NamedImage image, List<Digest> fresh) {
      used += overhead(image);
      homes.add(image);
      image.image().manifests().forEach(manifest -> manifests.add(manifest.digest()));
      fresh.forEach(this::store);
    }

    /** A part of an image, which may or may not be at home here. */
    void take(NamedImage image, Digest blob) {
      used += addManifests(image);
      store(blob);
    }

    private void store(Digest blob) {
      used += entry(blob);
      blobs.add(blob);
      placed.put(blob, number);
    }

    private long addManifests(NamedImage image) {
      long bytes = 0;
      for (Manifest manifest : image.image().manifests()) {
        if (manifests.add(manifest.digest())) {
          bytes += entry(manifest.digest());
        }
      }
      return bytes;
    }
  }
}
