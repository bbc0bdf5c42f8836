package io.mirrorimages.archive.read;

import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which volumes were given, in any order, of which archives: one or several, deltas and what they
 * are on top of.
 */
final class VolumeSet {
  /** By archive id, as they were given, but deltas before their bases. */
  private final Map<String, Inventory> archives = new LinkedHashMap<>();

  private final Map<String, TreeSet<Integer>> given = new HashMap<>();

  /** The ids that deltas call archives of other tools by, which have no inventory. */
  private final Set<String> foreign = new HashSet<>();

  private final boolean ofSet;

  /**
   * {@link FailureKind#CORRUPT} if a volume is there twice, or does not belong to the others; the
   * message names the files.
   */
  VolumeSet(List<ArchiveVolume> volumes) throws TransferException {
    Map<String, Path> seen = new HashMap<>();
    this.ofSet = volumes.stream().anyMatch(volume -> volume.files().isOfSet());
    for (ArchiveVolume volume : volumes) {
      if (volume.inventory().isEmpty()) {
        continue;
      }
      Inventory inventory = volume.inventory().get();
      Path twin = seen.putIfAbsent(inventory.id() + " " + inventory.volume(), volume.path());
      if (twin != null) {
        throw volume
            .errors()
            .corrupt(
                "is volume %d of %d of archive %s, and so is %s: give one of them"
                    .formatted(inventory.volume(), inventory.volumes(), inventory.id(), twin));
      }
      Inventory known = archives.putIfAbsent(inventory.id(), inventory);
      if (known != null && known.volumes() != inventory.volumes()) {
        throw volume
            .errors()
            .corrupt(
                "says that archive %s has %d volumes, others say %d: copy it again"
                    .formatted(inventory.id(), inventory.volumes(), known.volumes()));
      }
      if (known != null && !known.isOfSameArchive(inventory)) {
        throw volume
            .errors()
            .corrupt(
                "says of archive %s what its other volumes do not say: give volumes of one run of save"
                    .formatted(inventory.id()));
      }
      given.computeIfAbsent(inventory.id(), id -> new TreeSet<>()).add(inventory.volume());
    }
    order();
    checkParts();
    for (ArchiveVolume volume : volumes) {
      if (volume.inventory().isEmpty()) {
        foreign.add(InventoryBuilder.id(volume.scan().index().named()));
      }
    }
  }

  /** Whether other files, as of oc-mirror, may have what these lack. */
  boolean isOfSet() {
    return ofSet;
  }

  /** Puts each archive behind all that are on top of it. */
  private void order() {
    List<Inventory> left = new ArrayList<>(archives.values());
    archives.clear();
    while (!left.isEmpty()) {
      Inventory next =
          left.stream()
              .filter(one -> left.stream().noneMatch(other -> isOnTop(other, one)))
              .findFirst()
              // Two that claim to be on top of each other: whichever.
              .orElse(left.getFirst());
      left.remove(next);
      archives.put(next.id(), next);
    }
  }

  @SuppressWarnings("ReferenceEquality") // One archive is not on top of itself.
  private static boolean isOnTop(Inventory delta, Inventory base) {
    return delta != base && (delta.isBasedOn(base.id()) || delta.continues().contains(base.id()));
  }

  /** Whether another one that was given leaves out what it has. */
  boolean isBase(Inventory archive) {
    return archives.values().stream().anyMatch(other -> other.isBasedOn(archive.id()));
  }

  /** Whether volumes of a later part were given, which say more of the whole. */
  private boolean isContinued(Inventory archive) {
    return archives.values().stream().anyMatch(other -> other.continues().contains(archive.id()));
  }

  /** Of each archive the newest part that was given: it describes all before it. */
  private List<Inventory> newest() {
    return archives.values().stream().filter(archive -> !isContinued(archive)).toList();
  }

  /**
   * The volumes of a part come after those of the parts before it, and what it says of their images
   * is what they say.
   */
  private void checkParts() throws TransferException {
    for (Inventory later : archives.values()) {
      for (String id : later.continues()) {
        Inventory earlier = archives.get(id);
        if (earlier != null && !isPart(earlier, later)) {
          throw new TransferException(
              FailureKind.CORRUPT,
              "archive %s says that it continues %s, which contradicts it: give volumes of one archive"
                  .formatted(later.id(), id));
        }
      }
    }
  }

  private boolean isPart(Inventory earlier, Inventory later) {
    Map<Reference, Digest> own = new HashMap<>();
    earlier.images().stream()
        .filter(image -> image.base().isEmpty())
        .forEach(image -> own.put(image.name(), image.descriptor().digest()));
    return !earlier.continues().contains(later.id())
        && earlier.volumes() < Objects.requireNonNull(given.get(later.id())).first()
        && later.images().stream()
            .filter(image -> image.base().equals(Optional.of(earlier.id())))
            .allMatch(
                image -> {
                  Digest digest = image.descriptor().digest();
                  return own.getOrDefault(image.name(), digest).equals(digest);
                });
  }

  /** Whether an archive that was given has all that was wanted of one made for {@code key}. */
  boolean isMadeFor(String key) {
    Inventory newest = archives().getFirst();
    return parts(newest).anyMatch(part -> part.isMadeFor(key, newest.id()));
  }

  /** Whether an archive that was given says that it lacks some of what was wanted of it. */
  boolean lacksWanted() {
    return newest().stream()
        .anyMatch(archive -> parts(archive).allMatch(part -> part.purpose().isEmpty()));
  }

  /** The archive itself, and the parts before it that were given. */
  private Stream<Inventory> parts(Inventory archive) {
    return archives.values().stream()
        .filter(part -> part.id().equals(archive.id()) || archive.continues().contains(part.id()));
  }

  /** What the archives say of themselves, deltas before their bases, later parts before earlier. */
  List<Inventory> archives() {
    return List.copyOf(archives.values());
  }

  /** Volumes of the archive that were given, those of the parts before it too. */
  private Set<Integer> given(Inventory archive) {
    Set<Integer> all = new TreeSet<>(Objects.requireNonNull(given.get(archive.id())));
    for (String part : archive.continues()) {
      all.addAll(given.getOrDefault(part, new TreeSet<>()));
    }
    return all;
  }

  /** Whether all volumes of an archive are there, those of the parts before it too. */
  boolean isWhole(Inventory archive) {
    return given(archive).size() == archive.volumes();
  }

  /** The volumes that are missing, in words; empty if none is. */
  List<String> missing() {
    return inWords(false);
  }

  /** The volumes that are there of archives of which others are missing, in words. */
  List<String> incomplete() {
    return inWords(true);
  }

  private List<String> inWords(boolean there) {
    List<String> words = new ArrayList<>();
    for (Inventory archive : newest()) {
      Set<Integer> known = given(archive);
      if (!isWhole(archive)) {
        IntStream.rangeClosed(1, archive.volumes())
            .filter(number -> known.contains(number) == there)
            .mapToObj(number -> name(archive, number))
            .forEach(words::add);
      }
    }
    return words;
  }

  /** The archives that others are on top of and that were not given, in words. */
  List<String> missingBases() {
    Set<String> words = new TreeSet<>();
    for (Inventory archive : archives.values()) {
      for (Inventory.Blob blob : archive.blobs()) {
        blob.base()
            .filter(base -> !archives.containsKey(base) && !foreign.contains(base))
            .ifPresent(base -> words.add(base(archive, base)));
      }
    }
    return List.copyOf(words);
  }

  private static String base(Inventory archive, String id) {
    return Optional.ofNullable(archive.names().get(id))
        .map(name -> "%s (%s)".formatted(Text.quote(name), id))
        .orElse("archive " + id);
  }

  /** Where a blob is that none of the given files has. */
  String whereIs(Inventory archive, Inventory.Blob blob) {
    return blob.base()
        .map(
            base ->
                "the archive that this one was saved on top of (%s%s)"
                    .formatted(
                        Optional.ofNullable(archive.names().get(base))
                            .map(name -> Text.quote(name) + ", ")
                            .orElse(""),
                        base))
        .orElseGet(() -> name(archive, blob.volume()));
  }

  private String name(Inventory archive, int number) {
    String name = "volume %d of %d".formatted(number, archive.volumes());
    return newest().size() == 1 ? name : name + " of archive " + archive.id();
  }
}
