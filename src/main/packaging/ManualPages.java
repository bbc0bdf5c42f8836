import io.mirrorimages.cli.Cli;
import io.mirrorimages.cli.HelpTopics;
import io.mirrorimages.cli.process.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Writes manual pages and completions (bash, zsh) of all commands, from their definitions: {@code
 * java ManualPages.java SHARE EPOCH_SECONDS}. Part of the build, not of the tool.
 */
final class ManualPages {
  private static final String TOOL = "mirror-images";

  private final String date;

  private ManualPages(String date) {
    this.date = date;
  }

  public static void main(String[] arguments) throws IOException {
    Path share = Path.of(arguments[0]);
    Instant time = Instant.ofEpochSecond(Long.parseLong(arguments[1]));
    ManualPages pages = new ManualPages(time.atOffset(ZoneOffset.UTC).toLocalDate().toString());
    CommandLine tool = Cli.complete();
    Path manual = Files.createDirectories(share.resolve("man/man1"));
    pages.write(tool, manual);
    Path topics = Files.createDirectories(share.resolve("man/man7"));
    for (String topic : HelpTopics.NAMES) {
      Files.writeString(
          topics.resolve(TOOL + "-" + topic + ".7"),
          TopicPage.page(topic, pages.about(), ManualPages::roff));
    }
    Path bash = Files.createDirectories(share.resolve("bash-completion/completions"));
    Files.writeString(bash.resolve(TOOL), BashCompletion.script(tool));
    Path zsh = Files.createDirectories(share.resolve("zsh/site-functions"));
    Files.writeString(zsh.resolve("_" + TOOL), ZshCompletion.script(tool));
  }

  /** Writes the page of a command and those of the commands below it. */
  private void write(CommandLine command, Path folder) throws IOException {
    Files.writeString(folder.resolve(pageOf(command.getCommandSpec()) + ".1"), page(command));
    for (CommandLine below : command.getSubcommands().values()) {
      write(below, folder);
    }
  }

  private static String pageOf(CommandSpec command) {
    return command.qualifiedName("-");
  }

  // Manual pages: roff(7) with the macros of man(7).

  private String page(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    List<String> lines = new ArrayList<>();
    lines.add(".TH " + pageOf(spec).toUpperCase(java.util.Locale.ROOT) + " 1 " + about());
    lines.add(".SH NAME");
    String[] description = spec.usageMessage().description();
    lines.add(roff(pageOf(spec)) + " \\- " + roff(CommandTree.title(description[0])));
    lines.add(".SH SYNOPSIS");
    lines.add(synopsis(command));
    lines.add(".SH DESCRIPTION");
    lines.addAll(paragraph(description));
    section(
        lines,
        "COMMANDS",
        command.getSubcommands().values().stream().flatMap(ManualPages::reference));
    section(
        lines,
        "ARGUMENTS",
        spec.positionalParameters().stream()
            .flatMap(p -> item("\\fI" + roff(p.paramLabel()) + "\\fR", p)));
    section(lines, "OPTIONS", CommandTree.options(spec).stream().flatMap(o -> item(names(o), o)));
    section(lines, "EXAMPLES", examples(spec).stream());
    lines.add(".SH EXIT STATUS");
    lines.addAll(EXIT_STATUS);
    lines.add(".SH SEE ALSO");
    CommandLine tool = spec.root().commandLine();
    lines.add(
        Stream.concat(Stream.of(tool), tool.getSubcommands().values().stream())
            .filter(other -> other != command)
            .map(other -> ".BR " + roff(pageOf(other.getCommandSpec())) + " (1)")
            .collect(Collectors.joining(",\n")));
    return String.join("\n", lines) + "\n";
  }

  private String about() {
    return date + " \"" + TOOL + " " + Version.number() + "\" \"" + TOOL + "\"";
  }

  private static final List<String> EXIT_STATUS =
      Stream.of(
              "0", "All is done.",
              "1", "Some images failed.",
              "2", "The command line or a list is wrong.",
              "3", "Nothing could be done: no access, or no space.",
              "4", "The deadline came first: run the same command again.",
              "130", "Interrupted: the same command resumes.")
          .map(text -> Character.isDigit(text.charAt(0)) ? ".TP\n.B " + text : text)
          .toList();

  /** Those that the help of a command ends with. */
  private static List<String> examples(CommandSpec spec) {
    List<String> lines = new ArrayList<>();
    for (String line : spec.usageMessage().footer()) {
      if (line.startsWith("  " + spec.qualifiedName())) {
        if (lines.isEmpty()) {
          lines.add(".nf");
        }
        lines.add(roff(line.strip()));
      }
    }
    if (!lines.isEmpty()) {
      lines.add(".fi");
    }
    return lines;
  }

  private static void section(List<String> lines, String title, Stream<String> content) {
    List<String> all = content.toList();
    if (!all.isEmpty()) {
      lines.add(".SH " + title);
      lines.addAll(all);
    }
  }

  private static String synopsis(CommandLine command) {
    command.setUsageHelpWidth(100_000);
    String text = command.getHelp().synopsis(0).strip();
    String name = command.getCommandSpec().qualifiedName();
    return "\\fB" + roff(name) + "\\fR" + roff(text.substring(name.length()));
  }

  private static Stream<String> reference(CommandLine command) {
    return Stream.of(
        ".TP",
        ".BR " + roff(pageOf(command.getCommandSpec())) + " (1)",
        roff(CommandTree.title(command.getCommandSpec().usageMessage().description()[0]) + "."));
  }

  private static Stream<String> item(String title, ArgSpec argument) {
    return Stream.concat(Stream.of(".TP", title), paragraph(argument.description()).stream());
  }

  private static String names(OptionSpec option) {
    return Arrays.stream(option.names())
        .map(name -> "\\fB" + roff(name) + "\\fR" + parameter(name, option))
        .collect(Collectors.joining(", "));
  }

  private static String parameter(String name, OptionSpec option) {
    if (option.arity().max() == 0) {
      return "";
    }
    String label = "\\fI" + roff(option.paramLabel()) + "\\fR";
    String given = name.startsWith("--") ? "=" + label : " " + label;
    return option.arity().min() == 0 ? "[" + given.strip() + "]" : given;
  }

  /**
   * Elements of a description are paragraphs of their own if they are indented, as examples are.
   */
  private static List<String> paragraph(String[] description) {
    List<String> lines = new ArrayList<>();
    for (String line : CommandTree.formatted(description).toList()) {
      String[] columns = line.strip().split(" {2,}", 2);
      if (line.startsWith("  ") && columns.length == 2) {
        lines.addAll(List.of(".TP", ".B " + roff(columns[0]), roff(columns[1])));
      } else if (!line.isBlank()) {
        lines.add(roff(line.strip()));
      }
    }
    return lines;
  }

  private static String roff(String text) {
    String escaped = text.replace("\\", "\\(rs").replace("-", "\\-").replace("'", "\\(aq");
    return escaped.startsWith(".") ? "\\&" + escaped : escaped;
  }
}
