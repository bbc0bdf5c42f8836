import io.mirrorimages.cli.HelpTopics;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for zsh. */
final class ZshCompletion {
  private ZshCompletion() {}

  static String script(CommandLine tool) {
    CommandSpec root = tool.getCommandSpec();
    StringBuilder script =
        new StringBuilder("#compdef " + tool.getCommandName() + "\n\nlocal -a commands=(\n");
    for (CommandLine command : tool.getSubcommands().values()) {
      CommandSpec spec = command.getCommandSpec();
      String title = CommandTree.title(spec.usageMessage().description()[0]);
      script.append("  ").append(quoted(spec.name() + ":" + title)).append('\n');
    }
    script.append(")\nif ((CURRENT == 2)); then\n");
    script.append(
        "  commands+=('help:Show the options of a command' 'version:Print the version')\n");
    script.append("  _describe command commands\n  _arguments");
    CommandTree.options(root).forEach(option -> script.append(option(option)));
    script.append("\n  return\nfi\nshift words\n((CURRENT--))\nlocal command=$words[1]\n");
    script.append("if [[ $command == (").append(String.join("|", CommandTree.groups(tool)));
    script.append("|help) ]] && ((CURRENT > 2)); then\n  shift words\n  ((CURRENT--))\n");
    script.append("  command+=\" $words[1]\"\nfi\ncase $command in\n");
    CommandTree.commands(tool)
        .forEach(
            (words, spec) -> {
              if (spec != root) {
                script.append("  ").append(quoted(words)).append(")\n    _arguments");
                CommandTree.options(spec).forEach(option -> script.append(option(option)));
                script.append(arguments(spec)).append("\n    ;;\n");
              }
            });
    script.append("  help) commands+=(");
    HelpTopics.NAMES.forEach(
        topic ->
            script.append(
                quoted(topic + ":" + HelpTopics.text(topic).lines().findFirst().orElse(""))));
    script.append("); _describe command commands ;;\n");
    for (String group : CommandTree.groups(tool)) {
      CommandSpec spec = tool.getSubcommands().get(group).getCommandSpec();
      script.append("  'help ").append(group).append("') _arguments").append(commands(spec));
      script.append(" ;;\n");
    }
    return script.append("esac\n").toString();
  }

  private static String arguments(CommandSpec spec) {
    if (!CommandTree.below(spec).isEmpty()) {
      return commands(spec);
    }
    // The further values of an option that takes several come without it.
    List<ArgumentKind> kinds =
        Stream.concat(
                Stream.of(CommandTree.arguments(spec)),
                CommandTree.options(spec).stream()
                    .filter(CommandTree::takesMany)
                    .map(ArgumentKind::of))
            .filter(kind -> kind.values() != ArgumentKind.Values.NONE)
            .toList();
    return kinds.isEmpty() ? "" : " \\\n      " + quoted("*:file:" + action(kinds.getFirst()));
  }

  private static String commands(CommandSpec spec) {
    return " '1:command:(" + String.join(" ", CommandTree.below(spec)) + ")'";
  }

  private static String option(OptionSpec option) {
    boolean flag = option.arity().max() == 0;
    boolean optional = !flag && option.arity().min() == 0;
    String help = CommandTree.title(option.description()).replaceAll("[\\[\\]\\\\]", "\\\\$0");
    String label = option.paramLabel().replace(":", "\\:");
    return Stream.of(option.names())
        .map(
            name -> {
              String mark = flag ? "" : optional ? "=-" : name.startsWith("--") ? "=" : "+";
              String value =
                  (optional ? "::" : ":") + label + ":" + action(ArgumentKind.of(option));
              String repeated = option.isMultiValue() ? "*" : "";
              return " \\\n      "
                  + quoted(repeated + name + mark + "[" + help + "]" + (flag ? "" : value));
            })
        .collect(Collectors.joining());
  }

  private static String action(ArgumentKind kind) {
    return switch (kind.values()) {
      case WORDS -> "(" + String.join(" ", kind.words()) + ")";
      case FILES -> "_files";
      case ARCHIVES -> "_files -g \"*.tar\"";
      case FOLDERS -> "_files -/";
      case UNKNOWN, NONE -> " ";
    };
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
