package io.mirrorimages.report.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A strict reader of Prometheus' text format 0.0.4, with the rules of the textfile collector (no
 * timestamps, no series twice) and of {@code promtool check metrics}.
 *
 * @param types each metric with its type, in the order of the file
 * @param samples each series, its labels sorted, with its value
 */
record Exposition(Map<String, String> types, Map<String, Double> samples) {
  private static final Pattern HELP = Pattern.compile("# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
  private static final Pattern TYPE =
      Pattern.compile("# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\{(.*)} ([0-9]+(?:\\.[0-9]+)?)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\[\\\\\"n])*)\"(?:,|$)");

  static Exposition parse(String text) {
    assertThat(text).endsWith("\n").doesNotContain("\r");
    Map<String, String> types = new LinkedHashMap<>();
    Map<String, Double> samples = new LinkedHashMap<>();
    String helped = "";
    String family = "";
    for (String line : text.split("\n")) {
      Matcher help = HELP.matcher(line);
      Matcher type = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (help.matches()) {
        helped = help.group(1);
        assertThat(types).as(line).doesNotContainKey(helped);
      } else if (type.matches()) {
        family = type.group(1);
        assertThat(family).as(line).isEqualTo(helped);
        assertThat(types.put(family, type.group(2))).as(line).isNull();
        checkName(family, type.group(2));
      } else if (sample.matches()) {
        assertThat(sample.group(1)).as(line).isEqualTo(family);
        String series = family + labels(sample.group(2));
        assertThat(samples.put(series, Double.valueOf(sample.group(3)))).as(line).isNull();
      } else {
        assertThat(line).startsWith("# ");
        assertThat(types).as("a comment behind the first lines").isEmpty();
      }
    }
    assertThat(types.keySet())
        .allMatch(name -> samples.keySet().stream().anyMatch(s -> s.startsWith(name + "{")));
    return new Exposition(types, samples);
  }

  /** Units are base units, and stand at the end; {@code _total} is for counters. */
  private static void checkName(String name, String type) {
    assertThat(name).startsWith("mirror_images_").doesNotContain("_milli").doesNotContain("_mb");
    assertThat(name.endsWith("_total")).as(name).isEqualTo(type.equals("counter"));
    assertThat(name).doesNotEndWith("_count").doesNotEndWith("_sum").doesNotEndWith("_bucket");
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    Matcher matcher = LABEL.matcher(text);
    int end = 0;
    for (MatchResult label : matcher.results().toList()) {
      assertThat(label.start()).as(text).isEqualTo(end);
      end = label.end();
      // Prometheus' own; it would rename these.
      assertThat(label.group(1)).isNotIn("job", "instance").doesNotStartWith("__");
      assertThat(labels.put(label.group(1), label.group(2))).as(text).isNull();
    }
    assertThat(end).as(text).isEqualTo(text.length());
    return labels;
  }

  /** The value of a series, its labels sorted as in {@code name{a=b, c=d}}. */
  Double value(String series) {
    assertThat(samples).containsKey(series);
    return samples.get(series);
  }
}
