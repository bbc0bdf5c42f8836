package io.mirrorimages.archive.tar;

/**
 * The place of one entry in a tar: its header blocks, its data, and the padding up to the next
 * block of 512 bytes.
 *
 * @param header the offset of the first header block
 * @param headerLength the length of all header blocks, extended ones included
 * @param size the length of the data, without padding
 */
public record Region(long header, int headerLength, long size) {
  /** What all headers and contents are padded to, in bytes. */
  public static final int BLOCK = 512;

  /** The offset of the data. */
  public long data() {
    return header + headerLength;
  }

  /** The offset of what follows; {@link ArithmeticException} beyond what a long can count. */
  public long end() {
    return Math.addExact(Math.addExact(data(), size), padding());
  }

  /** How many bytes of padding follow the data, which begins with a block. */
  public int padding() {
    return (int) ((BLOCK - size % BLOCK) % BLOCK);
  }
}
