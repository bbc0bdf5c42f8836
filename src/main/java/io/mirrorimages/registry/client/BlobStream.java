package io.mirrorimages.registry.client;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.BulkInputStream;
import io.mirrorimages.mirror.stream.RepeatedBytes;
import io.mirrorimages.mirror.stream.SourcePausedException;
import io.mirrorimages.registry.limit.Limits;
import io.mirrorimages.registry.limit.Traffic;
import io.mirrorimages.registry.limit.outage.HostWait;
import io.mirrorimages.registry.limit.time.ThrottledException;
import io.mirrorimages.registry.limit.time.Timer;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * A blob's bytes from one response, of exactly the length they must have: a response without
 * Content-Length could end early and look whole. Closing it before the end cuts the connection.
 *
 * <p>Reading waits while the registry's budget of bytes is used up. No server holds a connection
 * for hours: before a long wait it is closed, and after the wait, or at once where other endpoints
 * can be asked, {@link SourcePausedException} has the reader open the rest. A server that sent more
 * than was requested would do so again each time, which would never end: its connection is held
 * during the wait. Not thread-safe.
 */
public final class BlobStream extends BulkInputStream implements RepeatedBytes {
  private static final Duration LONGEST_HELD = Duration.ofSeconds(5);
  private static final int SKIP_BUFFER = 16 * 1024;

  private final Connection connection;
  private final InputStream body;
  private final Limits limits;
  private final long end;
  private long repeated;
  private long position;
  private boolean ended;
  private Optional<ReadOutcome> outcome = Optional.empty();

  /** The response that the bytes come in. */
  interface Connection {
    /** To be closed when the read that begins now has ended. */
    HostWait reading();

    /** The host has sent something. */
    void heard();

    /** What to throw for a failed read; closes the response. */
    IOException failure(IOException e) throws IOException;

    /** What to throw for a body that has another length: {@code what} the server did. */
    TransferException garbled(String what);

    /** Keeps the connection, if the end of the body is near. */
    void finish();

    /** Cuts the connection, unless the body was read to its end. */
    void close();
  }

  /** Receives how the reading went. */
  public interface ReadOutcome {
    /** All bytes were read; called once. */
    void ended();

    /** The connection broke off, or the body has another length. */
    void brokeOff(TransferException failure);
  }

  /**
   * @param body what the response brings, decoded
   * @param from the blob's first byte in {@code body}
   * @param end the byte behind the last
   */
  BlobStream(Connection connection, InputStream body, Limits limits, long from, long end) {
    this.connection = connection;
    this.body = body;
    this.limits = limits;
    this.position = from;
    this.end = end;
  }

  /** Reads and drops the bytes before {@code wanted}, which were sent again. */
  BlobStream skippingTo(long wanted) throws IOException {
    byte[] dropped = new byte[(int) Math.min(SKIP_BUFFER, wanted - position)];
    repeated = wanted - position;
    while (position < wanted) {
      readBody(dropped, 0, (int) Math.min(dropped.length, wanted - position));
    }
    return this;
  }

  /** The same stream, which also reports to {@code receiver}. */
  public BlobStream reportingTo(ReadOutcome receiver) {
    outcome = Optional.of(receiver);
    return this;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (ended) {
      return -1;
    }
    if (position < end) {
      awaitBudget();
    }
    try {
      int count = readBody(buffer, offset, limits.traffic().allowed(length));
      if (count < 0) {
        ended = true;
        outcome.ifPresent(ReadOutcome::ended);
      }
      return count;
    } catch (TransferException e) {
      outcome.ifPresent(receiver -> receiver.brokeOff(e));
      throw e;
    }
  }

  private void awaitBudget() throws IOException {
    Traffic traffic = limits.traffic();
    if (repeated > 0 || traffic.timeToWait().compareTo(LONGEST_HELD) <= 0) {
      traffic.await(Timer.FOREVER);
      return;
    }
    connection.close();
    try {
      limits.awaitTraffic(Optional.empty());
    } catch (ThrottledException e) {
      // Other endpoints can be asked meanwhile.
    }
    throw new SourcePausedException();
  }

  private int readBody(byte[] buffer, int offset, int length) throws IOException {
    int count;
    try (HostWait _ = connection.reading()) {
      count = body.read(buffer, offset, length);
    } catch (IOException e) {
      throw connection.failure(e);
    }
    connection.heard();
    long left = end - position;
    if (count < 0 && left > 0) {
      throw connection.garbled("ended a blob " + left + " bytes early");
    }
    if (count > left) {
      throw connection.garbled("sent more bytes than the blob has");
    }
    position += Math.max(0, count);
    return count;
  }

  /**
   * The byte behind the last that comes: more than was requested where a server sends no ranges.
   */
  public long end() {
    return end;
  }

  @Override
  public long repeatedBytes() {
    return repeated;
  }

  @Override
  public void close() {
    if (position == end && !ended) {
      // The last bytes are read, the end may not have been: with it the connection is kept.
      connection.finish();
    } else {
      connection.close();
    }
  }
}
