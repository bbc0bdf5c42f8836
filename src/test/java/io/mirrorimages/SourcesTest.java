package io.mirrorimages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules of the sources that neither the compiler nor the formatter keeps. */
class SourcesTest {
  private static final int MOST_FILES_OF_A_ROOM = 20;
  private static final int MOST_LINES_OF_A_CLASS = 350;

  /** Larger rooms, with the files that they may have. Nothing in this list may grow. */
  private static final Map<String, Integer> LARGER_ROOMS = Map.of("mirror/port", 21);

  /** Larger classes, with their lines. Nothing in this list may grow. */
  private static final Map<String, Integer> LARGER_CLASSES =
      Map.of("archive/read/ArchiveReader.java", 348);

  /** Words in the documents that look like types of this project: headers, the JDK's. */
  private static final Set<String> OTHER_WORDS =
      Set.of("Authorization", "HttpURLConnection", "Location", "Range");

  private static final Path MAIN = Path.of("src/main/java/io/mirrorimages");
  private static final String PACKAGE_INFO = "package-info.java";

  private static final Pattern TYPE =
      Pattern.compile("\\b(?:class|interface|record|enum) ([A-Z]\\w*)");
  private static final Pattern DECLARATION =
      Pattern.compile(
          "(?m)^ *(?:(?:public|private|protected|static|final|abstract|sealed|non-sealed) )*"
              + "@?(?:class|interface|record|enum) ([A-Z]\\w*)");
  private static final Pattern PUBLIC_TYPE =
      Pattern.compile(" *public (?:\\w+ |non-sealed )*@?(?:class|interface|record|enum) .*");
  private static final Pattern NAME_IN_DOCUMENT =
      Pattern.compile("`([A-Z][a-z]\\w*)(?:\\.(\\w+))?(?:\\(\\))?`");
  private static final Pattern DRAWING = Pattern.compile("(?s)<pre>(.*?)</pre>");
  private static final Pattern NAME_IN_DRAWING = Pattern.compile("\\b[A-Z][a-z]+[A-Z]\\w*");

  @Test
  void roomsAreSmall() throws IOException {
    for (Path room : rooms()) {
      String name = MAIN.relativize(room).toString();
      assertThat(filesOf(room))
          .as(name)
          .hasSizeLessThanOrEqualTo(LARGER_ROOMS.getOrDefault(name, MOST_FILES_OF_A_ROOM));
    }
  }

  @Test
  void classesAreSmall() throws IOException {
    for (Path file : under(MAIN, ".java")) {
      String name = MAIN.relativize(file).toString();
      assertThat(Files.readAllLines(file).size())
          .as(name)
          .isLessThanOrEqualTo(LARGER_CLASSES.getOrDefault(name, MOST_LINES_OF_A_CLASS));
    }
  }

  @Test
  void eachRoomIsExplainedAndChecksForNull() throws IOException {
    for (Path room : rooms()) {
      assertThat(room.resolve(PACKAGE_INFO)).exists();
      assertThat(Files.readString(room.resolve(PACKAGE_INFO)))
          .as(room.toString())
          .startsWith("/**")
          .contains("\n@NullMarked\n");
    }
  }

  @Test
  void publicTypesAreExplained() throws IOException {
    List<String> unexplained = new ArrayList<>();
    for (Path file : under(MAIN, ".java")) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (PUBLIC_TYPE.matcher(lines.get(i)).matches() && !isExplained(lines, i)) {
          unexplained.add(file + ": " + lines.get(i).strip());
        }
      }
    }
    assertThat(unexplained).isEmpty();
  }

  /** A name that two types share is read as the wrong one; nested types count too. */
  @Test
  void noTwoTypesShareTheirSimpleName() throws IOException {
    Map<String, List<String>> declared = new TreeMap<>();
    for (Path file : under(MAIN, ".java")) {
      DECLARATION
          .matcher(Files.readString(file))
          .results()
          .forEach(
              type ->
                  declared
                      .computeIfAbsent(type.group(1), name -> new ArrayList<>())
                      .add(MAIN.relativize(file).toString()));
    }
    assertThat(declared).hasSizeGreaterThan(500);
    declared.values().removeIf(files -> files.size() == 1);
    assertThat(declared).isEmpty();
  }

  @Test
  void drawingsOfRoomsShowTypesThatExist() throws IOException {
    Set<String> types = types().keySet();
    List<String> unknown = new ArrayList<>();
    int seen = 0;
    for (Path info : under(MAIN, PACKAGE_INFO)) {
      for (MatchResult drawing : DRAWING.matcher(Files.readString(info)).results().toList()) {
        for (MatchResult name : NAME_IN_DRAWING.matcher(drawing.group(1)).results().toList()) {
          seen++;
          if (!types.contains(name.group())) {
            unknown.add(info + ": " + name.group());
          }
        }
      }
    }
    assertThat(unknown).isEmpty();
    assertThat(seen).isGreaterThan(20);
  }

  @Test
  void documentsNameTypesAndMembersThatExist() throws IOException {
    Map<String, String> types = types();
    List<String> unknown = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Path document : documents()) {
      NAME_IN_DOCUMENT
          .matcher(Files.readString(document))
          .results()
          .filter(name -> !OTHER_WORDS.contains(name.group(1)))
          .forEach(
              name -> {
                seen.add(name.group(1));
                String member = name.group(2) == null ? name.group(1) : name.group(2);
                String source = types.getOrDefault(name.group(1), "");
                if (!Pattern.compile("\\b" + member + "\\b").matcher(source).find()) {
                  unknown.add(document + ": " + name.group());
                }
              });
    }
    assertThat(unknown).isEmpty();
    assertThat(seen).hasSizeGreaterThan(20);
  }

  private static List<Path> rooms() throws IOException {
    List<Path> rooms = new ArrayList<>();
    try (Stream<Path> folders = Files.walk(MAIN)) {
      for (Path folder : folders.filter(Files::isDirectory).toList()) {
        if (!folder.equals(MAIN)) {
          rooms.add(folder);
        }
      }
    }
    assertThat(rooms).contains(MAIN.resolve("image"), MAIN.resolve("registry/http"));
    return rooms;
  }

  private static List<Path> filesOf(Path room) throws IOException {
    try (Stream<Path> files = Files.list(room)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.endsWith(PACKAGE_INFO))
          .toList();
    }
  }

  private static List<Path> under(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents =
        new ArrayList<>(List.of(Path.of("README.md"), Path.of("README.zh-CN.md")));
    documents.addAll(under(Path.of("src/site/markdown"), ".md"));
    documents.addAll(under(Path.of(".github"), ".md"));
    return documents;
  }

  /** Whether a comment stands above, with nothing but annotations in between. */
  private static boolean isExplained(List<String> lines, int declaration) {
    int line = declaration - 1;
    while (line >= 0 && !lines.get(line).isBlank() && !lines.get(line).endsWith("*/")) {
      line--;
    }
    return line >= 0 && lines.get(line).endsWith("*/");
  }

  /** Each type, of the tests too, with the source of the files that declare it. */
  private static Map<String, String> types() throws IOException {
    Map<String, String> types = new TreeMap<>();
    for (Path file : under(Path.of("src"), ".java")) {
      String source = Files.readString(file);
      TYPE.matcher(source)
          .results()
          .forEach(type -> types.merge(type.group(1), source, String::concat));
    }
    return types;
  }
}
