package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.MaxValuesExceededException;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Every way in which the parser refuses an option or an argument, for each that there is. */
class UsageErrorsTest {
  private static final Pattern JARGON =
      Pattern.compile(
          "(?i)parameter|invalid value|convert|unmatched|should be|a boolean|index|case-"
              + "|exception|java|null|\\[[A-Z]+, |: :|  ");

  private static final Pattern BEGINNING =
      Pattern.compile(
          "(--[a-z-]+(: | takes | needs a value: | is given twice: )"
              + "|unknown (option|command) |an argument |[A-Z|]+( and [A-Z|]+)? (is|are) missing)"
              + ".+|unknown option -[a-z-]+");

  private final CommandLine tool = Cli.complete();
  private final Map<String, ParameterException> errors = new LinkedHashMap<>();

  @Test
  void areEachOneLineInOurOwnWords() {
    Set<List<String>> seen = new HashSet<>();
    commands(tool)
        .forEach(
            command -> {
              for (List<String> words : List.of(List.<String>of(), List.of("a", "b", "c"))) {
                parse(command, words);
              }
              command.options().stream()
                  .filter(option -> seen.add(List.of(option.names())))
                  .forEach(option -> misuse(command, option));
            });

    Set<String> kinds = new TreeSet<>();
    errors.values().forEach(e -> kinds.add(e.getClass().getSimpleName()));
    assertThat(kinds)
        .as("kinds of errors that were met")
        .contains(
            UnmatchedArgumentException.class.getSimpleName(),
            OverwrittenOptionException.class.getSimpleName(),
            MissingParameterException.class.getSimpleName(),
            MaxValuesExceededException.class.getSimpleName(),
            ParameterException.class.getSimpleName());
    assertThat(errors)
        .hasSizeGreaterThan(300)
        .allSatisfy(
            (line, e) ->
                assertThat(UsageErrors.message(e))
                    .as("%s: %s", line, e.getMessage())
                    .doesNotContain("\n")
                    .doesNotContainPattern(JARGON)
                    .matches(BEGINNING));
  }

  private void misuse(CommandSpec command, OptionSpec option) {
    String name = option.longestName();
    for (List<String> words :
        List.of(
            List.of(name),
            List.of(name, name),
            List.of(name, "--odd"),
            List.of(name, "1", name, "2"),
            List.of(name + "="),
            List.of(name + "=x y z"))) {
      parse(command, words);
    }
  }

  private void parse(CommandSpec command, List<String> words) {
    List<String> line = new ArrayList<>(List.of(command.qualifiedName().split(" ")));
    line.addAll(words);
    try {
      tool.parseArgs(line.subList(1, line.size()).toArray(String[]::new));
    } catch (ParameterException e) {
      errors.put(String.join(" ", line), e);
    }
  }

  private static Stream<CommandSpec> commands(CommandLine parent) {
    return parent.getSubcommands().values().stream()
        .flatMap(command -> Stream.concat(Stream.of(command.getCommandSpec()), commands(command)));
  }
}
