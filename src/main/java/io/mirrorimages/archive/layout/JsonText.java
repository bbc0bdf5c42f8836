package io.mirrorimages.archive.layout;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/**
 * A JSON file of an archive, generated at each use: for 100,000 images its text would be the
 * largest object in memory.
 */
@FunctionalInterface
public interface JsonText {
  /** Writes it, the same bytes each time. May close {@code out}. */
  void writeTo(OutputStream out);

  /** Its length in bytes. */
  default long length() {
    Count count = new Count();
    writeTo(count);
    return count.bytes;
  }

  /** All of it, for files that are small or wanted as a whole. */
  default byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    writeTo(bytes);
    return bytes.toByteArray();
  }

  /** Counts what is written and keeps none of it. */
  final class Count extends OutputStream {
    private long bytes;

    private Count() {}

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
      bytes += length;
    }
  }
}
