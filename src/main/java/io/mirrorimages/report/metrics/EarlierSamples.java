package io.mirrorimages.report.metrics;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * The samples of the file that the run before has left, by their series: the name with its labels,
 * exactly as {@link MetricFamily} writes them. Lines of another form, and values below zero or
 * without an end, count as not there. Immutable.
 */
record EarlierSamples(Map<String, Double> values) {
  static final EarlierSamples NONE = new EarlierSamples(Map.of());

  private static final Pattern VALUE = Pattern.compile("[0-9]{1,18}(?:\\.[0-9]{1,9})?");

  EarlierSamples {
    values = Map.copyOf(values);
  }

  /** Reads the text of a file; what has been cut off or damaged is left out. */
  static EarlierSamples parse(String text) {
    Map<String, Double> values = new HashMap<>();
    int end = text.lastIndexOf('\n');
    for (String line : text.substring(0, Math.max(end, 0)).split("\n")) {
      int blank = line.lastIndexOf(' ');
      if (!line.startsWith("#")
          && blank > 0
          && VALUE.matcher(line.substring(blank + 1)).matches()) {
        values.put(line.substring(0, blank), Double.valueOf(line.substring(blank + 1)));
      }
    }
    return new EarlierSamples(values);
  }

  /** The value of a series; empty if it was not there. */
  OptionalDouble value(String series) {
    Double value = values.get(series);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
