package io.mirrorimages.registry.upload;

import java.time.Duration;

/**
 * How large blobs are cut for their upload.
 *
 * @param threshold from how many bytes on a blob goes up in chunks; smaller ones go by one PUT
 * @param size how many bytes a chunk has at most, but for the last; 1 or more. A registry that asks
 *     for larger ones gets them
 * @param time how long a request is to take at most, at the rate of those before: what would take
 *     longer is cut smaller
 */
public record Chunks(long threshold, long size, Duration time) {
  private static final Duration ANY = Duration.ofSeconds(Long.MAX_VALUE);

  /** From 64 MiB on in chunks of 32 MiB, which cost next to nothing beside one long request. */
  public static final Chunks DEFAULT = of(32L << 20);

  /** Checks the bounds. */
  public Chunks {
    if (size < 1) {
      throw new IllegalArgumentException("chunks of " + size + " bytes");
    }
  }

  /** Chunks of {@code size} bytes however long they take, for blobs that make two of them. */
  public static Chunks of(long size) {
    return new Chunks(2 * size, size, ANY);
  }

  /** Whether a request may take any time. */
  boolean isUnhurried() {
    return time.equals(ANY);
  }

  /** No request has more than {@code size} bytes, and none takes longer than {@code time}. */
  public static Chunks within(long size, Duration time) {
    return new Chunks(size + 1, size, time);
  }
}
