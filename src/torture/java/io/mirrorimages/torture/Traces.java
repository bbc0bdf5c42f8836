package io.mirrorimages.torture;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where threads are. */
final class Traces {
  private Traces() {}

  /** Those of a group, a frame a line. */
  static String of(ThreadGroup group) {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(entry -> entry.getKey().getThreadGroup() == group)
        .map(entry -> trace(entry.getKey(), entry.getValue()))
        .sorted()
        .collect(Collectors.joining());
  }

  private static String trace(Thread thread, StackTraceElement[] frames) {
    return Stream.of(frames)
        .map(frame -> "\n      at " + frame)
        .collect(
            Collectors.joining("", "\n    " + thread.getName() + ", " + thread.getState(), ""));
  }
}
