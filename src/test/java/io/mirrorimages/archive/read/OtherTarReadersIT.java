package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mirrorimages.testing.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tars that we take, listed by other programs; the odd ones are those of TarReadersTest. */
class OtherTarReadersIT {
  private static final int TARS = 400;
  private static final Pattern LINE = Pattern.compile("-[^ ]+ +[^ ]+ +([0-9]+) [^ ]+ [^ ]+ (.*)");

  @TempDir Path folder;

  /** What we list of each tar that we take. */
  private final Map<Path, List<String>> taken = new LinkedHashMap<>();

  private final List<Path> all = new ArrayList<>();

  @BeforeEach
  void make() throws IOException {
    for (int i = 0; i < TARS; i++) {
      byte[] tar = OddTars.next(new Random(i));
      Path file = Files.write(folder.resolve(i + ".tar"), tar);
      all.add(file);
      Optional<List<String>> ours = TarReadersTest.list(tar, folder);
      ours.ifPresent(files -> taken.put(file, files));
    }
    assertThat(taken).hasSizeGreaterThan(TARS / 10);
  }

  @Test
  void goReadsThemAlike() throws Exception {
    assumeTrue(Tool.isInstalled("go"), "Go is not installed");
    Path source = folder.resolve("list.go");
    try (InputStream in = getClass().getResourceAsStream("/tar/list.go.txt")) {
      Files.copy(in, source);
    }
    Path program = folder.resolve("list");
    Tool.run(
        List.of("go", "build", "-o", program.toString(), source.toString()),
        Map.of("GO111MODULE", "off"));

    Map<Path, List<String>> listed = listed(List.of(program.toString()));
    assertAlike(listed);
    // The model of the other test is this very reader; sparse files it leaves out, as we do.
    for (Path tar : all) {
      List<String> model = model(tar);
      assertThat(model.equals(listed.get(tar)) || model.equals(List.of("sparse")))
          .as(tar + ": " + model + ", not " + listed.get(tar))
          .isTrue();
    }
  }

  @Test
  void pythonReadsThemAlike() throws Exception {
    assumeTrue(Tool.isInstalled("python3"), "Python is not installed");
    Path script = folder.resolve("list.py");
    try (InputStream in = getClass().getResourceAsStream("/tar/list.py")) {
      Files.copy(in, script);
    }

    assertAlike(listed(List.of("python3", script.toString())));
  }

  @Test
  void gnuTarReadsThemAlike() throws Exception {
    assumeTrue(Tool.isInstalled("tar"), "GNU tar is not installed");
    Map<Path, List<String>> listed = new LinkedHashMap<>();
    for (Path tar : taken.keySet()) {
      List<String> files = new ArrayList<>();
      String lines =
          Tool.run(
              List.of("tar", "-tvf", tar.toString(), "--numeric-owner", "--quoting-style=literal"),
              Map.of("LC_ALL", "C.UTF-8", "TZ", "UTC"));
      for (String line : lines.lines().toList()) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
          files.add(matcher.group(2) + " " + matcher.group(1));
        }
      }
      listed.put(tar, files);
    }
    assertAlike(listed);
  }

  private void assertAlike(Map<Path, List<String>> listed) {
    taken.forEach(
        (tar, ours) ->
            assertThat(listed.get(tar).stream().map(OtherTarReadersIT::cleaned))
                .as(tar.getFileName().toString())
                .containsExactlyElementsOf(ours));
  }

  private static String cleaned(String file) {
    return file.startsWith("!") ? file : TarReadersTest.cleaned(file);
  }

  /** As the program lists it; a file in which it gives up has a line of its own. */
  private static List<String> model(Path tar) throws IOException {
    try {
      return GoTar.list(Files.readAllBytes(tar));
    } catch (IllegalStateException e) {
      return List.of(e.getMessage().endsWith("sparse") ? "sparse" : "!");
    }
  }

  private Map<Path, List<String>> listed(List<String> program) throws Exception {
    List<String> command = new ArrayList<>(program);
    all.forEach(tar -> command.add(tar.toString()));
    Map<Path, List<String>> listed = new LinkedHashMap<>();
    List<String> files = List.of();
    for (String line : Tool.run(command, Map.of("PYTHONIOENCODING", "utf-8")).lines().toList()) {
      if (line.startsWith("=")) {
        files = new ArrayList<>();
        listed.put(Path.of(line.substring(1)), files);
      } else if (line.startsWith("!")) {
        files.clear();
        files.add("!");
      } else {
        files.add(line);
      }
    }
    return listed;
  }
}
