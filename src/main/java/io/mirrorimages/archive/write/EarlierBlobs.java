package io.mirrorimages.archive.write;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.tar.TarScanner;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The blobs of files that an earlier run finished and that have no checksum: they are hashed before
 * a first sum is written, otherwise it could be the sum of damaged bytes.
 */
public final class EarlierBlobs {
  private static final int BUFFER = 1024 * 1024;

  private EarlierBlobs() {}

  /**
   * Hashes every blob of the files.
   *
   * @param files finished archives, or volumes of them
   * @throws TransferException {@link FailureKind#CORRUPT}, naming the file, if a blob does not have
   *     its digest, or the file is no whole tar
   */
  public static void check(List<Path> files) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (Path file : files) {
      try (PositionalFile opened = PositionalFile.forReading(file)) {
        TarScanner tar = new TarScanner(opened, new ArchiveErrors(file));
        for (Optional<FileEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
          FileEntry entry = next.get();
          if (entry.kind() == FileEntry.EntryType.FILE
              && entry.name().startsWith(LayoutNames.BLOBS)) {
            check(opened, entry, buffer, file);
          }
        }
      }
    }
  }

  private static void check(PositionalFile opened, FileEntry entry, byte[] buffer, Path file)
      throws IOException {
    Digest digest =
        Digest.parse(entry.name().substring(LayoutNames.BLOBS.length()).replace('/', ':'));
    MessageDigest hasher = digest.newHasher();
    long end = entry.data() + entry.size();
    for (long at = entry.data(); at < end; ) {
      int read = opened.read(buffer, 0, (int) Math.min(buffer.length, end - at), at);
      if (read <= 0) {
        break;
      }
      hasher.update(buffer, 0, read);
      at += read;
    }
    if (!HexFormat.of().formatHex(hasher.digest()).equals(digest.hex())) {
      throw new TransferException(
          FailureKind.CORRUPT,
          file
              + " is damaged in "
              + digest
              + ", and no checksum of it is written: save it again with "
              + Setting.OVERWRITE);
    }
  }
}
