package io.mirrorimages.nodes;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A configuration as people read it: comments, then each file below a heading. */
public final class ConfigurationText {
  private static final int WIDTH = 96;

  /** What stays on one line: a word, or a command between backticks with what clings to it. */
  private static final Pattern UNIT = Pattern.compile("(?:`[^`]*`|[^ `])+|`");

  private ConfigurationText() {}

  /** The files, each as it is below an empty line and a heading. */
  public static String files(NodeConfiguration configuration) {
    StringBuilder text = new StringBuilder();
    for (NodeFile file : configuration.files()) {
      text.append("\n# ==> %s (mode %s) <==\n".formatted(file.path(), file.mode()))
          .append(file.text());
    }
    return text.toString();
  }

  /** What to do and to know, as comments. */
  public static List<String> notes(
      NodeSystem system, NodeSetup setup, NodeConfiguration configuration) {
    return notes(
        "%s, with the images at %s.".formatted(system.title(), setup.destination()), configuration);
  }

  /** The same below a sentence that says what it is for. */
  public static List<String> notes(String purpose, NodeConfiguration configuration) {
    List<String> lines = new ArrayList<>();
    lines.add("# " + purpose);
    if (!configuration.steps().isEmpty()) {
      lines.add("#");
      lines.add("# To do:");
      int number = 1;
      for (String step : configuration.steps()) {
        wrap("# " + number++ + ". ", step, lines);
      }
    }
    if (!configuration.remarks().isEmpty()) {
      lines.add("#");
      lines.add("# To know:");
      configuration.remarks().forEach(remark -> wrap("# - ", remark, lines));
    }
    return lines;
  }

  private static void wrap(String first, String text, List<String> lines) {
    StringBuilder line = new StringBuilder(first);
    boolean empty = true;
    for (String word : UNIT.matcher(text).results().map(MatchResult::group).toList()) {
      if (!empty && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder("#" + " ".repeat(first.length() - 1));
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    lines.add(line.toString());
  }
}
