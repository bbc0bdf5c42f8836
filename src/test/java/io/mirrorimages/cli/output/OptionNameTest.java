package io.mirrorimages.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.cli.command.Commands;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Only the command line knows what its options are called. */
class OptionNameTest {
  private static final Path MAIN = Path.of("src/main/java/io/mirrorimages");
  private static final Pattern LITERAL = Pattern.compile("\"(?:\\\\.|[^\"\\\\\\n])*\"");
  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|(?m)^\\s*//.*$");
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z]+(-[a-z]+)*\\b");

  /** The commands that these rooms write belong to other systems, unless they name the tool. */
  private static final Pattern OTHER_SYSTEMS =
      Pattern.compile("nodes/(cache|containers|kubernetes|rancher|runtime)/.*");

  private static final Pattern TOOL = Pattern.compile("mirror-images ");

  @Test
  void noOtherRoomNamesAnOption() throws IOException {
    List<String> named = new ArrayList<>();
    try (Stream<Path> files = Files.walk(MAIN)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        if (!MAIN.relativize(file).startsWith("cli")) {
          boolean other = OTHER_SYSTEMS.matcher(MAIN.relativize(file).toString()).matches();
          String code = COMMENT.matcher(Files.readString(file)).replaceAll("");
          Matcher literals = LITERAL.matcher(code);
          while (literals.find()) {
            String literal = literals.group();
            if (OPTION.matcher(literal).find() && (!other || TOOL.matcher(literal).find())) {
              named.add(file + ": " + literal);
            }
          }
        }
      }
    }
    assertThat(named).as("options of the command line named outside of it: use Setting").isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Setting.class)
  void everySettingIsAnOption(Setting setting) {
    Set<String> options =
        Commands.names().stream()
            .map(name -> Commands.make(name, System.out, System.err))
            .flatMap(command -> command.getCommandSpec().options().stream())
            .flatMap(option -> Stream.of(option.names()))
            .collect(Collectors.toSet());
    assertThat(options).contains(OptionName.of(setting));
  }

  @ParameterizedTest
  @CsvSource({
    "sync, SOURCE, --source-ca-file",
    "sync, TARGET, --target-ca-file",
    "sync, ANY, --source-ca-file or --target-ca-file",
    "save, SOURCE, --ca-file",
    "load, TARGET, --ca-file",
  })
  void eachSideHasItsOwnOptions(String command, Side side, String options) {
    CommandSpec spec = Commands.make(command, System.out, System.err).getCommandSpec();
    assertThat(Setting.named("give " + side.mark(Setting.CA_FILE), OptionName.in(spec)))
        .isEqualTo("give " + options);
    assertThat(Setting.named(side.mark(Setting.MAPPING), OptionName.in(spec)))
        .isEqualTo("--mapping");
  }

  @Test
  void anOptionOfSeveralNamesIsCalledAsItWasGiven() {
    CommandLine convert = Commands.make("convert", System.out, System.err);
    convert.setCaseInsensitiveEnumValuesAllowed(true);
    CommandSpec spec = convert.getCommandSpec();
    assertThat(Setting.named("" + Setting.OUTPUT, OptionName.in(spec))).isEqualTo("--to");
    convert.parseArgs("--archive", "a.tar", "--output=b.tar");
    assertThat(Setting.named("" + Setting.OUTPUT, OptionName.in(spec))).isEqualTo("--output");
    convert.parseArgs("--from", "a.tar", "--to", "b.tar");
    assertThat(Setting.named("" + Setting.ARCHIVE, OptionName.in(spec))).isEqualTo("--from");
    // The list of what is not done belongs to the same job whichever name is used.
    assertThat(CommandOptions.job(spec).toString()).contains("convert --from a.tar --to ");
  }

  @Test
  void marksBecomeOptionsAndOtherBracesStay() {
    assertThat(
            Setting.named(
                "give " + Setting.CA_FILE + ", not {setting odd} or {\"a\": {}}", OptionName::of))
        .isEqualTo("give --ca-file, not {setting odd} or {\"a\": {}}");
  }
}
