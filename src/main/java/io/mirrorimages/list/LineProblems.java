package io.mirrorimages.list;

import io.mirrorimages.image.Text;
import io.mirrorimages.list.LineAdvice.LineMistake;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is wrong with the lines of one file. If the file has another format, that is said alone;
 * else the first few mistakes, in the order of lines. Used by one thread.
 */
final class LineProblems {
  /** So many mistakes of a list are told one by one. */
  private static final int TOLD = 10;

  /** So many lines are shown of a file that is no list. */
  private static final int EXAMPLES = 3;

  /** The excerpt of a line no word of which is shown. */
  private static final String NOTHING = Text.quote("...");

  /** A reason with it repeats a part of the line. */
  private static final String QUOTE = "\"";

  private final String file;
  private final Map<LineMistake, LineGroup> groups = new EnumMap<>(LineMistake.class);
  private final List<Told> told = new ArrayList<>();
  private final List<String> strange = new ArrayList<>();
  private int malformed;
  private int nameless;

  private record Told(int line, String problem) {}

  LineProblems(String file) {
    this.file = file;
  }

  /** A line whose kind is known. */
  void add(int number, String line, LineAdvice advice) {
    groups
        .computeIfAbsent(advice.kind(), kind -> new LineGroup(file, line, advice))
        .add(number, advice);
    if (advice.kind() == LineMistake.WORDS) {
      noName(number, line);
    }
  }

  /** A line that is refused, and why, which may quote it. */
  void add(int number, String line, String reason) {
    malformed++;
    boolean masked = LineExcerpt.isMasked(line);
    if (masked) {
      noName(number, line);
    }
    if (told.size() < TOLD) {
      told.add(
          new Told(
              number,
              file
                  + ":"
                  + number
                  + ": "
                  + LineExcerpt.of(line)
                  + ": "
                  + (masked && reason.contains(QUOTE)
                      ? "no name of an image (what may be a secret is not shown)"
                      : reason)));
    }
  }

  private void noName(int number, String line) {
    nameless++;
    if (strange.size() < EXAMPLES) {
      String excerpt = LineExcerpt.of(line);
      strange.add("line " + number + (excerpt.equals(NOTHING) ? "" : ": " + excerpt));
    }
  }

  int malformed() {
    return malformed;
  }

  boolean isEmpty() {
    return malformed == 0 && groups.isEmpty();
  }

  /**
   * The problems in the order of lines.
   *
   * @param images how many lines name an image
   */
  List<String> problems(int images) {
    Optional<LineGroup> format = format(images);
    if (format.isPresent()) {
      if (format.get().kind().isManifold()) {
        return List.of(format.get().problem());
      }
      if (format.get().kind().hasHeading() && isBehindOther(format.get())) {
        format.get().leaveOutHeading();
      }
      groups.remove(LineMistake.WORDS);
      told.clear();
      malformed = 0;
    } else if (nameless > EXAMPLES && nameless > images) {
      return List.of(
          "%s: is not an image list, one name a line: %d lines are no names, such as %s"
              .formatted(file, nameless, String.join(", ", strange)));
    }
    if (groups.containsKey(LineMistake.YAML)) {
      groups.remove(LineMistake.LONE_KEY);
    }
    List<String> all =
        Stream.concat(
                told.stream(),
                groups.values().stream().map(group -> new Told(group.line(), group.problem())))
            .sorted(Comparator.comparingInt(Told::line))
            .map(Told::problem)
            .toList();
    int more = all.size() - Math.min(TOLD, all.size()) + malformed - told.size();
    if (more == 0) {
      return all;
    }
    return Stream.concat(
            all.stream().limit(TOLD),
            Stream.of(file + ": " + more + " more lines are wrong: is this an image list?"))
        .toList();
  }

  /** Whether a line with no name is before the lines of a table: the heading of its columns. */
  private boolean isBehindOther(LineGroup table) {
    LineGroup words = groups.get(LineMistake.WORDS);
    return (words != null && words.line() < table.line())
        || (!told.isEmpty() && told.getFirst().line() < table.line());
  }

  /** The commonest format of lines, if it is more than an exception. */
  private Optional<LineGroup> format(int images) {
    LineGroup words = groups.get(LineMistake.WORDS);
    int others = malformed + (words == null ? 0 : words.count());
    return groups.values().stream()
        .filter(group -> group.kind().isFormat())
        .max(Comparator.comparingInt(LineGroup::count))
        .filter(group -> group.count() > images && group.count() * 2 >= others);
  }
}
