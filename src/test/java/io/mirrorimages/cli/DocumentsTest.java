package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.cli.command.Commands;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Holds the documents to the commands, and to each other. {@link ReadmeIT} runs their commands. */
class DocumentsTest {
  /** Two pages. */
  private static final int MOST_LINES_OF_THE_README = 140;

  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");
  private static final Set<String> OF_EACH_COMMAND = Set.of("--help", "--version");

  private final Map<String, CommandSpec> commands = new HashMap<>();

  DocumentsTest() {
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    for (String name : Commands.names()) {
      commands.put(name, Commands.make(name, nowhere, nowhere).getCommandSpec());
    }
  }

  @Test
  void theTableOfOptionsHasEachOptionOfEachCommandAndNoOther() throws IOException {
    Map<String, Set<String>> expected = new TreeMap<>();
    commands.forEach((name, command) -> expected.put(name, publicOptions(command)));
    expected.values().removeIf(Set::isEmpty);

    assertThat(documentedOptions()).isEqualTo(expected);
  }

  @Test
  void optionsThatDocumentsNameExist() throws IOException {
    List<String> unknown = new ArrayList<>();
    for (Path document : Documents.aboutTheTool()) {
      for (String code : Documents.codes(document)) {
        for (String option : options(code)) {
          if (!exists(code, option)) {
            unknown.add(document + ": " + option + " in `" + code + "`");
          }
        }
      }
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void commandLinesOfDocumentsHaveOptionsOfTheirCommand() throws IOException {
    int seen = 0;
    for (Path document : Documents.aboutTheTool()) {
      for (String line : Documents.commands(document)) {
        String[] words = line.replace("mirror-images plan ", "mirror-images ").split(" ");
        if (words[0].equals("mirror-images") && !OF_EACH_COMMAND.contains(words[1])) {
          assertThat(commands).as(document + ": " + line).containsKey(words[1]);
          assertThat(names(commands.get(words[1])))
              .as(document + ": " + line)
              .containsAll(options(line));
          seen++;
        }
      }
    }
    assertThat(seen).isGreaterThan(30);
  }

  @Test
  void linksLeadToFilesAndHeadings() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path document : Documents.all()) {
      for (String link : Documents.links(document)) {
        if (!link.contains("://") && !leadsSomewhere(document, link)) {
          broken.add(document + ": " + link);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void theIndexNamesEveryPage() throws IOException {
    assertThat(Documents.inReadingOrder()).containsAll(Documents.aboutTheToolUnder("src/site"));
  }

  @Test
  void theReadmeHasTwoPages() throws IOException {
    assertThat(Files.readAllLines(Documents.README)).hasSizeLessThan(MOST_LINES_OF_THE_README);
  }

  @Test
  void theDrawingOfRoomsHasEachRoom() throws IOException {
    String guide = Files.readString(Path.of(".github/CONTRIBUTING.md"));
    String drawing = guide.substring(guide.indexOf("```text"), guide.lastIndexOf("```"));
    try (Stream<Path> rooms = Files.walk(Path.of("src/main/java/io/mirrorimages"))) {
      List<String> names =
          rooms
              .skip(1)
              .filter(Files::isDirectory)
              .map(room -> room.getFileName().toString())
              .toList();
      assertThat(names).contains("image", "cli", "upload");
      assertThat(drawing.split("\\W+")).containsAll(names);
    }
  }

  private static Set<String> publicOptions(CommandSpec command) {
    return command.options().stream()
        .filter(option -> !option.hidden())
        .flatMap(option -> Stream.of(option.names()))
        .filter(name -> name.startsWith("--") && !OF_EACH_COMMAND.contains(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> names(CommandSpec command) {
    return command.options().stream()
        .map(OptionSpec::names)
        .flatMap(Stream::of)
        .collect(Collectors.toSet());
  }

  /** The options of each command, as the rows of the table say: options, commands, meaning. */
  private static Map<String, Set<String>> documentedOptions() throws IOException {
    Map<String, Set<String>> documented = new TreeMap<>();
    for (String line : Files.readAllLines(Documents.OPTIONS)) {
      String[] columns = line.split("(?<!\\\\)\\|");
      if (line.startsWith("| `--")) {
        for (String command : columns[2].strip().split(", ")) {
          documented.computeIfAbsent(command, c -> new TreeSet<>()).addAll(options(columns[1]));
        }
      }
    }
    return documented;
  }

  private static Set<String> options(String text) {
    return OPTION.matcher(text).results().map(r -> r.group()).collect(Collectors.toSet());
  }

  /** Whether it is an option of the command that the code begins with, or of any. */
  private boolean exists(String code, String option) {
    List<String> words = new ArrayList<>(List.of(code.split("[ =\\[]")));
    words.remove("mirror-images");
    words.remove("plan");
    String first = words.isEmpty() ? "" : words.getFirst();
    if (commands.containsKey(first)) {
      return names(commands.get(first)).contains(option);
    }
    // Other programs have other options.
    return !first.startsWith("--")
        || commands.values().stream().anyMatch(command -> names(command).contains(option));
  }

  private static boolean leadsSomewhere(Path document, String link) throws IOException {
    String[] parts = link.split("#", 2);
    Path file =
        parts[0].isEmpty()
            ? document
            : Path.of(".").resolve(document).resolveSibling(parts[0]).normalize();
    return Files.exists(file) && (parts.length == 1 || Documents.anchors(file).contains(parts[1]));
  }
}
