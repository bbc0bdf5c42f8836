package io.mirrorimages.report.metrics;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * The samples of one metric, in Prometheus' text format 0.0.4. Not thread-safe.
 *
 * <p>A counter goes on from the value that it had after the run before, so that its increase over a
 * day is that of all runs of the day. A gauge is about one run.
 */
final class MetricFamily {
  /** Behind the point; times are in seconds. */
  private static final int MOST_DIGITS = 3;

  private final String name;
  private final boolean counter;
  private final Map<String, String> labels;
  private final EarlierSamples earlier;
  private final List<String> lines = new ArrayList<>();

  /**
   * One without a sample.
   *
   * @param type {@code gauge} or {@code counter}
   * @param help what it is, in one line without a backslash
   * @param labels those of each sample
   */
  MetricFamily(
      String name, String type, String help, Map<String, String> labels, EarlierSamples earlier) {
    this.name = name;
    this.counter = type.equals("counter");
    this.labels = labels;
    this.earlier = earlier;
    lines.add("# HELP " + name + " " + help);
    lines.add("# TYPE " + name + " " + type);
  }

  /** Adds the sample without labels of its own. */
  MetricFamily with(double value) {
    return add(labels(labels), value);
  }

  /** Adds a sample with one label more. */
  MetricFamily with(String label, String text, double value) {
    return add(labels(labels) + "," + labels(Map.of(label, text)), value);
  }

  /** Adds the sample of a value that is not always known; else it stays as it was. */
  MetricFamily withOrAsBefore(OptionalDouble value) {
    OptionalDouble known = value.isPresent() ? value : earlier.value(series(labels(labels)));
    known.ifPresent(this::with);
    return this;
  }

  private MetricFamily add(String ofSample, double value) {
    String series = series(ofSample);
    double before = counter ? earlier.value(series).orElse(0) : 0;
    lines.add(series + " " + number(before + value));
    return this;
  }

  private String series(String ofSample) {
    return name + "{" + ofSample + "}";
  }

  private static String labels(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(label -> label.getKey() + "=\"" + escaped(label.getValue()) + "\"")
        .collect(Collectors.joining(","));
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static String number(double value) {
    BigDecimal number =
        BigDecimal.valueOf(value).setScale(MOST_DIGITS, RoundingMode.HALF_UP).stripTrailingZeros();
    return number.toPlainString();
  }

  /** Its lines; none if it has no sample. */
  String text() {
    return lines.size() == 2 ? "" : String.join("\n", lines) + "\n";
  }
}
