package io.mirrorimages.job.carry;

import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Files of an archive that an earlier run finished and that have no checksum: their blobs are
 * hashed before a first sum is written, otherwise it could be the sum of damaged bytes.
 */
final class UnsummedFiles {
  private static final int BUFFER = 1024 * 1024;

  private UnsummedFiles() {}

  /**
   * Hashes every blob that the files have.
   *
   * @param files volumes of one archive, or its one file
   * @throws TransferException {@link FailureKind#CORRUPT} if a file can't be read as an archive, or
   *     a blob does not have its digest
   */
  static void check(List<Path> files) throws IOException {
    for (Path file : files) {
      try (ArchiveReader archive = ArchiveReader.open(file)) {
        check(archive, file);
      }
    }
  }

  private static void check(ArchiveReader archive, Path file) throws IOException {
    // The file has each blob for all repositories.
    Repository any = new Repository("localhost", "any");
    byte[] buffer = new byte[BUFFER];
    for (Inventory.Blob blob : archive.inventory().blobs()) {
      Optional<Long> size = archive.size(blob.digest());
      if (size.isPresent()) {
        Descriptor descriptor = new Descriptor("", blob.digest(), size.get());
        MessageDigest hasher = blob.digest().newHasher();
        try (InputStream in = archive.open(any, descriptor, 0)) {
          for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            hasher.update(buffer, 0, read);
          }
        }
        if (!Arrays.equals(hasher.digest(), HexFormat.of().parseHex(blob.digest().hex()))) {
          throw new TransferException(
              FailureKind.CORRUPT,
              file
                  + " is damaged in "
                  + blob.digest()
                  + ", and no checksum of it is written: save it again with "
                  + Setting.OVERWRITE);
        }
      }
    }
  }
}
