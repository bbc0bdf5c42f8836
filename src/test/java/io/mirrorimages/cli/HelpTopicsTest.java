package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class HelpTopicsTest {
  static final List<String> TOPICS = HelpTopics.NAMES;

  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");

  @ParameterizedTest
  @FieldSource("TOPICS")
  void aTopicIsPrintedAsItStandsAndFitsATerminal(String topic) {
    Command help = Command.run("help", topic);

    assertThat(help.exitCode()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out()).isEqualTo(HelpTopics.text(topic)).matches("(?s)[A-Z][^\n]+\\.\n\n.*\n");
    assertThat(help.out().lines().filter(line -> !line.startsWith("      ")))
        .allMatch(line -> line.length() <= 80 && line.matches("(?:  )?\\S.*|[A-Z ]*|[A-Z].*\\."));
    assertThat(Command.run("--help").out()).contains("mirror-images help " + topic);
  }

  @Test
  void commandLinesOfTheScheduleHaveOptionsOfTheirCommand() {
    List<MatchResult> calls =
        Pattern.compile("mirror-images (sync|load) (.*)")
            .matcher(HelpTopics.text("schedule"))
            .results()
            .toList();
    assertThat(calls).hasSizeGreaterThanOrEqualTo(3);
    for (MatchResult call : calls) {
      CommandSpec command = Cli.complete().getSubcommands().get(call.group(1)).getCommandSpec();
      assertThat(options(call.group(2))).isNotEmpty().allMatch(command.optionsMap()::containsKey);
    }
    List<String> all =
        Cli.complete().getSubcommands().get("sync").getCommandSpec().options().stream()
            .map(OptionSpec::longestName)
            .toList();
    assertThat(options(HelpTopics.text("schedule").replaceAll("systemctl .*", "")))
        .contains("--quiet", "--deadline", "--metrics")
        .allMatch(all::contains);
  }

  private static List<String> options(String text) {
    return OPTION.matcher(text).results().map(MatchResult::group).toList();
  }
}
