package io.mirrorimages.job.carry;

import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.archive.file.Checksums;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Which files of an archive go on which stick.
 *
 * @param names what the archive is called
 * @param tool what is carried with it, on the first stick
 * @param volumes its files, in their order
 * @param stickSize the bytes of a stick, as it is sold; empty to have each volume on its own
 */
public record CarrySheet(
    ArchiveFileNames names, List<Volume> tool, List<Volume> volumes, OptionalLong stickSize) {
  /** FAT32 has files of up to 4 GiB less a byte. */
  public static final long LARGEST_ON_FAT32 = 4_294_967_295L;

  /** What a file system needs for itself, in percent of the stick. */
  private static final int RESERVED = 2;

  /** Copies the lists. */
  public CarrySheet {
    tool = List.copyOf(tool);
    volumes = List.copyOf(volumes);
  }

  /**
   * One file.
   *
   * @param name its name, without folder
   * @param size its bytes
   * @param sha256 the checksum that stands beside it, in hexadecimal digits; empty if none does
   */
  public record Volume(String name, long size, Optional<String> sha256) {}

  /** What is carried on one stick. */
  public record Stick(List<Volume> volumes) {
    /** Copies the list. */
    public Stick {
      volumes = List.copyOf(volumes);
    }

    /** The bytes of its files together. */
    public long size() {
      return volumes.stream().mapToLong(Volume::size).sum();
    }
  }

  /**
   * Reads sizes and checksums of the finished files there are.
   *
   * @param tool files beside the archive that are carried with it
   */
  public static CarrySheet of(ArchiveFileNames names, List<Path> tool, OptionalLong stickSize)
      throws IOException {
    Map<String, String> sums = Checksums.read(names.checksums());
    return new CarrySheet(names, volumes(tool, sums), volumes(names.finished(), sums), stickSize);
  }

  private static List<Volume> volumes(List<Path> files, Map<String, String> sums)
      throws IOException {
    List<Volume> volumes = new ArrayList<>();
    for (Path file : files) {
      String name = file.getFileName().toString();
      volumes.add(new Volume(name, Files.size(file), Optional.ofNullable(sums.get(name))));
    }
    return volumes;
  }

  /** The bytes that fit on a stick of this size, when its file system has what it needs. */
  public static long roomOn(long stickSize) {
    return stickSize / 100 * (100 - RESERVED);
  }

  /** The files of the tool, then those of the archive. */
  public List<Volume> files() {
    return Stream.concat(tool.stream(), volumes.stream()).toList();
  }

  /** The bytes of all files. */
  public long size() {
    return new Stick(files()).size();
  }

  /** Each stick is filled before the next one is begun; a file that fits on none has its own. */
  public List<Stick> sticks() {
    List<Stick> sticks = new ArrayList<>();
    List<Volume> next = new ArrayList<>(tool);
    for (Volume volume : volumes) {
      if (!next.isEmpty() && !fits(volume, next)) {
        sticks.add(new Stick(next));
        next = new ArrayList<>();
      }
      next.add(volume);
    }
    if (!next.isEmpty()) {
      sticks.add(new Stick(next));
    }
    return List.copyOf(sticks);
  }

  /** Without a size, a stick has one volume. */
  private boolean fits(Volume volume, List<Volume> others) {
    return stickSize.isPresent()
        ? new Stick(others).size() + volume.size() <= roomOn(stickSize.getAsLong())
        : tool.containsAll(others);
  }

  /** The files that are larger than a stick of the given size. */
  public List<Volume> tooLarge() {
    return files().stream()
        .filter(volume -> stickSize.isPresent() && volume.size() > roomOn(stickSize.getAsLong()))
        .toList();
  }

  /** The files that FAT32 can't have. */
  public List<Volume> notOnFat32() {
    return files().stream().filter(volume -> volume.size() > LARGEST_ON_FAT32).toList();
  }
}
