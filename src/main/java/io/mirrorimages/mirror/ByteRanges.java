package io.mirrorimages.mirror;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which bytes of a blob are there: stretches that neither overlap nor touch. Not thread-safe. */
public final class ByteRanges {
  private final TreeMap<Long, Long> ends = new TreeMap<>();

  /** No bytes. */
  public ByteRanges() {}

  /** The bytes that {@code other} has now. */
  public ByteRanges(ByteRanges other) {
    ends.putAll(other.ends);
  }

  /**
   * A stretch of bytes.
   *
   * @param from the first one, counted from 0
   * @param to the one behind the last
   */
  public record Range(long from, long to) {
    /** How many bytes it has. */
    public long length() {
      return to - from;
    }
  }

  /**
   * Adds the bytes from {@code from} on, up to but not including {@code to}; gives how many of them
   * are new.
   */
  public long add(long from, long to) {
    if (from < 0 || to <= from) {
      return 0;
    }
    long begin = from;
    long end = to;
    long known = 0;
    Map.Entry<Long, Long> near = ends.floorEntry(to);
    while (near != null && near.getValue() >= begin) {
      begin = Math.min(begin, near.getKey());
      end = Math.max(end, near.getValue());
      known += near.getValue() - near.getKey();
      ends.remove(near.getKey());
      near = ends.floorEntry(end);
    }
    ends.put(begin, end);
    return end - begin - known;
  }

  /** Takes all bytes away. */
  public void clear() {
    ends.clear();
  }

  /** The first byte from {@code position} on that is not there. */
  public long endFrom(long position) {
    Map.Entry<Long, Long> around = ends.floorEntry(position);
    return around == null ? position : Math.max(position, around.getValue());
  }

  /** How many bytes there are from the blob's beginning on, without a gap. */
  public long front() {
    return endFrom(0);
  }

  /** How many bytes there are. */
  public long bytes() {
    return all().stream().mapToLong(Range::length).sum();
  }

  /** The stretches in their order. */
  public List<Range> all() {
    return ends.entrySet().stream().map(e -> new Range(e.getKey(), e.getValue())).toList();
  }

  /** What is missing of a blob of {@code size} bytes, in its order. */
  public List<Range> gaps(long size) {
    List<Range> gaps = new ArrayList<>();
    long at = 0;
    for (Range there : all()) {
      if (there.from() > at) {
        gaps.add(new Range(at, Math.min(there.from(), size)));
      }
      at = there.to();
    }
    if (at < size) {
      gaps.add(new Range(at, size));
    }
    return gaps;
  }
}
