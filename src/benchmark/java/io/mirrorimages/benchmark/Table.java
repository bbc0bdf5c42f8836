package io.mirrorimages.benchmark;

import io.mirrorimages.benchmark.Results.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** All goals with all medians, as one table in Markdown. */
final class Table {
  private final Results results;
  private final List<String> tools;
  private final List<List<String>> rows = new ArrayList<>();
  private int missed;

  /** A table with a column for each of these tools, ours first. */
  Table(Results results, List<String> tools) {
    this.results = results;
    this.tools = tools;
    List<String> head = new ArrayList<>(List.of("part", "job", "measure", "runs"));
    head.addAll(tools);
    head.addAll(List.of("goal", "is", "outcome"));
    rows.add(head);
  }

  /** Adds a row; none if nothing was measured for it. */
  void add(Goal goal) {
    Subject subject = goal.subject();
    int runs = tools.stream().mapToInt(tool -> results.runs(subject, tool)).max().orElse(0);
    if (runs == 0) {
      return;
    }
    boolean met = goal.isMet(results).orElse(false);
    boolean judged = goal.isMet(results).isPresent();
    List<String> row = first(subject, runs);
    row.add(goal.toString());
    row.add(text(goal.value(results)));
    row.add(judged ? met ? "met" : "MISSED" : "not measured");
    if (judged && !met) {
      missed++;
    }
    rows.add(row);
  }

  /** Adds a row of what has no goal. */
  void add(Subject subject) {
    int runs = tools.stream().mapToInt(tool -> results.runs(subject, tool)).max().orElse(0);
    if (runs > 0) {
      List<String> row = first(subject, runs);
      row.addAll(List.of("", "", ""));
      rows.add(row);
    }
  }

  /** How many goals were missed. */
  int missed() {
    return missed;
  }

  private List<String> first(Subject subject, int runs) {
    List<String> row = new ArrayList<>();
    row.add(subject.part());
    row.add(subject.job());
    row.add(subject.measure());
    row.add(String.valueOf(runs));
    tools.forEach(tool -> row.add(text(results.median(subject, tool))));
    return row;
  }

  private static String text(OptionalDouble figure) {
    if (figure.isEmpty()) {
      return "";
    }
    double value = figure.getAsDouble();
    if (value == Results.FAILED) {
      return "failed";
    }
    return String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.3f", value);
  }

  /** The table, with a line break at its end. */
  @Override
  public String toString() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      line(text, rows.get(r), widths);
      if (r == 0) {
        List<String> dashes = new ArrayList<>();
        for (int width : widths) {
          dashes.add("-".repeat(width));
        }
        line(text, dashes, widths);
      }
    }
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> cells, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      text.append("| ").append(cells.get(i)).repeat(" ", widths[i] - cells.get(i).length() + 1);
    }
    text.append("|\n");
  }
}
