package io.mirrorimages.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** All figures of all runs. Not thread-safe. */
final class Results {
  /** The figure of a run that failed: worse than all others. */
  static final double FAILED = Double.POSITIVE_INFINITY;

  /**
   * What was measured.
   *
   * @param part a corpus, {@code start} or {@code growth}
   * @param job what was done there
   * @param measure what was looked at, with its unit
   */
  record Subject(String part, String job, String measure) {}

  private record Key(Subject subject, String tool) {}

  private final Map<Key, List<Double>> samples = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();

  /** Notes one figure of one run. */
  void add(Subject subject, String tool, double figure) {
    samples.computeIfAbsent(new Key(subject, tool), key -> new ArrayList<>()).add(figure);
  }

  /** Notes that a tool did not do a job, and why. */
  void failed(String failure) {
    failures.add(failure);
  }

  /** What failed, a line each, in order. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** The middle one of a tool's figures; of an even number, between the two middle ones. */
  OptionalDouble median(Subject subject, String tool) {
    double[] sorted =
        samples.getOrDefault(new Key(subject, tool), List.of()).stream()
            .mapToDouble(Double::doubleValue)
            .sorted()
            .toArray();
    int middle = sorted.length / 2;
    if (sorted.length == 0) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
  }

  /** How many figures there are. */
  int runs(Subject subject, String tool) {
    return samples.getOrDefault(new Key(subject, tool), List.of()).size();
  }
}
