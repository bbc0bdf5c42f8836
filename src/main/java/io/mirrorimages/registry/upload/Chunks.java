package io.mirrorimages.registry.upload;

/**
 * How large blobs are cut for their upload.
 *
 * @param threshold from how many bytes on a blob goes up in chunks; smaller ones go by one PUT
 * @param size how many bytes a chunk has, but for the last; 1 or more. A registry that asks for
 *     larger ones gets them
 */
public record Chunks(long threshold, long size) {
  /** From 64 MiB on in chunks of 32 MiB, which cost next to nothing beside one long request. */
  public static final Chunks DEFAULT = of(32L << 20);

  /** Checks the bounds. */
  public Chunks {
    if (size < 1) {
      throw new IllegalArgumentException("chunks of " + size + " bytes");
    }
  }

  /** Chunks of {@code size} bytes, for blobs that make two of them. */
  public static Chunks of(long size) {
    return new Chunks(2 * size, size);
  }
}
