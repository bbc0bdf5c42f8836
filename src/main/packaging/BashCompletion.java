import io.mirrorimages.cli.HelpTopics;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Completion for bash 4 or later. Names of files are left to readline, which knows about quotes,
 * blanks and tildes. A word {@code --option=value} reaches the script as three words, and {@code
 * oci:folder} too.
 */
final class BashCompletion {
  private static final String SCRIPT =
      """
      # Completion for bash of TOOL.

      # Offers values of a kind for the word $2.
      _FUNCTION_values() {
        case $1 in
          FILES) compopt -o default ;;
          FOLDERS) compopt -o dirnames ;;
          ARCHIVES)
            compopt -o filenames -o default
            mapfile -t COMPREPLY < <(compgen -f -X '!*.tar' -- "$2")
            if ((${#COMPREPLY[@]})); then
              mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -d -- "$2")
            fi
            ;;
          WORDS) mapfile -t COMPREPLY < <(compgen -W "$3" -- "$2") ;;
        esac
      }

      # Completes the word $2.
      _FUNCTION() {
        local command= option= options= commands= arguments=NONE choices= kind=NONE words= many=
        local -i at=COMP_CWORD between=0 first=1
        COMPREPLY=()
        ((COMP_CWORD > 1)) && command=${COMP_WORDS[1]} first=2
        case $command in
          GROUPS) ((COMP_CWORD > 2)) && command+=" ${COMP_WORDS[2]}" first=3 ;;
        esac
        if [[ ${COMP_WORDS[at]} == : || ${COMP_WORDS[at - 1]} == : ]]; then
          [[ ${COMP_WORDS[at]} == : ]] || at+=-1
          [[ ${COMP_WORDS[at - 1]} == oci ]] && _FUNCTION_values FOLDERS "$2"
          return
        fi
        # The option before the word, also as OPTION=[NAME=], and how many words are between them.
        if [[ ${COMP_WORDS[at]} == = ]]; then
          between=-1
        elif [[ ${COMP_WORDS[at - 1]} == = ]]; then
          at+=-1
          between=-1
        fi
        while ((--at >= first)); do
          if [[ ${COMP_WORDS[at]} == -* ]]; then
            option=${COMP_WORDS[at]}
            break
          fi
          between+=1
        done
        ((between < 0)) && between=0
        case $command in
      COMMANDS  esac
        if [[ $kind != NONE && ($between -eq 0 || ($many && $2 != -*)) ]]; then
          _FUNCTION_values $kind "$2" "$words"
        elif [[ $2 == -* ]]; then
          _FUNCTION_values WORDS "$2" "$options"
        elif [[ $commands ]]; then
          _FUNCTION_values WORDS "$2" "$commands"
        else
          _FUNCTION_values $arguments "$2" "$choices"
        fi
      }

      complete -F _FUNCTION TOOL
      """;

  private BashCompletion() {}

  static String script(CommandLine tool) {
    String name = tool.getCommandName();
    StringBuilder commands = new StringBuilder();
    CommandTree.commands(tool)
        .forEach((words, spec) -> commands.append(branch("'" + words + "'", spec)));
    Set<String> topics = new LinkedHashSet<>(tool.getSubcommands().keySet());
    topics.addAll(HelpTopics.NAMES);
    commands.append(help("help", topics));
    for (String group : CommandTree.groups(tool)) {
      CommandLine command = tool.getSubcommands().get(group);
      commands.append(help("help " + group, command.getSubcommands().keySet()));
    }
    String groups =
        Stream.concat(CommandTree.groups(tool).stream(), Stream.of("help"))
            .collect(Collectors.joining(" | "));
    return SCRIPT
        .replace("COMMANDS", commands)
        .replace("GROUPS", groups)
        .replace("FUNCTION", name.replace('-', '_'))
        .replace("TOOL", name);
  }

  private static String help(String words, Set<String> commands) {
    return "    '" + words + "') commands='" + String.join(" ", commands) + "' ;;\n";
  }

  private static String branch(String pattern, CommandSpec spec) {
    List<OptionSpec> options = CommandTree.options(spec);
    StringBuilder branch = new StringBuilder("    " + pattern + ")\n");
    branch.append("      options='").append(names(options.stream(), " ")).append("'\n");
    List<String> below = CommandTree.below(spec);
    if (!below.isEmpty()) {
      branch.append("      commands='").append(String.join(" ", below)).append("'\n");
    }
    ArgumentKind arguments = CommandTree.arguments(spec);
    branch.append("      arguments=").append(arguments.values());
    if (!arguments.words().isEmpty()) {
      branch.append(" choices='").append(String.join(" ", arguments.words())).append("'");
    }
    branch.append('\n');
    Map<String, List<OptionSpec>> byKind =
        options.stream()
            .filter(option -> ArgumentKind.of(option).values() != ArgumentKind.Values.NONE)
            .collect(
                Collectors.groupingBy(
                    BashCompletion::assignments, LinkedHashMap::new, Collectors.toList()));
    if (byKind.isEmpty()) {
      return branch.append("      ;;\n").toString();
    }
    branch.append("      case $option in\n");
    byKind.forEach(
        (kind, same) ->
            branch
                .append("        ")
                .append(names(same.stream(), " | "))
                .append(") ")
                .append(kind)
                .append(" ;;\n"));
    return branch.append("      esac\n      ;;\n").toString();
  }

  private static String assignments(OptionSpec option) {
    ArgumentKind kind = ArgumentKind.of(option);
    return "kind="
        + kind.values()
        + (kind.words().isEmpty() ? "" : " words='" + String.join(" ", kind.words()) + "'")
        + (CommandTree.takesMany(option) ? " many=1" : "");
  }

  private static String names(Stream<OptionSpec> options, String separator) {
    return options
        .flatMap(option -> Stream.of(option.names()))
        .collect(Collectors.joining(separator));
  }
}
