package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.nodes.system.NodeSystems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of nodes has a section, or a page, that says the same four things. */
class NodePagesTest {
  private static final Path PAGES = Path.of("src/site/markdown");
  private static final List<String> PARTS =
      List.of("Command", "Files", "Verify", "What goes wrong");

  static Iterable<String> kinds() {
    return NodeSystems.names();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void eachKindHasItsCommandFilesCheckAndFaults(String kind) throws IOException {
    Pattern command = Pattern.compile("(?m)^mirror-images nodes " + kind + " --registry ");
    List<String> sections =
        sections().stream().filter(section -> command.matcher(section).find()).toList();

    assertThat(sections).as("sections of " + kind).hasSize(1);
    String section = sections.getFirst();
    for (String part : PARTS) {
      assertThat(part(section, part)).as(kind + ": " + part).isNotBlank();
    }
    assertThat(part(section, "Command")).containsPattern(command);
    assertThat(part(section, "Files"))
        .containsPattern("`[^`]+[.](yaml|toml|conf|json|yml|sh)`|The files of");
    assertThat(part(section, "Verify")).contains("`");
    assertThat(part(section, "What goes wrong").lines().filter(line -> line.startsWith("| ")))
        .as(kind + ": a table of symptoms")
        .hasSizeGreaterThan(3);
  }

  @Test
  void aSectionWithoutOneOfThemIsFound() {
    assertThat(part("## a\n\n### Command\n\nx\n\n### Files\n\n### Verify\n", "Files")).isBlank();
    assertThat(part("## a\n\n### Command\n\nx\n", "Verify")).isBlank();
  }

  /** The text below a heading of that name, up to the next one; empty if there is none. */
  private static String part(String section, String name) {
    String[] parts = Pattern.compile("(?m)^#{2,3} ").split(section);
    return Stream.of(parts)
        .filter(part -> part.startsWith(name + "\n"))
        .map(part -> part.substring(name.length()))
        .findFirst()
        .orElse("");
  }

  /** Pages of one kind as they are; the others cut at the headings of their kinds. */
  private static List<String> sections() throws IOException {
    List<String> sections = new ArrayList<>();
    try (Stream<Path> pages = Files.list(PAGES)) {
      for (Path page : pages.filter(NodePagesTest::isAboutNodes).toList()) {
        String text = Files.readString(page);
        sections.addAll(
            text.contains("\n## Command\n")
                ? List.of(text)
                : List.of(Pattern.compile("(?m)^(?=## )").split(text)));
      }
    }
    return sections;
  }

  private static boolean isAboutNodes(Path page) {
    return page.getFileName().toString().startsWith("nodes-");
  }
}
