package io.mirrorimages.torture;

import io.mirrorimages.torture.Faults.Strike;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A body that is passed on, and what befalls it on the way. For one thread. */
final class Body {
  private static final int PIECE = 32 * 1024;

  private final Line line;
  private final Line.Terms terms;
  private final Optional<Transfer> transfer;
  private final Optional<Strike> strike;

  /**
   * A body.
   *
   * @param line that it is on
   * @param transfer where its bytes are counted
   * @param strike what befalls it
   */
  Body(Line line, Optional<Transfer> transfer, Optional<Strike> strike) {
    this.line = line;
    this.terms = line.terms();
    this.transfer = transfer;
    this.strike = strike;
  }

  /** The harness cuts the connection here. */
  static final class CutException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** The one who was to take the bytes does not. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedException(IOException cause) {
      super(cause);
    }
  }

  /** Passes on {@code length} bytes. */
  void pass(InputStream from, OutputStream to, long length) throws IOException {
    byte[] buffer = new byte[PIECE];
    long at = strike.map(s -> s.at(length)).orElse(Long.MAX_VALUE);
    for (long position = 0; position < length; ) {
      if (position == at) {
        befall();
      }
      boolean slowly = position >= at && strike.orElseThrow().is(Fault.TRICKLE);
      long end = at > position && at < length ? at : length;
      int count = from.read(buffer, 0, slowly ? 1 : (int) Math.min(PIECE, end - position));
      if (count < 0) {
        throw new EOFException("ended after " + position + " of " + length + " bytes");
      }
      if (position == at && strike.orElseThrow().is(Fault.FLIP)) {
        buffer[0] ^= (byte) (1 << (strike.orElseThrow().side() >>> 8 & 7));
      }
      line.blackout().hold();
      try {
        to.write(buffer, 0, count);
        to.flush();
      } catch (IOException e) {
        throw new RefusedException(e);
      }
      position += count;
      int moved = count;
      line.ledger().passed(moved);
      transfer.ifPresent(t -> line.ledger().moved(t, moved));
      if (slowly) {
        LockSupport.parkNanos(terms.stall().toNanos() / 4);
      } else if (length > PIECE) {
        LockSupport.parkNanos(terms.pace().toNanos());
      }
    }
  }

  private void befall() throws IOException {
    Strike what = strike.orElseThrow();
    switch (what.fault()) {
      case CUT_ANSWER, CUT_REQUEST, BROKEN_CHUNK, SHORT_BODY -> throw new CutException();
      case STALL_SHORT -> LockSupport.parkNanos(terms.stall().toNanos() / 3);
      case STALL_LONG -> {
        LockSupport.parkNanos(terms.stall().toNanos() * 5 / 2);
        throw new CutException();
      }
      default -> {}
    }
  }
}
