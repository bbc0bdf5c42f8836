package io.mirrorimages.mirror;

/**
 * How many bytes of layers and configs crossed a line; what is read from or written to this machine
 * only counts nowhere. Each byte counts in one of the three, and once for each line it crossed.
 *
 * @param downloaded bytes from a registry, the first time
 * @param uploaded bytes to a registry, the first time
 * @param retransmitted bytes that crossed either line again
 */
public record ByteCounts(long downloaded, long uploaded, long retransmitted) {
  /** No bytes. */
  public static final ByteCounts NONE = new ByteCounts(0, 0, 0);

  /** Both together. */
  public ByteCounts plus(ByteCounts other) {
    return new ByteCounts(
        downloaded + other.downloaded,
        uploaded + other.uploaded,
        retransmitted + other.retransmitted);
  }

  /** The same with {@code bytes} more in one direction. */
  public ByteCounts plus(Direction direction, long bytes) {
    return switch (direction) {
      case DOWNLOADED -> new ByteCounts(downloaded + bytes, uploaded, retransmitted);
      case UPLOADED -> new ByteCounts(downloaded, uploaded + bytes, retransmitted);
      case RETRANSMITTED -> new ByteCounts(downloaded, uploaded, retransmitted + bytes);
    };
  }
}
