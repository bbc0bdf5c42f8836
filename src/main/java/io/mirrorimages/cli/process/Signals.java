package io.mirrorimages.cli.process;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Takes Ctrl-C, SIGTERM, and the SIGHUP of a closed terminal from the JVM until it is closed.
 *
 * <p>A shutdown hook can't do this. Measured on JDK 25: while hooks run the JVM takes no notice of
 * further signals, so that a second Ctrl-C waits as long as the first; and a hook is not told which
 * signal it was. The one way to hear every signal is {@code sun.misc.Signal} of the module {@code
 * jdk.unsupported}, which every JDK and JRE has, and which the JDK keeps for want of another (JEP
 * 260). It is called by name, because the compiler warns of it and no annotation can answer that.
 * On a Java without it signals end the process at once, as the JVM does by itself: the next run can
 * resume all the same.
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
      signals.take("INT", handler);
      signals.take("TERM", handler);
      signals.take("HUP", handler);
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
      signals.take("WINCH", exitCode -> handler.run());
      signals.take("CONT", exitCode -> handler.run());
    } catch (ReflectiveOperationException e) {
      // Then it is asked from time to time only.
    }
    return signals;
  }

  private void take(String name, IntConsumer handler) throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.Signal");
    Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
    Object signal = type.getConstructor(String.class).newInstance(name);
    int exitCode = EXIT_CODE_BASE + (int) type.getMethod("getNumber").invoke(signal);
    Object taker =
        Proxy.newProxyInstance(
            Signals.class.getClassLoader(),
            new Class<?>[] {handlerType},
            (proxy, method, arguments) -> {
              handler.accept(exitCode);
              return null;
            });
    Object before = type.getMethod("handle", type, handlerType).invoke(null, signal, taker);
    restore.add(() -> type.getMethod("handle", type, handlerType).invoke(null, signal, before));
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
