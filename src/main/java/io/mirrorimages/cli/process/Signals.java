package io.mirrorimages.cli.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Takes signals from the JVM until it is closed: Ctrl-C, SIGTERM, and the SIGHUP of a closed
 * terminal, or what concerns the terminal.
 *
 * <p>A shutdown hook can't do this. Measured on JDK 25: while hooks run the JVM takes no notice of
 * further signals, so that a second Ctrl-C waits as long as the first; and a hook is not told which
 * signal it was. On a Java without {@link JavaSignal} signals end the process at once, as the JVM
 * does by itself: the next run can resume all the same.
 */
final class Signals implements AutoCloseable {
  private static final int EXIT_CODE_BASE = 128;

  private final List<AutoCloseable> restore = new ArrayList<>();

  private Signals() {}

  /**
   * From now on each signal calls {@code handler}, on a daemon thread of its own, with the exit
   * code that belongs to it: 130, 143 or 129. One that is ignored, as in the background of a shell
   * script, stays ignored.
   */
  static Signals to(IntConsumer handler) {
    Signals signals = new Signals();
    try {
      for (String name : List.of("INT", "TERM", "HUP")) {
        JavaSignal signal = new JavaSignal(name);
        int exitCode = EXIT_CODE_BASE + signal.number();
        signals.take(signal, () -> handler.accept(exitCode));
      }
    } catch (ReflectiveOperationException e) {
      // Not there, or kept by the JVM for itself (-Xrs).
    }
    return signals;
  }

  /**
   * From now on {@code handler} is called when the terminal has changed its size, and when the
   * process continues after Ctrl-Z, since others have written to the terminal then.
   */
  static Signals atTerminalChange(Runnable handler) {
    Signals signals = new Signals();
    try {
      signals.take(new JavaSignal("WINCH"), handler);
      signals.take(new JavaSignal("CONT"), handler);
    } catch (ReflectiveOperationException e) {
      // Then it is asked from time to time only.
    }
    return signals;
  }

  /**
   * From now on {@code handler} is called at Ctrl-Z (SIGTSTP), on a daemon thread of its own, with
   * what stops the process, and returns when it continues. The stop is the system's own, so a
   * process that no shell could continue does not stop.
   */
  static Signals atSuspension(Consumer<Runnable> handler) {
    Signals signals = new Signals();
    try {
      JavaSignal signal = new JavaSignal("TSTP");
      Object before = signals.take(signal, () -> handler.accept(() -> suspend(signal)));
      if (signal.ignores(before)) {
        signals.close();
      }
    } catch (ReflectiveOperationException e) {
      // Then it stops at once.
    }
    return signals;
  }

  /** Java sends no signal that it does not handle, so the shell does. */
  private static void suspend(JavaSignal signal) {
    try {
      Object taker = signal.handle(signal.systemHandler());
      String pid = String.valueOf(ProcessHandle.current().pid());
      new ProcessBuilder("sh", "-c", "kill -TSTP \"$0\"", pid)
          .redirectErrorStream(true)
          .start()
          .waitFor();
      signal.handle(taker);
    } catch (IOException | ReflectiveOperationException e) {
      // Without sh a further Ctrl-Z stops it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Object take(JavaSignal signal, Runnable handler) throws ReflectiveOperationException {
    Object before = signal.handle(signal.handler(handler));
    restore.add(() -> signal.handle(before));
    return before;
  }

  /** Gives the signals back to whom they were taken from. */
  @Override
  public void close() {
    for (AutoCloseable one : restore) {
      try {
        one.close();
      } catch (Exception e) {
        // What was possible once is possible again.
      }
    }
  }
}
