package io.mirrorimages.archive.tar;

/**
 * Hands out the places of entries one after the other, and so knows a tar's size before it is
 * written. Not thread-safe.
 */
public final class TarLayout {
  /** Two blocks of zeros say that a tar is complete. */
  public static final int END_MARKER = 2 * Region.BLOCK;

  private long end;

  /**
   * The place of the next entry; {@link ArithmeticException} if the tar would be longer than 2^63
   * bytes.
   */
  public Region append(String name, long size) {
    Region region = new Region(end, TarHeader.of(name, size).length, size);
    Math.addExact(region.end(), END_MARKER);
    end = region.end();
    return region;
  }

  /** The size of the whole file in bytes. */
  public long size() {
    return end + END_MARKER;
  }
}
