package io.mirrorimages.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Many ordeals, some at once, since they mostly wait; and their sum. */
public final class Torture {
  private static final int AT_ONCE = 6;

  /** On a busy machine with two cores the slowest of many took a minute. */
  private static final Watch WATCH = new Watch(Duration.ofMinutes(3));

  private Torture() {}

  /**
   * Prints each ordeal as it ends, and the sum: {@code Torture [--runs N] [--seed S]}. Ends with 1
   * if one failed.
   */
  public static void main(String[] arguments) throws Exception {
    int runs = 100;
    long seed = System.currentTimeMillis();
    try {
      for (int i = 0; i < arguments.length; i += 2) {
        switch (arguments[i]) {
          case "--runs" -> runs = Integer.parseInt(arguments[i + 1]);
          case "--seed" -> seed = Long.parseLong(arguments[i + 1]);
          default -> throw new IllegalArgumentException();
        }
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      System.err.println("usage: scripts/torture [--runs N] [--seed S]");
      System.exit(2);
    }
    List<Outcome> outcomes = run(runs, seed, System.out::println);
    System.out.println(summary(outcomes));
    System.exit(outcomes.stream().allMatch(Outcome::isWell) ? 0 : 1);
  }

  /** Goes through the seeds from {@code seed} on, and tells each outcome as it comes. */
  static List<Outcome> run(int runs, long seed, Consumer<Outcome> listener)
      throws IOException, InterruptedException, ExecutionException {
    Path folder = Files.createTempDirectory("torture-");
    try (Arena arena = new Arena();
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Callable<Outcome>> ordeals = new ArrayList<>();
      for (int i = 0; i < runs; i++) {
        long own = seed + i;
        ordeals.add(
            () -> {
              Path its = Files.createDirectory(folder.resolve("seed " + own + ", 作业's"));
              Outcome outcome = WATCH.over(own, new Ordeal(arena, own, its)::run);
              delete(its);
              listener.accept(outcome);
              return outcome;
            });
      }
      List<Outcome> outcomes = new ArrayList<>();
      for (Future<Outcome> outcome : threads.invokeAll(ordeals)) {
        outcomes.add(outcome.get());
      }
      return outcomes;
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  /** What all of them were, in a few lines. */
  static String summary(List<Outcome> outcomes) {
    Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    outcomes.forEach(o -> o.faults().forEach((f, count) -> faults.merge(f, count, Integer::sum)));
    long moved = outcomes.stream().mapToLong(Outcome::moved).sum();
    long minimum = outcomes.stream().mapToLong(Outcome::minimum).sum();
    StringBuilder text = new StringBuilder();
    line(text, "seeds", outcomes.size());
    line(text, "failed", outcomes.stream().filter(o -> !o.isWell()).count());
    line(text, "runs of the tool", outcomes.stream().mapToInt(Outcome::runs).sum());
    line(text, "kills", outcomes.stream().mapToInt(Outcome::kills).sum());
    line(text, "faults", faults.values().stream().mapToInt(Integer::intValue).sum());
    faults.forEach((fault, count) -> line(text, "  " + fault, count));
    line(text, "bytes moved", moved);
    line(text, "bytes at least", minimum);
    text.append("moved / least: %.2f%n".formatted((double) moved / Math.max(1, minimum)));
    outcomes.stream()
        .filter(o -> !o.isWell())
        .forEach(o -> text.append("failed; again: ").append(o.again()).append('\n'));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, long count) {
    text.append("%-40s %12d%n".formatted(name, count));
  }
}
