package io.mirrorimages.mirror.port;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The ability of an upload that can continue one that was interrupted. By one thread. */
public interface ResumableUpload {
  /**
   * How many of the blob's first bytes the target kept from an upload that was interrupted: 0 up to
   * its size. That they are the right ones is a claim like any other. A caller that does not ask
   * sends the whole blob.
   */
  long kept() throws IOException;

  /**
   * The bytes that were {@link #kept}, to be hashed again; empty if the target does not show them
   * before the blob is whole. The caller closes the stream.
   */
  Optional<InputStream> keptBytes() throws IOException;

  /** Throws away what was kept, because it is not the beginning of the blob. */
  void discard() throws IOException;

  /** The ability of {@code upload}, or that of an upload that always begins at the first byte. */
  static ResumableUpload of(BlobUpload upload) {
    return upload.ability(ResumableUpload.class).orElse(FromTheStart.INSTANCE);
  }

  /** An upload that keeps nothing. */
  enum FromTheStart implements ResumableUpload {
    /** The one there is. */
    INSTANCE;

    @Override
    public long kept() {
      return 0;
    }

    @Override
    public Optional<InputStream> keptBytes() {
      return Optional.empty();
    }

    @Override
    public void discard() {}
  }
}
