package io.mirrorimages.mirror.transfer;

import io.mirrorimages.mirror.ByteRanges.Range;
import io.mirrorimages.mirror.port.RandomAccessBlob;
import io.mirrorimages.mirror.stream.ResumingStream;
import java.io.IOException;
import java.io.InputStream;

/** One part of a blob on its way to where it belongs. By one thread. */
final class RangeDownload {
  private static final int BUFFER = 256 * 1024;
  private static final byte[] NOTHING = {};

  /** How much of each part may have to be fetched again after a kill. */
  private static final int NOTED_EACH = 1024 * 1024;

  private final Range part;
  private final ResumingStream content;
  private final RandomAccessBlob place;
  private final ReassembledStream arrived;
  private volatile boolean begun;
  private long at;
  private long noted;

  /** {@code content} ends where the part does, and is closed by {@link #run}. */
  RangeDownload(
      Range part, ResumingStream content, RandomAccessBlob place, ReassembledStream arrived) {
    this.part = part;
    this.content = content;
    this.place = place;
    this.arrived = arrived;
    this.at = part.from();
    this.noted = at;
  }

  /** Whether one of the methods below was called; by any thread. */
  boolean isBegun() {
    return begun;
  }

  /** Copies what {@code opened} sends, and the rest of the part if that breaks off. */
  void run(InputStream opened) throws IOException {
    begun = true;
    content.startAt(part.from(), opened);
    copy();
  }

  /** Copies the part; ends early if no more bytes are wanted. */
  void run() throws IOException {
    begun = true;
    content.startAt(part.from());
    copy();
  }

  private void copy() throws IOException {
    try (content) {
      // Whoever waits for a place at a host needs no buffer yet.
      content.read(NOTHING, 0, 0);
      byte[] buffer = new byte[(int) Math.min(BUFFER, part.length())];
      while (at < part.to() && !arrived.isGivenUp()) {
        fill(buffer);
      }
    } finally {
      note();
    }
  }

  /**
   * Reads until the buffer is full or the part at its end, and puts what came in its place, also if
   * the connection breaks.
   */
  private void fill(byte[] buffer) throws IOException {
    int filled = 0;
    int wanted = (int) Math.min(buffer.length, part.to() - at);
    try {
      while (filled < wanted && !arrived.isGivenUp()) {
        filled += Math.max(0, content.read(buffer, filled, wanted - filled));
      }
    } finally {
      put(buffer, filled);
    }
  }

  private void put(byte[] buffer, int length) throws IOException {
    place.write(buffer, length, at);
    at += length;
    if (at - noted >= NOTED_EACH || at == part.to()) {
      note();
    }
    arrived.add(at - length, at);
  }

  private void note() throws IOException {
    if (at > noted) {
      place.note(part.from(), at);
      noted = at;
    }
  }
}
