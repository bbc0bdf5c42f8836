package io.mirrorimages.archive;

import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.ImageTarget.BlobUpload;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** One blob on its way into its region; holds the region's lock from its making to its close. */
final class RegionUpload implements BlobUpload {
  /** Large enough that the system calls do not count beside the hashing. */
  private static final int BUFFER = 256 * 1024;

  private final ArchiveWriter archive;
  private final Digest digest;
  private final Slot slot;
  private final boolean mounted;
  private boolean closed;

  RegionUpload(ArchiveWriter archive, Digest digest, Slot slot) {
    this.archive = archive;
    this.digest = digest;
    this.slot = slot;
    slot.lock().lock();
    this.mounted = slot.isComplete();
  }

  @Override
  public boolean mounted() {
    return mounted;
  }

  @Override
  public void send(InputStream content) throws IOException {
    if (mounted || closed) {
      throw new IllegalStateException("nothing to send");
    }
    long size = slot.region().size();
    byte[] buffer = new byte[(int) Math.min(BUFFER, Math.max(1, size))];
    long sent = 0;
    while (sent < size) {
      int read = content.readNBytes(buffer, 0, (int) Math.min(buffer.length, size - sent));
      if (read == 0) {
        throw new EOFException(digest + " ended after " + sent + " of " + size + " bytes");
      }
      archive.write(buffer, read, slot.region().data() + sent);
      sent += read;
    }
    if (content.read() >= 0) {
      throw new MirrorException(
          Reason.CORRUPT, digest + " has more than the " + size + " bytes its manifest says");
    }
    archive.complete(digest, slot);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      slot.lock().unlock();
    }
  }
}
