package io.mirrorimages.archive.read;

import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Which volumes were given, of which archives: those of one archive, in any order, and of the
 * archives it is a delta of.
 */
final class VolumeSet {
  /** By archive id; the archive itself first, then its bases. */
  private final Map<String, Inventory> archives = new LinkedHashMap<>();

  private final Map<String, TreeSet<Integer>> given = new HashMap<>();

  /**
   * {@link Reason#CORRUPT} if a volume is there twice, or does not belong to the others; the
   * message names the files.
   */
  VolumeSet(List<ArchiveVolume> volumes) throws MirrorException {
    Map<String, Path> seen = new HashMap<>();
    for (ArchiveVolume volume : volumes) {
      if (volume.inventory().isEmpty()) {
        if (volumes.size() > 1) {
          throw volume
              .errors()
              .corrupt("is no volume of an archive that save wrote: give it alone");
        }
        return;
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
    checkRelated(volumes);
  }

  /** All but one must be bases, near or far, of that one. */
  private void checkRelated(List<ArchiveVolume> volumes) throws MirrorException {
    for (Inventory newest : List.copyOf(archives.values())) {
      if (archives.keySet().stream()
          .allMatch(id -> id.equals(newest.id()) || newest.isBasedOn(id))) {
        Map<String, Inventory> others = new LinkedHashMap<>(archives);
        others.remove(newest.id());
        archives.clear();
        archives.put(newest.id(), newest);
        archives.putAll(others);
        return;
      }
    }
    ArchiveVolume first = volumes.getFirst();
    String id = first.inventory().orElseThrow().id();
    ArchiveVolume other =
        volumes.stream()
            .filter(volume -> !volume.inventory().orElseThrow().id().equals(id))
            .findFirst()
            .orElseThrow();
    throw new MirrorException(
        Reason.CORRUPT,
        "%s belongs to another archive (%s) than %s (%s): give the volumes of one archive"
            .formatted(other.path(), other.inventory().orElseThrow().id(), first.path(), id));
  }

  /** What the archives say of themselves, the one that is based on the others first. */
  List<Inventory> archives() {
    return List.copyOf(archives.values());
  }

  /** Whether all volumes of an archive are there. */
  boolean isWhole(Inventory archive) {
    return given.get(archive.id()).size() == archive.volumes();
  }

  /** The volumes that are missing, in words; empty if none is. */
  List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (Inventory archive : archives.values()) {
      IntStream.rangeClosed(1, archive.volumes())
          .filter(number -> !given.get(archive.id()).contains(number))
          .mapToObj(number -> name(archive, number))
          .forEach(missing::add);
    }
    return missing;
  }

  /** Where a blob is that none of the given files has. */
  String whereIs(Inventory archive, Inventory.Blob blob) {
    return blob.base()
        .map(base -> "the archive that this one was saved on top of (" + base + ")")
        .orElseGet(() -> name(archive, blob.volume()));
  }

  private String name(Inventory archive, int number) {
    String name = "volume %d of %d".formatted(number, archive.volumes());
    return archives.size() == 1 ? name : name + " of archive " + archive.id();
  }
}
