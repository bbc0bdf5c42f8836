package io.mirrorimages.benchmark;

import io.mirrorimages.benchmark.Results.Subject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a figure of ours is to be.
 *
 * @param subject what is looked at
 * @param against whose figure ours is divided by; if there are several, the smallest one of theirs;
 *     if there is none, ours is taken as it is
 * @param named what those are called
 * @param least the smallest good value
 * @param most the largest good value
 */
record Goal(Subject subject, List<String> against, String named, double least, double most) {

  /** That our figure is at most {@code most}. */
  static Goal atMost(Subject subject, double most) {
    return new Goal(subject, List.of(), "", 0, most);
  }

  /** That our figure is at most {@code most} times that of the best one of these. */
  static Goal ratio(Subject subject, List<String> against, String named, double most) {
    return new Goal(subject, against, named, 0, most);
  }

  /** What is judged: a ratio, or the figure itself; empty if it was not measured. */
  OptionalDouble value(Results results) {
    OptionalDouble ours = results.median(subject, Contender.OURS.name());
    if (ours.isEmpty() || against.isEmpty()) {
      return ours;
    }
    OptionalDouble best =
        against.stream()
            .map(tool -> results.median(subject, tool))
            .flatMapToDouble(OptionalDouble::stream)
            .filter(figure -> figure != Results.FAILED)
            .min();
    return best.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(ours.getAsDouble() / best.getAsDouble());
  }

  /** Whether it is met; empty if it was not measured. Judged as precisely as it is printed. */
  Optional<Boolean> isMet(Results results) {
    OptionalDouble value = value(results);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    double rounded = Math.round(value.getAsDouble() * 1000) / 1000.0;
    return Optional.of(rounded >= least && rounded <= most);
  }

  /** The goal in words. */
  @Override
  public String toString() {
    String range =
        least > 0
            ? String.format(Locale.ROOT, "%.2f to %.2f", least, most)
            : String.format(Locale.ROOT, "<= %s", number(most));
    return against.isEmpty() ? range : range + " x " + named;
  }

  private static String number(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }
}
