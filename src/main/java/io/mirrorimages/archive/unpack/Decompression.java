package io.mirrorimages.archive.unpack;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.DiskFull;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.archive.tar.TarScanner;
import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;

/** One way from a compressed file to its copy. For one thread. */
final class Decompression {
  private static final int BUFFER = 256 * 1024;
  private static final int TAR_BLOCK = 512;
  private static final long REPORT_EVERY = Duration.ofSeconds(10).toNanos();
  private static final long SHOW_EVERY = Duration.ofMillis(100).toNanos();

  private final Path path;
  private final PositionalFile file;
  private final Compression compression;
  private final CopyName name;
  private final RunListener listener;
  private final ArchiveErrors errors;

  Decompression(
      Path path,
      PositionalFile file,
      Compression compression,
      CopyName name,
      RunListener listener) {
    this.path = path;
    this.file = file;
    this.compression = compression;
    this.name = name;
    this.listener = listener;
    this.errors = new ArchiveErrors(path);
  }

  /** Compares what the file claims to become with the room; the claim may be too low. */
  void checkRoom() throws IOException {
    long least;
    try {
      least = compression.leastSize(file, work());
    } catch (TransferException e) {
      throw e;
    } catch (IOException e) {
      throw damaged(e);
    }
    long free = DiskFull.room(name.copy());
    if (free < least) {
      throw new TransferException(
          FailureKind.SPACE,
          "%s needs %d bytes unpacked, but %s has only %d free: free some, or name a folder on another disk with %s"
              .formatted(path, least, work(), free, Setting.WORK_DIR));
    }
  }

  /** Writes all of it to {@code out}. */
  void run(FileChannel out) throws IOException {
    Reported reported = new Reported(new FileStream(file), file.size());
    try (InputStream in = open(new BufferedInputStream(reported, BUFFER))) {
      byte[] buffer = new byte[BUFFER];
      int length = readNBytes(in, buffer, TAR_BLOCK);
      if (length < TAR_BLOCK || !TarScanner.isHeader(Arrays.copyOf(buffer, TAR_BLOCK))) {
        throw errors.corrupt(
            "is a "
                + compression.title()
                + " file of something else than a tar: give an archive of images");
      }
      for (int read = length; read >= 0; read = read(in, buffer)) {
        write(out, buffer, read);
        reported.perhaps();
      }
      reported.now();
    }
  }

  private InputStream open(InputStream in) throws IOException {
    try {
      return compression.open(in, work());
    } catch (TransferException e) {
      throw e;
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  private int readNBytes(InputStream in, byte[] buffer, int length) throws IOException {
    try {
      return in.readNBytes(buffer, 0, length);
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  private int read(InputStream in, byte[] buffer) throws IOException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  private IOException damaged(IOException e) {
    if (e instanceof InterruptedIOException) {
      return e;
    }
    if (compression.needsMoreMemory(e)) {
      return errors.corrupt(
          "is compressed with a window over 128 MiB: decompress it first ("
              + compression.title()
              + " -d)");
    }
    return new TransferException(
        FailureKind.CORRUPT,
        path
            + " is damaged or cut off, or has something behind its end ("
            + compression.title()
            + ": "
            + Objects.requireNonNullElse(e.getMessage(), "no end")
            + "): copy it again and compare checksums",
        e);
  }

  private void write(FileChannel out, byte[] buffer, int length) throws IOException {
    try {
      ByteBuffer left = ByteBuffer.wrap(buffer, 0, length);
      while (left.hasRemaining()) {
        out.write(left);
      }
    } catch (IOException e) {
      throw full(DiskFull.explain(e, name.copy()));
    }
  }

  private IOException full(IOException e) {
    return e instanceof TransferException full && full.reason() == FailureKind.SPACE
        ? new TransferException(
            FailureKind.SPACE,
            full.getMessage()
                + " with "
                + Setting.WORK_DIR
                + "; what was unpacked of "
                + path.getFileName()
                + " is deleted",
            full)
        : e;
  }

  private Path work() {
    return OwnFiles.folderOf(name.copy());
  }

  /** Counts what is read of the file, and reports it from time to time. */
  private final class Reported extends FilterInputStream {
    private final long size;
    private long read;
    private long last = System.nanoTime();
    private long shown = last;

    Reported(InputStream in, long size) {
      super(in);
      this.size = size;
      now();
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      read += next < 0 ? 0 : 1;
      return next;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, length);
      read += Math.max(0, count);
      return count;
    }

    void perhaps() {
      long time = System.nanoTime();
      if (time - last >= REPORT_EVERY) {
        now();
      } else if (time - shown >= SHOW_EVERY) {
        shown = time;
        listener.on(new RunEvent.UnpackingAdvanced(path.toString(), read, size));
      }
    }

    void now() {
      last = System.nanoTime();
      listener.on(new RunEvent.Unpacking(path.toString(), name.copy().toString(), read, size));
    }
  }
}
