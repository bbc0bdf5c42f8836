package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.cli.command.Commands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What the command line knows of its commands, though it looks only at those it needs. */
class CommandsTest {
  private static final Pattern COMMAND = Pattern.compile("(?m)^  ([a-z-]+) {2,}[A-Z]");

  /** A former name that still works. */
  private static final String HIDDEN = "registries-yaml";

  static Collection<String> names() {
    return Commands.names();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-h", "--help"})
  void theHelpListsAllCommands(String option) {
    Command help = Command.run(option);

    assertThat(help.exitCode()).isZero();
    String commands = help.out().substring(help.out().indexOf("\nCommands:\n"));
    List<String> listed =
        COMMAND.matcher(commands).results().map((MatchResult m) -> m.group(1)).toList();
    List<String> shown = new ArrayList<>(Commands.names());
    assertThat(shown.remove(HIDDEN)).isTrue();
    assertThat(listed).containsExactlyElementsOf(shown);
  }

  @Test
  void noArgumentsAreAUsageErrorThatListsThemToo() {
    Command nothing = Command.run();

    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.err()).contains("\nCommands:\n").contains("nodes");
  }

  /** With those below plan. */
  static List<String> fullNames() {
    return Stream.concat(
            names().stream(), Stream.of("save", "load", "sync").map(name -> "plan " + name))
        .toList();
  }

  private static Command help(String name) {
    return Command.run((Object[]) ("help " + name).split(" "));
  }

  @ParameterizedTest
  @MethodSource("fullNames")
  void aCommandHasHelpUnderItsOwnName(String name) {
    Command help = help(name);

    assertThat(help.exitCode()).as(help.err()).isZero();
    assertThat(help.out()).startsWith("Usage: mirror-images " + name);
    assertThat(help.out()).contains("\nHelp:\n  -h, --help ", "\nExamples:\n");
    assertThat(help.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @ParameterizedTest
  @MethodSource("fullNames")
  void theExamplesOfAHelpAreCommandLines(String name) {
    List<String> examples =
        help(name)
            .out()
            .replaceFirst("(?s).*\nExamples:\n", "")
            .lines()
            .map(String::strip)
            .toList();

    assertThat(examples).hasSize(2);
    for (String example : examples) {
      String[] words = example.replace("'", "").split(" ");
      CommandLine.ParseResult parsed =
          Cli.complete()
              .setCaseInsensitiveEnumValuesAllowed(true)
              .parseArgs(Arrays.copyOfRange(words, 1, words.length));
      assertThat(parsed.asCommandLineList().getLast().getCommandSpec().qualifiedName())
          .startsWith("mirror-images " + name);
    }
  }

  /** What an error says that they take. */
  @Test
  void anOptionOfFewWordsHasThemInItsHelp() {
    List<OptionSpec> few =
        Cli.complete().getSubcommands().values().stream()
            .flatMap(command -> command.getCommandSpec().options().stream())
            .filter(option -> option.typeInfo().isEnum())
            .toList();
    assertThat(few).isNotEmpty();
    for (OptionSpec option : few) {
      String words =
          Stream.of(option.typeInfo().getType().getEnumConstants())
              .map(word -> word.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
              .collect(Collectors.joining("|"));
      assertThat(option.paramLabel()).as(option.longestName()).isEqualTo(words);
    }
  }

  @Test
  void theHelpOfACommandIsInGroups() {
    assertThat(Command.run("save", "--help").out())
        .containsSubsequence(
            "\nWhat:\n",
            "--list",
            "\nWhere from:\n",
            "--mirror",
            "\nWhere to:\n",
            "--output",
            "\nPace:\n",
            "--jobs",
            "\nOutput:\n",
            "--quiet",
            "\nAdvanced:\n",
            "--source-");
  }

  @ParameterizedTest
  @MethodSource("fullNames")
  void aMistakeInACommandNamesItsHelp(String name) {
    assertThat(Command.run((Object[]) (name + " --no-such-option").split(" ")).complaint(2))
        .endsWith("(try mirror-images help " + name + ")");
  }

  @Test
  void aMistakenCommandIsAUsageError() {
    assertThat(Command.run("sve").complaint(2))
        .contains("\"sve\"", "did you mean save")
        .endsWith("(try mirror-images help)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-V", "--version"})
  void theVersionIsPrinted(String option) {
    Command version = Command.run(option);

    assertThat(version.exitCode()).isZero();
    assertThat(version.out()).startsWith("mirror-images ").hasLineCount(1);
  }
}
