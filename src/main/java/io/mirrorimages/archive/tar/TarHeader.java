package io.mirrorimages.archive.tar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The header blocks of regular files. They depend on name and size only: no time, no owner, so that
 * the same plan gives the same bytes. Sizes from 8 GiB on are base-256 numbers, names of 100 bytes
 * or more (sha512 blobs) get a PAX header.
 */
public final class TarHeader {
  private static final int MODE = 0644;

  private TarHeader() {}

  /** All header blocks of an entry whose data has {@code size} bytes. */
  public static byte[] of(String name, long size) {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    entry.setMode(MODE);
    entry.setModTime(0L);
    entry.setIds(0, 0);
    entry.setNames("", "");
    ByteArrayOutputStream header = new ByteArrayOutputStream(Region.BLOCK);
    // Never closed: it would ask for the data.
    TarArchiveOutputStream tar = new TarArchiveOutputStream(header, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    try {
      tar.putArchiveEntry(entry);
      tar.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return header.toByteArray();
  }
}
