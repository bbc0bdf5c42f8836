package io.mirrorimages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mirrorimages.cli.Cli;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The manual pages and completions that the build makes, in the programs that read them. */
class ManualPagesIT {
  private static final Path DIST =
      Path.of(System.getProperty("mirror-images.command")).getParent().getParent();

  @TempDir private static Path share;

  @BeforeAll
  static void make() throws Exception {
    run("scripts/manual", DIST.toString(), share.toString());
  }

  @Test
  void eachCommandHasAPageWithAllItsOptions() throws IOException {
    CommandLine tool = Cli.complete();
    assertThat(page("mirror-images")).contains(tool.getSubcommands().keySet());
    for (CommandLine command : tool.getSubcommands().values()) {
      String page = page("mirror-images-" + command.getCommandName());
      assertThat(page).startsWith(".TH ").contains(".SH EXAMPLES\n.nf\n", ".SH EXIT STATUS");
      for (OptionSpec option : command.getCommandSpec().options()) {
        assertThat(page).contains(option.names()).contains(option.description()[0].substring(0, 9));
      }
    }
  }

  @Test
  void thePlanOfEachCommandHasAPageOfItsOwn() throws IOException {
    assertThat(page("mirror-images-plan")).contains(".BR mirror-images-plan-load (1)");
    assertThat(page("mirror-images-plan-save")).contains("--stick-size", ".SH EXAMPLES");
  }

  @Test
  void manShowsThePagesWithoutAWarning() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/man")), "man is installed");
    for (Path page : pages()) {
      String shown = run("man", "--local-file", "--warnings=w", page.toString());
      assertThat(shown).contains("NAME", "SYNOPSIS", "EXIT STATUS").doesNotContain("warning:");
    }
    assertThat(run("man", "--local-file", page("save", "1").toString()))
        .containsPattern("-o FILE\\|oci:DIR, --output=FILE\\|oci:DIR");
  }

  @Test
  void mandocFindsNoFault() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/mandoc")), "mandoc is installed");
    for (Path page : pages()) {
      assertThat(run("mandoc", "-T", "lint", "-W", "warning", page.toString())).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"sav,save", "save --volume-s,--volume-size", "load --mapp,--mapping"})
  void bashCompletesCommandsAndOptions(String typed, String expected) throws Exception {
    Path completion = share.resolve("bash-completion/completions/mirror-images");
    String script =
        """
        compopt() { :; }
        source "$0"
        COMP_WORDS=(mirror-images %s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        COMP_LINE="mirror-images %s"; COMP_POINT=${#COMP_LINE}
        $(complete -p mirror-images | grep -o '_[^ ]*') mirror-images
        echo "${COMPREPLY[@]}"
        """;
    assertThat(run("bash", "--norc", "-c", script.formatted(typed, typed), completion.toString()))
        .isEqualTo(expected + "\n");
  }

  @Test
  void zshAcceptsItsCompletion() throws Exception {
    Path completion = share.resolve("zsh/site-functions/_mirror-images");
    assertThat(completion)
        .content()
        .startsWith("#compdef mirror-images\n")
        .contains("'save:Save the images", "'*--list=[Image list, one reference per line;");
    assumeTrue(Files.exists(Path.of("/usr/bin/zsh")), "zsh is installed");
    assertThat(run("zsh", "-n", completion.toString())).isEmpty();
  }

  private static Path page(String command, String section) {
    return share.resolve("man/man1/mirror-images-" + command + "." + section);
  }

  private static String page(String name) throws IOException {
    return Files.readString(share.resolve("man/man1/" + name + ".1")).replace("\\-", "-");
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> all = Files.list(share.resolve("man/man1"))) {
      return all.toList();
    }
  }

  private static String run(String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MANWIDTH", "80");
    Process process = builder.start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }
}
