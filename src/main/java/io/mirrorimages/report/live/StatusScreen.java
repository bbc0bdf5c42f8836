package io.mirrorimages.report.live;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.report.LineGate;
import io.mirrorimages.report.PlainStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The block at the bottom of a terminal, and the lines that are printed above it.
 *
 * <p>Between writes the cursor stands at the block's first cell, so that whatever the terminal
 * makes of the block when its size changes, everything from the cursor on is the block's: it is
 * erased without knowing how many rows it takes. It is painted without wrapping, since the terminal
 * may just have become narrower. Thread-safe.
 */
final class StatusScreen implements LineGate, AutoCloseable {
  private static final String ERASE = "\r\u001b[J";
  private static final String ERASE_LINE = "\u001b[K";
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";

  /**
   * A terminal whose output is held (Ctrl-S) must hold neither the end nor a stop of the program.
   */
  private static final Duration LAST_TRY = Duration.ofMillis(200);

  private final PrintStream out;
  private final PrintStream terminal;
  private final TerminalSizes sizes;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private List<String> shown = List.of();

  @GuardedBy("lock")
  private boolean erased = true;

  @GuardedBy("lock")
  private boolean closed;

  /**
   * Makes room for the lines of both streams from now on.
   *
   * @param out standard output, on the same terminal
   * @param terminal where the block is painted
   * @param sizes how large it is
   */
  StatusScreen(PrintStream out, PrintStream terminal, TerminalSizes sizes) {
    this.out = out;
    this.terminal = terminal;
    this.sizes = sizes;
    PlainStream.setGate(out, this);
    PlainStream.setGate(terminal, this);
  }

  /** Paints the block over the one that is shown. Each line fits into a row. */
  void paint(List<String> lines) {
    lock.lock();
    try {
      if (!closed && (erased || !lines.equals(shown))) {
        shown = List.copyOf(lines);
        paint();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Paints again although nothing has changed: the terminal may have changed its size. */
  void repaint(List<String> lines) {
    lock.lock();
    try {
      erased = true;
    } finally {
      lock.unlock();
    }
    paint(lines);
  }

  @GuardedBy("lock")
  private void paint() {
    if (sizes.hasChanged()) {
      // It may not fit any more; the next one will.
      erase();
      return;
    }
    StringBuilder frame = new StringBuilder(NO_WRAP + "\r");
    for (int i = 0; i < shown.size(); i++) {
      frame.append(i == 0 ? "" : "\n").append(shown.get(i)).append(ERASE_LINE);
    }
    frame.append("\u001b[J\r");
    if (shown.size() > 1) {
      frame.append("\u001b[").append(shown.size() - 1).append('A');
    }
    PlainStream.steer(terminal, frame.append(WRAP).toString());
    erased = false;
  }

  @GuardedBy("lock")
  private void erase() {
    if (!erased) {
      PlainStream.steer(terminal, ERASE);
      erased = true;
    }
  }

  @Override
  public void print(Runnable line) {
    lock.lock();
    try {
      erase();
      line.run();
      if (!closed && !shown.isEmpty()) {
        paint();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Erases the block and runs {@code stop}; until that returns, nothing is painted. */
  void suspend(Runnable stop) {
    boolean locked = tryLock();
    try {
      if (locked) {
        erase();
      }
      stop.run();
    } finally {
      if (locked) {
        lock.unlock();
      }
    }
  }

  private boolean tryLock() {
    try {
      return lock.tryLock(LAST_TRY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Erases the block for good. */
  @Override
  public void close() {
    if (!tryLock()) {
      return;
    }
    try {
      if (!closed) {
        closed = true;
        erase();
        PlainStream.setGate(out, LineGate.OPEN);
        PlainStream.setGate(terminal, LineGate.OPEN);
      }
    } finally {
      lock.unlock();
    }
  }
}
