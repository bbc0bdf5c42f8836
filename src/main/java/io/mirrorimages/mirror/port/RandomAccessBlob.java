package io.mirrorimages.mirror.port;

import io.mirrorimages.mirror.ByteRanges;
import java.io.IOException;

/**
 * Where a blob's bytes can be put in any order, by many threads at once. What is put there counts
 * for nothing before {@link #complete}.
 */
public interface RandomAccessBlob {
  /** What an earlier run put there: a claim, as {@link ResumableUpload#kept}. A copy. */
  ByteRanges kept();

  /** Puts the first {@code length} bytes of {@code buffer} at the blob's byte {@code at}. */
  void write(byte[] buffer, int length, long at) throws IOException;

  /** Reads up to {@code length} bytes, at least one, of what was put at {@code at}. */
  int read(byte[] buffer, int offset, int length, long at) throws IOException;

  /**
   * Notes for a later run that the bytes from {@code from} on, up to but not including {@code to},
   * have been put there.
   */
  void note(long from, long to) throws IOException;

  /** All bytes are there, and are the right ones. */
  void complete() throws IOException;
}
