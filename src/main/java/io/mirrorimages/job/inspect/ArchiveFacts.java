package io.mirrorimages.job.inspect;

import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.read.ArchivedFile;
import io.mirrorimages.archive.read.InventoryFile;
import io.mirrorimages.image.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of an archive as a whole. An archive itself has no date and no version of the tool:
 * the same plan gives the same bytes.
 *
 * @param files what was given
 * @param written when the file that was written last was written
 * @param archives the archives that save made, in the order in which they were given; empty if
 *     another tool made it
 * @param bases what those are on top of
 * @param held bytes of the archives' own images that are in the files
 * @param needed bytes of them that are in bases which were not given
 */
public record ArchiveFacts(
    List<ArchivedFile> files,
    Instant written,
    List<Saved> archives,
    List<Base> bases,
    long held,
    long needed) {

  /** Copies the lists. */
  public ArchiveFacts {
    files = List.copyOf(files);
    archives = List.copyOf(archives);
    bases = List.copyOf(bases);
  }

  /**
   * An archive that save made.
   *
   * @param id its 16 hexadecimal digits
   * @param given the number of its volumes that were given
   * @param volumes the number of all its volumes
   */
  public record Saved(String id, int given, int volumes) {}

  /**
   * An archive that another one is a delta of.
   *
   * @param id its 16 hexadecimal digits
   * @param file what its file was called; empty if that is not known
   * @param written when that file was written, if it is beside the delta
   * @param given whether it is among the files
   */
  public record Base(String id, Optional<String> file, Optional<Instant> written, boolean given) {}

  /** Reads them; no manifest is read. */
  public static ArchiveFacts of(ArchiveReader archive) throws IOException {
    List<ArchivedFile> files = archive.files();
    Map<String, Inventory> inventories = new LinkedHashMap<>();
    Map<String, Integer> given = new LinkedHashMap<>();
    Instant written = Instant.EPOCH;
    for (ArchivedFile file : files) {
      file.inventory().ifPresent(i -> inventories.putIfAbsent(i.id(), i));
      file.inventory().ifPresent(i -> given.merge(i.id(), 1, Integer::sum));
      Instant time = Files.getLastModifiedTime(dated(file.path())).toInstant();
      written = time.isAfter(written) ? time : written;
    }
    List<Saved> saved =
        inventories.values().stream()
            .map(i -> new Saved(i.id(), given.getOrDefault(i.id(), 0), i.volumes()))
            .toList();
    Path first = files.getFirst().path();
    Map<String, Base> bases = new LinkedHashMap<>();
    for (Inventory inventory : inventories.values()) {
      for (String id : basesOf(inventory)) {
        bases.putIfAbsent(id, base(id, inventory, first, inventories.containsKey(id)));
      }
    }
    Sums sums = new Sums(archive);
    inventories.values().forEach(sums::add);
    return new ArchiveFacts(
        files, written, saved, new ArrayList<>(bases.values()), sums.held, sums.needed);
  }

  /** A folder's own time changes with each file in it. */
  private static Path dated(Path path) {
    Path index = path.resolve("index.json");
    return Files.exists(index) ? index : path;
  }

  private static List<String> basesOf(Inventory inventory) {
    return inventory.blobs().stream()
        .flatMap(blob -> blob.base().stream())
        .filter(id -> !inventory.continues().contains(id))
        .distinct()
        .toList();
  }

  private static Base base(String id, Inventory delta, Path file, boolean given) {
    Optional<String> name = Optional.ofNullable(delta.names().get(id));
    return new Base(
        id, name, name.flatMap(other -> written(file.resolveSibling(other), id)), given);
  }

  /** Another file may have that name by now. */
  private static Optional<Instant> written(Path file, String id) {
    try {
      return Files.isRegularFile(file) && InventoryFile.read(file).id().equals(id)
          ? Optional.of(Files.getLastModifiedTime(file).toInstant())
          : Optional.empty();
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Adds up the contents of images, each digest once. */
  private static final class Sums {
    private final ArchiveReader archive;
    private final Set<Digest> seen = new HashSet<>();
    private long held;
    private long needed;

    Sums(ArchiveReader archive) {
      this.archive = archive;
    }

    void add(Inventory inventory) {
      Map<Digest, Inventory.Blob> blobs = inventory.byDigest();
      inventory
          .ownImages()
          .flatMap(image -> image.contents().stream())
          .filter(seen::add)
          .map(blobs::get)
          .forEach(this::add);
    }

    private void add(Inventory.Blob blob) {
      Optional<Long> size = archive.size(blob.digest());
      if (size.isPresent()) {
        held += size.get();
      } else if (blob.base().isPresent()) {
        needed += blob.size();
      }
    }
  }
}
