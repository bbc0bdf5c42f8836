package io.mirrorimages.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Markdown documents of the project, and what the tests look for in them. */
final class Documents {
  static final Path README = Path.of("README.md");
  static final Path CHINESE_README = Path.of("README.zh-CN.md");

  private static final Path PAGES = Path.of("src/site/markdown");
  private static final Path INDEX = PAGES.resolve("index.md");
  private static final Path CHANGES = PAGES.resolve("changes.md");

  private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```(?:sh|cron)\\n(.*?)^ *```");
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?m)^\\s*(?:[0-9*]+ [0-9*]+ \\* \\* \\* +)?((?:mirror-images|sha256sum) .*)$");
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

  /** The command lines in the blocks of shell and cron that a document has, in their order. */
  static List<String> commands(Path document) throws IOException {
    List<String> commands = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(document));
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
    List<String> links = new ArrayList<>();
    Matcher link = LINK.matcher(Files.readString(document));
    while (link.find()) {
      links.add(link.group(1));
    }
    return links;
  }
}
