package io.mirrorimages.archive.file;

import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The parts that a file was cut into, which are beside each other and named as {@link PartName}
 * says; a file that is whole is its only part. Immutable.
 *
 * @param files at least one, in their order
 */
public record FileParts(List<Path> files) {
  private static final byte[] TAR = "ustar".getBytes(StandardCharsets.US_ASCII);
  private static final int TAR_AT = 257;
  private static final int MAGIC = 4;

  /** Keeps a copy. */
  public FileParts {
    files = List.copyOf(files);
  }

  /**
   * The parts of which {@code file} is one. Files that are archives by themselves, as their
   * beginnings tell, are no parts, whatever their names.
   *
   * @throws TransferException {@link FailureKind#FILE_MISSING} if one in the middle is not there,
   *     {@link FailureKind#CORRUPT} if one is shorter than those before it, or their header says
   *     otherwise
   */
  public static FileParts of(Path file) throws IOException {
    FileParts whole = new FileParts(List.of(file));
    Optional<PartName> name = PartName.parse(file.getFileName());
    if (name.isEmpty() || !Files.isRegularFile(file) || !Files.isReadable(file)) {
      return whole;
    }
    SortedMap<Integer, Path> found = find(file, name.get());
    if ((found.size() == 1 && name.get().canBeAlone()) || areAllArchives(found.values())) {
      return whole;
    }
    Optional<String> missing = name.get().firstMissing(found.keySet());
    if (missing.isPresent()) {
      throw new TransferException(
          FailureKind.FILE_MISSING,
          "%s does not exist, and %s is a part of the same file: put all parts into one folder"
              .formatted(file.resolveSibling(missing.get()), file));
    }
    List<Path> files = List.copyOf(found.values());
    if (name.get().numbering() == PartName.Numbering.ZARF) {
      return new FileParts(ZarfHeader.read(files.getFirst()).partsOf(files));
    }
    FileParts parts = new FileParts(files);
    if (name.get().isEven()) {
      parts.requireEven();
    }
    return parts;
  }

  private static SortedMap<Integer, Path> find(Path file, PartName name) throws IOException {
    SortedMap<Integer, Path> found = new TreeMap<>();
    try (DirectoryStream<Path> folder = Files.newDirectoryStream(OwnFiles.folderOf(file))) {
      for (Path other : folder) {
        Optional<PartName> part = PartName.parse(other.getFileName());
        if (part.isPresent() && part.get().isBeside(name) && Files.isRegularFile(other)) {
          found.put(part.get().number(), file.resolveSibling(other.getFileName()));
        }
      }
    }
    found.put(name.number(), file);
    return found;
  }

  /** Whether one behind the first begins as that does, so that it is no part of it. */
  private static boolean areAllArchives(Collection<Path> files) throws IOException {
    List<Path> all = List.copyOf(files);
    byte[] first = beginning(all.getFirst());
    for (Path file : all.subList(1, all.size())) {
      byte[] other = beginning(file);
      if (isTar(first)
          ? isTar(other)
          : first[0] != 0 && Arrays.equals(first, 0, MAGIC, other, 0, MAGIC)) {
        return true;
      }
    }
    return false;
  }

  private static byte[] beginning(Path file) throws IOException {
    byte[] bytes = new byte[TAR_AT + TAR.length];
    try (PositionalFile opened = PositionalFile.forReading(file)) {
      byte[] read = opened.readFully(0, (int) Math.min(bytes.length, opened.size()));
      System.arraycopy(read, 0, bytes, 0, read.length);
    }
    return bytes;
  }

  private static boolean isTar(byte[] beginning) {
    return Arrays.equals(beginning, TAR_AT, TAR_AT + TAR.length, TAR, 0, TAR.length);
  }

  private void requireEven() throws IOException {
    long size = Files.size(files.getFirst());
    for (Path part : files.subList(1, files.size())) {
      long own = Files.size(part);
      if (own > size || (own < size && !part.equals(files.getLast()))) {
        throw new TransferException(
            FailureKind.CORRUPT,
            "%s has %d bytes, and %s has %d: copy both again and compare checksums"
                .formatted(part, own, files.getFirst(), size));
      }
    }
  }

  /** Opens all parts as one file, for reading; the caller closes it. */
  public PositionalFile open() throws IOException {
    return files.size() == 1 ? PositionalFile.forReading(files.getFirst()) : new JoinedFile(files);
  }

  /**
   * What is said of the whole: if it is not complete and its last part is as long as the others,
   * one more may be missing.
   */
  public TransferException explain(TransferException failure) throws IOException {
    Optional<PartName> last = PartName.parse(files.getLast().getFileName());
    if (failure.reason() != FailureKind.CORRUPT
        || last.isEmpty()
        || !last.get().isEven()
        || (files.size() == 1 && last.get().numbering() != PartName.Numbering.SUFFIX)
        || Files.size(files.getLast()) != Files.size(files.getFirst())) {
      return failure;
    }
    return new TransferException(
        FailureKind.CORRUPT,
        "%s is the last part that is there, and as long as the others: if there was %s, put it beside it; %s"
            .formatted(files.getLast(), last.get().next(), failure.getMessage()),
        failure);
  }
}
