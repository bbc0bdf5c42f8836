package io.mirrorimages.archive.folder;

import io.mirrorimages.archive.file.DiskFull;
import io.mirrorimages.disk.Fsync;
import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.BulkInputStream;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.ResumableUpload;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** One blob on its way into a folder; holds the blob's lock from its making to its close. */
final class FolderUpload implements BlobUpload, ResumableUpload {
  private static final int BUFFER = 256 * 1024;

  private final FolderBlobs blobs;
  private final Descriptor blob;
  private final Path file;
  private final ReentrantLock lock;
  private final boolean mounted;
  private long begin;
  private boolean closed;

  FolderUpload(FolderBlobs blobs, Descriptor blob) throws IOException {
    this.blobs = blobs;
    this.blob = blob;
    this.file = blobs.incomplete(blob.digest());
    this.lock = blobs.lock(blob.digest());
    lock.lock();
    boolean there = false;
    boolean known = false;
    try {
      there = blobs.has(blob);
      known = true;
    } finally {
      if (!known) {
        close();
      }
    }
    this.mounted = there;
  }

  @Override
  public boolean mounted() {
    return mounted;
  }

  @Override
  public long kept() throws IOException {
    begin = FolderBlobs.size(file).filter(size -> size <= blob.size()).orElse(0L);
    return begin;
  }

  @Override
  public Optional<InputStream> keptBytes() throws IOException {
    return Optional.of(new FilePrefix(OwnFiles.open(file, StandardOpenOption.READ), begin));
  }

  @Override
  public void discard() throws IOException {
    begin = 0;
    OwnFiles.delete(file);
  }

  @Override
  public void send(InputStream content) throws IOException {
    if (mounted || closed) {
      throw new IllegalStateException("nothing to send");
    }
    try {
      blobs.createFolder(file);
      try (FileChannel channel =
          OwnFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        channel.truncate(begin);
        copy(content, channel);
        OwnFiles.step("force", file);
        Fsync.force(channel, false);
      }
      blobs.publish(blob.digest());
    } catch (ClosedByInterruptException e) {
      throw FolderBlobs.interrupted(e);
    } catch (IOException e) {
      throw DiskFull.explain(e, file);
    }
  }

  private void copy(InputStream content, FileChannel channel) throws IOException {
    byte[] buffer = new byte[(int) Math.min(BUFFER, Math.max(1, blob.size()))];
    long there = begin;
    while (there < blob.size()) {
      int read = content.read(buffer, 0, (int) Math.min(buffer.length, blob.size() - there));
      if (read < 0) {
        throw new EOFException(
            blob.digest() + " ended after " + there + " of " + blob.size() + " bytes");
      }
      ByteBuffer left = ByteBuffer.wrap(buffer, 0, read);
      while (left.hasRemaining()) {
        there += channel.write(left, there);
      }
    }
    if (content.read() >= 0) {
      throw new TransferException(
          FailureKind.CORRUPT,
          blob.digest() + " has more than the " + blob.size() + " bytes its manifest says");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      lock.unlock();
    }
  }

  /** The first bytes of the file. */
  private static final class FilePrefix extends BulkInputStream {
    private final FileChannel channel;
    private final long end;
    private long position;

    FilePrefix(FileChannel channel, long end) {
      this.channel = channel;
      this.end = end;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (position == end) {
        return -1;
      }
      int wanted = (int) Math.min(length, end - position);
      try {
        int read = channel.read(ByteBuffer.wrap(buffer, offset, wanted), position);
        position += Math.max(0, read);
        return read;
      } catch (ClosedByInterruptException e) {
        throw FolderBlobs.interrupted(e);
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
