package io.mirrorimages.mirror;

import io.mirrorimages.image.Descriptor;
import java.util.ArrayList;
import java.util.List;

/**
 * How large blobs are fetched in parts.
 *
 * @param atOnce how many parts of one blob at the same time; 1 for none
 * @param least the smallest part that is worth a request of its own, in bytes; a blob of less than
 *     two is fetched as a whole
 */
public record ParallelDownloadPolicy(int atOnce, long least) {
  /**
   * Three seconds at the 5 MB/s that a connection may be limited to: the time to the first byte,
   * redirects included, is small against it.
   */
  private static final long LEAST = 16L * 1024 * 1024;

  /**
   * A part is at most so many times as large as the smallest, so that a slow connection does not
   * keep the whole blob waiting, and what is read back for the hash is still in memory.
   */
  private static final int MOST = 4;

  /** Every blob is fetched as a whole. */
  public static final ParallelDownloadPolicy OFF = of(1);

  /** So many parts at once, of 16 MiB or more. */
  public static ParallelDownloadPolicy of(int atOnce) {
    return new ParallelDownloadPolicy(atOnce, LEAST);
  }

  /** Whether the blob is worth it. */
  public boolean suit(Descriptor blob) {
    return atOnce > 1 && blob.size() / 2 >= least;
  }

  /** The parts to fetch, in their order: equal ones where nothing is there yet. */
  public List<ByteRanges.Range> cut(Descriptor blob, ByteRanges there) {
    long most = Math.clamp((blob.size() + atOnce - 1) / atOnce, least, MOST * least);
    List<ByteRanges.Range> parts = new ArrayList<>();
    for (ByteRanges.Range gap : there.gaps(blob.size())) {
      for (long at = gap.from(); at < gap.to(); at += most) {
        parts.add(new ByteRanges.Range(at, Math.min(at + most, gap.to())));
      }
    }
    return parts;
  }
}
