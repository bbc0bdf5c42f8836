package io.mirrorimages.list;

import io.mirrorimages.list.LineAdvice.LineMistake;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What to do with a line that has several names, or a name among other columns. */
final class ColumnAdvice {
  private final String separator;
  private final List<String> fields;

  private ColumnAdvice(String separator, List<String> fields) {
    this.separator = separator;
    this.fields = fields;
  }

  /** Advice about the columns of a line that has no blanks in between; empty if there are none. */
  static Optional<LineAdvice> ofMarks(String line) {
    for (String mark : List.of("|", ";", ",", "=")) {
      if (line.contains(mark)) {
        Optional<LineAdvice> advice = of(line, mark);
        if (advice.isPresent()) {
          return advice;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<LineAdvice> of(String line, String mark) {
    List<String> fields =
        Arrays.stream(line.split("[" + mark + "]", -1))
            .map(field -> field.replaceAll("[\"'`]", "").strip())
            .toList();
    return fields.stream().filter(field -> !field.isEmpty()).count() < 2
        ? Optional.empty()
        : new ColumnAdvice(mark, fields).advice(LineMistake.CSV);
  }

  /** Advice about columns with blanks in between, the second of which is no digest. */
  static Optional<LineAdvice> ofBlanks(String line) {
    String separator =
        line.contains("\t") ? "\t" : line.startsWith(" ") || line.contains("  ") ? "  " : " ";
    String text = Grammar.BLANKS.matcher(line).replaceAll(" ").strip();
    return new ColumnAdvice(separator, List.of(text.split(" "))).advice(LineMistake.TABLE);
  }

  private Optional<LineAdvice> advice(LineMistake kind) {
    List<Integer> names = columns(kind == LineMistake.CSV);
    List<String> given = fields.stream().filter(field -> !field.isEmpty()).toList();
    if (names.size() == given.size() && names.size() > 1) {
      return Optional.of(
          names.size() == 2 && ImageName.last(given.get(0)).equals(ImageName.last(given.get(1)))
              ? new LineAdvice(LineMistake.PAIR, "give only the first (" + cut(1) + ")")
              : new LineAdvice(LineMistake.NAMES, "put each on its own line (" + split() + ")"));
    }
    if (!names.isEmpty()) {
      return Optional.of(
          new LineAdvice(
              kind, source(kind) + "give only its names (" + cut(names.getFirst()) + ")"));
    }
    Optional<Integer> version = separator.equals("=") ? Optional.empty() : versioned();
    if (version.isPresent()) {
      int column = version.get();
      return Optional.of(
          new LineAdvice(kind, "give only its names (" + join(column, column + 1) + ")"));
    }
    return kind == LineMistake.TABLE && ImageName.isGood(fields.getFirst())
        ? Optional.of(LineAdvice.guess(kind, source(kind) + "give only its names (" + cut(1) + ")"))
        : Optional.empty();
  }

  /** The columns that are names, from 1; a chart's {@code name:version} is one in CSV only. */
  private List<Integer> columns(boolean alsoShort) {
    return IntStream.range(0, fields.size())
        .filter(
            i ->
                (alsoShort || i == 0)
                    ? ImageName.isTagged(fields.get(i))
                    : ImageName.isFull(fields.get(i)))
        .map(i -> i + 1)
        .boxed()
        .toList();
  }

  /** The column of a name without a tag before one of tags. */
  private Optional<Integer> versioned() {
    return IntStream.range(0, fields.size() - 1)
        .filter(
            i ->
                ImageName.isGood(fields.get(i))
                    && !ImageName.isTagged(fields.get(i))
                    && !ImageName.isVersion(fields.get(i))
                    && ImageName.isVersion(fields.get(i + 1)))
        .map(i -> i + 1)
        .boxed()
        .findFirst();
  }

  private String source(LineMistake kind) {
    return kind == LineMistake.CSV
        ? ""
        : "this seems to be "
            + (fields.size() == 2 && fields.getFirst().matches("[0-9]+")
                ? "what list prints with sizes"
                : fields.size() == 2
                    ? "a list with sources, such as rancher-images-sources.txt"
                    : "a table made for another tool")
            + "; ";
  }

  private String cut(int column) {
    return switch (separator) {
      case "\t" -> "cut -f" + column;
      case "  " -> "awk '{print $" + column + "}'";
      default -> "cut -d" + quoted() + " -f" + column;
    };
  }

  private String join(int first, int second) {
    String by = separator.isBlank() && !separator.equals("\t") ? "" : " -F" + quotedTab();
    return "awk" + by + " '{print $" + first + "\":\"$" + second + "}'";
  }

  private String split() {
    return separator.isBlank() ? "tr -s ' \\t' '\\n'" : "tr " + "'" + separator + "' '\\n'";
  }

  private String quotedTab() {
    return separator.equals("\t") ? "'\\t'" : quoted();
  }

  private String quoted() {
    return separator.equals(",") || separator.equals("=") ? separator : "'" + separator + "'";
  }
}
