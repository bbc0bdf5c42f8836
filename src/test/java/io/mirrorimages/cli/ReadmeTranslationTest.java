package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Holds the Chinese README to the English one. What stands between {@code begin: only in Chinese}
 * and its end, such as the walk through an accelerator, has no counterpart; {@link ReadmeIT} runs
 * its commands, and {@link DocumentsTest} checks its options and links.
 */
class ReadmeTranslationTest {
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");
  private static final Pattern MESSAGE = Pattern.compile("(?m)^\\| `([^`]+)`[^|]*\\|");
  private static final Path TROUBLESHOOTING = Path.of("src/site/markdown/troubleshooting.md");

  private String english;
  private String chinese;

  @BeforeEach
  void readWhatBothHave() throws IOException {
    english = Documents.inBothLanguages(Documents.README);
    chinese = Documents.inBothLanguages(Documents.CHINESE_README);
  }

  @Test
  void headingsAreInStep() {
    assertThat(Documents.levels(chinese))
        .isEqualTo(Documents.levels(english))
        .hasSizeGreaterThan(5);
  }

  @Test
  void commandsAreInStep() {
    assertThat(Documents.commands(chinese))
        .isEqualTo(Documents.commands(english))
        .hasSizeGreaterThan(15);
  }

  @Test
  void linksAndOptionsAreInStep() {
    assertThat(links(chinese)).isEqualTo(links(english)).hasSizeGreaterThan(15);
    assertThat(options(chinese)).isEqualTo(options(english)).hasSizeGreaterThan(15);
  }

  @Test
  void rowsOfTablesAreInStep() {
    assertThat(rows(chinese)).isEqualTo(rows(english)).hasSizeGreaterThanOrEqualTo(10);
  }

  @Test
  void eachLinksToTheOtherAtItsTop() {
    assertThat(top(english)).contains("(README.zh-CN.md)");
    assertThat(top(chinese)).contains("(README.md)");
  }

  @Test
  void messagesOfTheChineseTableAreThoseOfTheTool() throws IOException {
    String troubleshooting = Files.readString(TROUBLESHOOTING);
    String source = literalsJoined();

    assertThat(messages())
        .hasSizeGreaterThanOrEqualTo(15)
        .flatMap(message -> List.of(message.split(" ?\\.\\.\\. ?|:$")))
        .allMatch(troubleshooting::contains)
        .allMatch(source::contains);
  }

  private static List<String> messages() throws IOException {
    String text = Files.readString(Documents.CHINESE_README);
    String table = text.substring(text.indexOf("## 常见报错"), text.indexOf("## 更多"));
    return MESSAGE.matcher(table).results().map(message -> message.group(1)).toList();
  }

  /**
   * The sources of the tool, with the parts of each text that is broken over lines put together.
   */
  private static String literalsJoined() throws IOException {
    StringBuilder sources = new StringBuilder();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        sources.append(Files.readString(file));
      }
    }
    return sources.toString().replaceAll("\"\\s*\\+\\s*\"", "");
  }

  /** Without those to the other language. */
  private static Set<String> links(String readme) {
    Set<String> links = new TreeSet<>(Documents.links(readme));
    links.removeIf(link -> link.startsWith("README"));
    return links;
  }

  private static Set<String> options(String readme) {
    return Documents.codes(readme).stream()
        .flatMap(code -> OPTION.matcher(code).results())
        .map(option -> option.group())
        .collect(Collectors.toSet());
  }

  /** What the first column of each row shows as code. */
  private static List<List<String>> rows(String readme) {
    return readme
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> Documents.codes(line.split("(?<!\\\\)\\|")[1]))
        .toList();
  }

  private static String top(String readme) {
    return readme.substring(0, readme.indexOf("\n## "));
  }
}
