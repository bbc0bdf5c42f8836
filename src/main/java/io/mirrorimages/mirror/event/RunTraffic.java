package io.mirrorimages.mirror.event;

import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.ByteRanges;
import io.mirrorimages.mirror.Direction;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.port.LocalSource;
import io.mirrorimages.mirror.port.LocalTarget;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which bytes of each blob have been read in a run, so that those which cross a line again are
 * counted apart. Thread-safe.
 */
public final class RunTraffic {
  private final List<Direction> lines;
  private final Map<Digest, ByteRanges> read = new ConcurrentHashMap<>();

  private RunTraffic(List<Direction> lines) {
    this.lines = lines;
  }

  /** That of a transfer. */
  public static RunTraffic between(ImageSource source, ImageTarget target) {
    if (LocalTarget.is(target)) {
      return of(source);
    }
    return new RunTraffic(
        LocalSource.is(source)
            ? List.of(Direction.UPLOADED)
            : List.of(Direction.DOWNLOADED, Direction.UPLOADED));
  }

  /** That of reading only. */
  public static RunTraffic of(ImageSource source) {
    return new RunTraffic(LocalSource.is(source) ? List.of() : List.of(Direction.DOWNLOADED));
  }

  /** The lines that each byte crosses which is read from the source, by direction. */
  List<Direction> lines() {
    return lines;
  }

  /** Notes what was read; gives how many of the bytes had been read before. */
  long repeated(RunEvent.BlobRead event) {
    ByteRanges before = read.computeIfAbsent(event.blob(), digest -> new ByteRanges());
    synchronized (before) {
      return event.bytes() - before.add(event.position(), event.position() + event.bytes());
    }
  }
}
