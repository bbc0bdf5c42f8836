package io.mirrorimages.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Markdown documents of the project, and what the tests look for in them. */
final class Documents {
  static final Path README = Path.of("README.md");
  static final Path CHINESE_README = Path.of("README.zh-CN.md");

  /** The page with the table of options. */
  static final Path OPTIONS = Path.of("src/site/markdown/options.md");

  private static final Path PAGES = Path.of("src/site/markdown");
  private static final Path INDEX = PAGES.resolve("index.md");
  private static final Path DECISIONS = PAGES.resolve("decisions");
  private static final Path CHANGES = PAGES.resolve("changes.md");

  private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```(?:sh|cron)\\n(.*?)^ *```");
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?m)^\\s*(?:[0-9*]+ [0-9*]+ \\* \\* \\* +)?((?:mirror-images|sha256sum|iconv) .*)$");
  private static final Pattern ONLY_IN_ONE_LANGUAGE =
      Pattern.compile("(?ms)^<!-- begin: only in (\\w+) -->$.*?^<!-- end: only in \\1 -->$");
  private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```$");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern HEADING = Pattern.compile("(?m)^(#+) +(.*)$");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");

  private Documents() {}

  /**
   * The pages about the tool as it is now, in the order of the index. The change log and the
   * decision records are left out: they speak of the past, too.
   */
  static List<Path> inReadingOrder() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String link : links(INDEX)) {
      Path page = INDEX.resolveSibling(link.replaceFirst("#.*", "")).normalize();
      if (page.startsWith(PAGES) && page.getNameCount() == PAGES.getNameCount() + 1) {
        pages.add(page);
      }
    }
    pages.remove(CHANGES);
    return pages;
  }

  /** The README in both languages and all pages, also those that the index has forgotten. */
  static List<Path> all() throws IOException {
    List<Path> all = new ArrayList<>(List.of(README, CHINESE_README));
    for (Path folder : List.of(PAGES, Path.of(".github"), Path.of("image-lists"))) {
      try (Stream<Path> files = Files.walk(folder)) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(all::add);
      }
    }
    return all;
  }

  /** All but the change log and the decision records. */
  static List<Path> aboutTheTool() throws IOException {
    return all().stream().filter(d -> !d.equals(CHANGES) && !d.startsWith(DECISIONS)).toList();
  }

  /** Those of them below a folder, without the index. */
  static List<Path> aboutTheToolUnder(String folder) throws IOException {
    return aboutTheTool().stream().filter(d -> d.startsWith(folder) && !d.equals(INDEX)).toList();
  }

  /** Its text without the parts that are marked as being in one language only. */
  static String inBothLanguages(Path document) throws IOException {
    return ONLY_IN_ONE_LANGUAGE.matcher(Files.readString(document)).replaceAll("");
  }

  /** The command lines in the blocks of shell and cron that a document has, in their order. */
  static List<String> commands(Path document) throws IOException {
    return commands(Files.readString(document));
  }

  static List<String> commands(String text) {
    List<String> commands = new ArrayList<>();
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      Matcher command = COMMAND.matcher(block.group(1));
      while (command.find()) {
        commands.add(command.group(1));
      }
    }
    return commands;
  }

  /** The targets of its links, as they are written. */
  static List<String> links(Path document) throws IOException {
    return links(Files.readString(document));
  }

  static List<String> links(String text) {
    return groups(LINK, 1, prose(text));
  }

  /** What it shows as code within its sentences and tables. */
  static List<String> codes(Path document) throws IOException {
    return codes(Files.readString(document));
  }

  static List<String> codes(String text) {
    return groups(CODE, 1, prose(text));
  }

  /** The marks of its headings, {@code ##} and so on, in their order. */
  static List<String> levels(String text) {
    return groups(HEADING, 1, prose(text));
  }

  /** What links may name after a {@code #}: its headings, as GitHub makes anchors of them. */
  static List<String> anchors(Path document) throws IOException {
    return groups(HEADING, 2, prose(Files.readString(document))).stream()
        .map(heading -> heading.strip().toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  private static String prose(String text) {
    return FENCED.matcher(text).replaceAll("");
  }

  private static List<String> groups(Pattern pattern, int group, String text) {
    return pattern.matcher(text).results().map(match -> match.group(group)).toList();
  }
}
