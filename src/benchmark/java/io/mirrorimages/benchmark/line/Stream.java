package io.mirrorimages.benchmark.line;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One direction of a connection. A portion is read, waits until the paces have let it leave, and is
 * then on its way for half a round trip, while the next ones follow it: the delay costs no rate. At
 * most 8 MB are on their way, as by a window of TCP.
 */
final class Stream {
  static final int PORTION = 16 * 1024;
  private static final int MOST_PORTIONS = 512;

  private final BlockingQueue<Portion> underway = new ArrayBlockingQueue<>(MOST_PORTIONS);
  private final InputStream from;
  private final OutputStream to;
  private final Pace[] paces;
  private final long delay;

  /**
   * @param delay from one end to the other, nanoseconds
   */
  Stream(InputStream from, OutputStream to, long delay, Pace... paces) {
    this.from = from;
    this.to = to;
    this.delay = delay;
    this.paces = paces;
  }

  private record Portion(byte[] bytes, long due) {}

  /** Is asked before each portion leaves. */
  interface Gate {
    /** Whether it may, or the connection breaks here. */
    boolean passes(int bytes);
  }

  /** Reads to the end; false if the gate was closed. */
  boolean read(Gate gate) throws IOException, InterruptedException {
    byte[] buffer = new byte[PORTION];
    for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
      long now = System.nanoTime();
      long left = now;
      for (Pace pace : paces) {
        long leaves = pace.leave(count, now);
        left = leaves - left > 0 ? leaves : left;
      }
      sleepUntil(left);
      if (!gate.passes(count)) {
        return false;
      }
      byte[] bytes = new byte[count];
      System.arraycopy(buffer, 0, bytes, 0, count);
      underway.put(new Portion(bytes, left + delay));
    }
    underway.put(new Portion(new byte[0], System.nanoTime() + delay));
    return true;
  }

  /** Writes what arrives, up to the end. */
  void write() throws IOException, InterruptedException {
    while (true) {
      Portion portion = underway.take();
      sleepUntil(portion.due());
      if (portion.bytes().length == 0) {
        return;
      }
      to.write(portion.bytes());
    }
  }

  private static void sleepUntil(long due) throws InterruptedException {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }
}
