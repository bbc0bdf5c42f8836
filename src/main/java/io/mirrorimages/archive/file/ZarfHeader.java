package io.mirrorimages.archive.file;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What zarf writes before the parts of a file that it splits, as {@code x.part000} (its
 * src/internal/split/split.go).
 *
 * @param file where it stands
 * @param count how many parts there are behind it
 * @param bytes how many bytes they have together
 */
record ZarfHeader(Path file, int count, long bytes) {
  private static final int LARGEST = 4096;

  /** {@link FailureKind#CORRUPT} if the file is something else. */
  static ZarfHeader read(Path file) throws IOException {
    if (Files.size(file) <= LARGEST) {
      try {
        JsonNode header = Json.parse(Files.readAllBytes(file), "");
        int count = header.path("Count").asInt(0);
        if (count > 0) {
          return new ZarfHeader(file, count, header.path("Bytes").asLong(-1));
        }
      } catch (InvalidContentException e) {
        // Said below.
      }
    }
    throw new TransferException(
        FailureKind.CORRUPT,
        file
            + " does not say how many parts there are, as zarf writes there: join the parts with"
            + " cat, and give the whole");
  }

  /**
   * The parts.
   *
   * @param all this file and those behind it, without gaps
   * @throws TransferException {@link FailureKind#FILE_MISSING} if the last ones are not there;
   *     {@link FailureKind#CORRUPT} if there are too many, or they are not whole
   */
  List<Path> partsOf(List<Path> all) throws IOException {
    List<Path> parts = all.subList(1, all.size());
    if (parts.size() < count) {
      throw new TransferException(
          FailureKind.FILE_MISSING,
          "%s says that there are %d parts, and there are %d: put all parts into one folder"
              .formatted(file, count, parts.size()));
    }
    long found = 0;
    for (Path part : parts) {
      found += Files.size(part);
    }
    if (parts.size() > count || found != bytes) {
      throw new TransferException(
          FailureKind.CORRUPT,
          "%s says that there are %d parts of %d bytes together, and there are %d of %d: copy all again and compare checksums"
              .formatted(file, count, bytes, parts.size(), found));
    }
    return parts;
  }
}
