package io.mirrorimages;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/**
 * The files that the packages add, beside each other and the command line. {@code
 * scripts/check-release} installs them.
 */
class PackagingTest {
  private static final Path PACKAGING = Path.of("src/main/packaging");
  private static final Pattern EXEC =
      Pattern.compile("(?m)^ExecStart=/usr/bin/mirror-images (\\S+) @/etc/mirror-images/(\\S+)$");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"sync", "load"})
  void theJobFileOfAServiceHasOptionsOfItsCommand(String command) throws IOException {
    Matcher exec = EXEC.matcher(unit("mirror-images-" + command + ".service"));
    assertThat(exec.find()).isTrue();
    assertThat(exec.group(1)).isEqualTo(command);
    Path job = PACKAGING.resolve("etc").resolve(exec.group(2));
    ParseResult parsed = parse(command, job);
    assertThat(parsed.hasMatchedOption("--registry")).isTrue();
    assertThat(parsed.hasMatchedOption("--quiet")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sync", "load"})
  void theOptionsThatAJobFileSuggestsExist(String command) throws IOException {
    Path job = PACKAGING.resolve("etc/" + command + ".args");
    String asIs = Files.readString(job);
    String all = asIs.replaceAll("(?m)^#--", "--");
    assertThat(all).isNotEqualTo(asIs);
    Path switchedOn = Files.writeString(folder.resolve("job"), all);
    assertThat(parse(command, switchedOn).matchedOptions())
        .hasSizeGreaterThan(parse(command, job).matchedOptions().size());
  }

  @Test
  void theUnitsStartEachOtherAndNameTheManualPages() throws IOException {
    List<String> pages =
        Cli.complete().getSubcommands().keySet().stream().map(c -> "mirror-images-" + c).toList();
    try (Stream<Path> units = Files.list(PACKAGING.resolve("systemd"))) {
      List<Path> all = units.toList();
      assertThat(all).hasSize(4);
      for (Path unit : all) {
        String text = Files.readString(unit);
        String service = unit.getFileName().toString().replaceFirst("\\.[a-z]*$", ".service");
        assertThat(all).contains(unit.resolveSibling(service));
        Matcher page = Pattern.compile("Documentation=man:(\\S+)\\(1\\)").matcher(text);
        assertThat(page.find()).isTrue();
        assertThat(pages).contains(page.group(1));
      }
    }
  }

  @Test
  void thePathUnitWaitsForTheFileThatItsServiceRemoves() throws IOException {
    String watched = value(unit("mirror-images-load.path"), "PathExists=(\\S+)");
    String removed = value(unit("mirror-images-load.service"), "ExecStartPre=/bin/rm -f (\\S+)");
    assertThat(watched).isEqualTo(removed);
    assertThat(Files.readString(PACKAGING.resolve("etc/load.args")))
        .contains("\"" + Path.of(watched).resolveSibling("*.tar") + "\"", watched);
  }

  private static ParseResult parse(String command, Path job) {
    CommandLine tool = Cli.complete();
    tool.setCaseInsensitiveEnumValuesAllowed(true);
    return tool.parseArgs(command, "@" + job).subcommand();
  }

  private static String unit(String name) throws IOException {
    return Files.readString(PACKAGING.resolve("systemd").resolve(name));
  }

  private static String value(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }
}
