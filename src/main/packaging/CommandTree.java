import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What pages and completions need to know of the commands. */
final class CommandTree {
  private CommandTree() {}

  /** All commands by the words that call them, as in {@code plan save}; the tool itself by none. */
  static Map<String, CommandSpec> commands(CommandLine tool) {
    Map<String, CommandSpec> commands = new LinkedHashMap<>();
    add("", tool, commands);
    return commands;
  }

  private static void add(String words, CommandLine command, Map<String, CommandSpec> commands) {
    commands.put(words, command.getCommandSpec());
    command
        .getSubcommands()
        .forEach((name, below) -> add((words + " " + name).strip(), below, commands));
  }

  /** The commands that have others below them. */
  static List<String> groups(CommandLine tool) {
    return tool.getSubcommands().entrySet().stream()
        .filter(command -> !command.getValue().getSubcommands().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** What follows a command as a word of its own: {@code help} and {@code version} too. */
  static List<String> below(CommandSpec spec) {
    List<String> below = new ArrayList<>(spec.subcommands().keySet());
    if (spec.parent() == null) {
      below.addAll(List.of("help", "version"));
    }
    return below;
  }

  static List<OptionSpec> options(CommandSpec spec) {
    return spec.options().stream()
        .filter(option -> !option.hidden())
        .sorted((a, b) -> a.longestName().compareTo(b.longestName()))
        .toList();
  }

  /** What the words are that follow a command without an option before them. */
  static ArgumentKind arguments(CommandSpec spec) {
    return spec.positionalParameters().stream()
        .map(ArgumentKind::of)
        .findFirst()
        .orElse(new ArgumentKind(ArgumentKind.Values.NONE, List.of()));
  }

  static boolean takesMany(OptionSpec option) {
    return option.arity().max() > 1;
  }

  /** The first sentence of a description. */
  static String title(String... description) {
    return formatted(description)
        .map(String::strip)
        .collect(Collectors.joining(" "))
        .replaceFirst("[.:]( .*)?$", "");
  }

  /** The lines of a description, as a terminal shows them. */
  static Stream<String> formatted(String... description) {
    return Arrays.stream(description)
        .map(text -> Ansi.OFF.new Text(text.replace("%n", "\n").replace("%%", "%")).toString())
        .flatMap(String::lines);
  }
}
