package io.mirrorimages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mirrorimages.cli.Cli;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The manual pages and completions that the build makes, in the programs that read them. */
@Timeout(300)
class ManualPagesIT {
  private static final Path DIST =
      Path.of(System.getProperty("mirror-images.command")).getParent().getParent();

  @TempDir private static Path share;
  @TempDir private Path folder;

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
  void eachTopicHasAPage() throws Exception {
    Path page = share.resolve("man/man7/mirror-images-schedule.7");
    assertThat(page).content().contains(".SH CRON\n.nf\nMAILTO=", "\n.fi\n", ".SH EXIT CODES");
    assumeTrue(Files.exists(Path.of("/usr/bin/man")), "man is installed");
    assertThat(run("man", "--local-file", page.toString()))
        .containsPattern("mirror-images-schedule +- +Run +by itself")
        .contains("EXIT CODES");
  }

  @Test
  void manShowsThePagesWithoutAWarning() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/man")), "man is installed");
    for (Path page : pages()) {
      String shown = run("man", "--local-file", "--warnings=w", page.toString());
      assertThat(shown).contains("NAME").doesNotContain("warning:");
      if (page.toString().endsWith(".1")) {
        assertThat(shown).contains("SYNOPSIS", "EXIT STATUS");
      }
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

  /** Typed with a tab at the end in an interactive bash, and what the tool gets. */
  @Test
  void bashCompletesCommandsOptionsFilesAndWords() throws Exception {
    Path completion = share.resolve("bash-completion/completions/mirror-images");
    Map<String, String> more = new LinkedHashMap<>(TYPED);
    more.put("save --list 'my i", "<save><--list><my images.txt>");
    more.put("load \"ran", "<load><rancher one.tar>");
    more.put("load oci:my", "<load><oci:my folder/>");
    more.put("save --output oci:sta", "<save><--output><oci:state/>");
    more.put("load --cert-file a=oth", "<load><--cert-file><a=other.pem>");
    more.put("load --state st", "<load><--state><state/>");
    more.put("plan save --carr", "<plan><save><--carry-sheet>");

    assertThat(
            completed("bash --noprofile --rcfile .zshrc -i", "source " + completion, more.keySet()))
        .containsExactlyElementsOf(more.values());
  }

  @Test
  void zshCompletesThemToo() throws Exception {
    Path completion = share.resolve("zsh/site-functions/_mirror-images");
    assertThat(completion).content().startsWith("#compdef mirror-images\n");
    assumeTrue(Files.exists(Path.of("/usr/bin/zsh")), "zsh is installed");
    String start = "fpath=(%s $fpath)\nautoload -Uz compinit\ncompinit -u -D";

    assertThat(
            completed(
                "ZDOTDIR=. zsh -d -i", start.formatted(completion.getParent()), TYPED.keySet()))
        .containsExactlyElementsOf(TYPED.values());
  }

  private static final Map<String, String> TYPED = new LinkedHashMap<>();

  static {
    TYPED.put("sav", "<save>");
    TYPED.put("plan lo", "<plan><load>");
    TYPED.put("help pl", "<help><plan>");
    TYPED.put("help sch", "<help><schedule>");
    TYPED.put("help plan sa", "<help><plan><save>");
    TYPED.put("save --volume", "<save><--volume-size>");
    TYPED.put("save --list my\\ i", "<save><--list><my images.txt>");
    TYPED.put("save --list=rke", "<save><--list=rke2.txt>");
    TYPED.put("save -l rke2.txt my\\ i", "<save><-l><rke2.txt><my images.txt>");
    TYPED.put("save -l rke2.txt --over", "<save><-l><rke2.txt><--overwrite>");
    TYPED.put("load r", "<load><rancher one.tar>");
    TYPED.put("load o", "<load><other.pem>");
    TYPED.put("load --archive ran", "<load><--archive><rancher one.tar>");
    TYPED.put("load --mapping by", "<load><--mapping><by-registry>");
    TYPED.put("load --log-format=j", "<load><--log-format=json>");
    TYPED.put("load --report r", "<load><--report><r>");
    TYPED.put("save --jobs r", "<save><--jobs><r>");
    TYPED.put("save --for rk", "<save><--for><rke2>");
    TYPED.put("nodes kub", "<nodes><kubeadm>");
    TYPED.put("diff rke", "<diff><rke2.txt>");
  }

  /** What the tool gets where each of {@code typed}, and a tab, is typed on a terminal. */
  private List<String> completed(String shell, String start, Set<String> typed) throws Exception {
    for (String name : List.of("my images.txt", "rancher one.tar", "rke2.txt", "other.pem")) {
      Files.createFile(folder.resolve(name));
    }
    Files.createDirectory(folder.resolve("my folder"));
    Files.createDirectory(folder.resolve("state"));
    String tool = "mirror-images() { { printf '<%s>' \"$@\"; echo; } >>got.log; }";
    Files.writeString(folder.resolve(".zshrc"), start + "\n" + tool + "\n");
    String lines =
        typed.stream()
            .map(line -> "mirror-images " + line + "\t\r")
            .collect(Collectors.joining("", "", "exit\r"));
    ProcessBuilder builder = new ProcessBuilder("script", "-qfec", shell, "/dev/null");
    builder.environment().putAll(Map.of("SHELL", "/bin/sh", "TERM", "dumb", "HISTFILE", ""));
    Process terminal = builder.directory(folder.toFile()).redirectErrorStream(true).start();
    try (OutputStream keyboard = terminal.getOutputStream()) {
      keyboard.write(lines.getBytes(StandardCharsets.UTF_8));
      keyboard.flush();
      String screen = new String(terminal.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(folder.resolve("got.log")).as(screen).exists();
    }
    return Files.readAllLines(folder.resolve("got.log"));
  }

  private static Path page(String command, String section) {
    return share.resolve("man/man1/mirror-images-" + command + "." + section);
  }

  private static String page(String name) throws IOException {
    return Files.readString(share.resolve("man/man1/" + name + ".1")).replace("\\-", "-");
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String section : List.of("man1", "man7")) {
      try (Stream<Path> all = Files.list(share.resolve("man").resolve(section))) {
        pages.addAll(all.toList());
      }
    }
    return pages;
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
