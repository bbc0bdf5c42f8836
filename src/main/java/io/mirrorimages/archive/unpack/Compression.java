package io.mirrorimages.archive.unpack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.mirrorimages.archive.file.PositionalFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.SeekableXZInputStream;
import org.tukaani.xz.XZInputStream;

/** How a file is compressed. All of them may consist of several members, frames or streams. */
enum Compression {
  /** RFC 1952. Refuses what follows the last member. */
  GZIP("gzip", "1f8b") {
    @Override
    InputStream open(InputStream in, Path work) throws IOException {
      return GzipCompressorInputStream.builder()
          .setInputStream(in)
          .setDecompressConcatenated(true)
          .setBufferSize(BUFFER)
          .get();
    }

    // That of the last member, modulo 4 GiB.
    @Override
    long leastSize(PositionalFile file, Path work) throws IOException {
      long size = file.size();
      return size < GZIP_LEAST
          ? 0
          : Integer.toUnsignedLong(
              ByteBuffer.wrap(file.readFully(size - Integer.BYTES, Integer.BYTES))
                  .order(ByteOrder.LITTLE_ENDIAN)
                  .getInt());
    }
  },

  /** RFC 8878, with windows of up to 128 MiB. */
  ZSTD("zstd", "28b52ffd") {
    @Override
    InputStream open(InputStream in, Path work) throws IOException {
      ZstdLibrary.load(work);
      return new ZstdInputStreamNoFinalizer(in).setLongMax(ZSTD_WINDOW_LOG);
    }

    @Override
    boolean needsMoreMemory(IOException failure) {
      return failure instanceof ZstdIOException zstd
          && zstd.getErrorCode() == Zstd.errFrameParameterWindowTooLarge();
    }

    // That of the first frame, if it is told.
    @Override
    long leastSize(PositionalFile file, Path work) throws IOException {
      ZstdLibrary.load(work);
      int length = (int) Math.min(ZSTD_HEADER, file.size());
      return Math.max(0, Zstd.getFrameContentSize(file.readFully(0, length)));
    }
  },

  /** The .xz file format, with dictionaries of up to 128 MiB. */
  XZ("xz", "fd377a585a00") {
    @Override
    InputStream open(InputStream in, Path work) throws IOException {
      return new XZInputStream(in, XZ_MEMORY_KIB);
    }

    @Override
    boolean needsMoreMemory(IOException failure) {
      return failure instanceof MemoryLimitException;
    }

    // From the indexes at the ends of the streams, which tell all of it.
    @Override
    long leastSize(PositionalFile file, Path work) throws IOException {
      try (SeekableXZInputStream xz =
          new SeekableXZInputStream(new FileStream(file), XZ_MEMORY_KIB)) {
        return xz.length();
      }
    }
  };

  private static final int BUFFER = 128 * 1024;
  private static final int GZIP_LEAST = 18;
  private static final int ZSTD_WINDOW_LOG = 27;

  /** More than the header of a frame has. */
  private static final int ZSTD_HEADER = 18;

  /** A dictionary of 128 MiB, and what is needed beside it. */
  private static final int XZ_MEMORY_KIB = 130 * 1024;

  private static final int LONGEST_MAGIC = 6;

  private final String title;
  private final String magic;

  Compression(String title, String magic) {
    this.title = title;
    this.magic = magic;
  }

  /** As in {@code a gzip file}. */
  String title() {
    return title;
  }

  /** By the first bytes of {@code file}; empty if it is not compressed in one of these ways. */
  static Optional<Compression> of(PositionalFile file) throws IOException {
    return of(file, 0);
  }

  /** The same of a part of it, which begins at {@code position}. */
  static Optional<Compression> of(PositionalFile file, long position) throws IOException {
    int length = (int) Math.min(LONGEST_MAGIC, file.size() - position);
    String start = HexFormat.of().formatHex(file.readFully(position, length));
    for (Compression compression : values()) {
      if (start.startsWith(compression.magic)) {
        return Optional.of(compression);
      }
    }
    return Optional.empty();
  }

  /**
   * The decompressed bytes; checksums are verified where the file has them. The caller closes it.
   *
   * @param work where a native library may be put for a moment
   */
  abstract InputStream open(InputStream in, Path work) throws IOException;

  /** Whether {@code failure} says that the file asks for more memory than is allowed. */
  boolean needsMoreMemory(IOException failure) {
    return false;
  }

  /**
   * How many bytes it is decompressed at least, as the file claims; 0 if it does not tell.
   *
   * @param work as of {@link #open}
   */
  abstract long leastSize(PositionalFile file, Path work) throws IOException;
}
