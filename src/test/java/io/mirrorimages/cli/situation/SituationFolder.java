package io.mirrorimages.cli.situation;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.cli.Command;
import io.mirrorimages.nodes.NodeSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** A folder with configurations as people wrote them, and those of {@code nodes} beside them. */
final class SituationFolder {
  private final Path folder;
  private int written;

  SituationFolder(Path folder) {
    this.folder = folder;
  }

  /** A file as people wrote it. */
  Path file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /** A list of images. */
  Path list(String... images) throws IOException {
    return file("list" + written++ + ".txt", String.join("\n", images) + "\n");
  }

  /** The files of {@code nodes KIND words...}, with a password put in as its notes say. */
  Path nodes(String kind, Object... words) throws IOException {
    Path tree = folder.resolve("nodes" + written++);
    run(withAll(List.of("nodes", kind, "--output", tree), words));
    try (Stream<Path> files = Files.walk(tree).filter(Files::isRegularFile)) {
      for (Path file : files.toList()) {
        Files.writeString(file, Files.readString(file).replace(NodeSetup.PASSWORD, "hunter2"));
      }
    }
    return tree;
  }

  /** What {@code check --offline words...} finds, and what it prints for people. */
  Resolved check(Object... words) {
    List<Object> command = withAll(List.of("check", "--offline"), words);
    Command text = Command.run(command.toArray());
    command.add("--json");
    Command json = Command.run(command.toArray());
    assertThat(json.exitCode()).as(json.err()).isEqualTo(text.exitCode()).isIn(0, 1);
    assertThat(text.out() + json.out()).doesNotContain("hunter2", "Harbor12345");
    return Resolved.of(json.out(), text.out());
  }

  private static void run(List<Object> words) {
    Command command = Command.run(words.toArray());
    assertThat(command.exitCode()).as(command.err()).isZero();
  }

  private static List<Object> withAll(List<Object> first, Object... more) {
    List<Object> words = new ArrayList<>(first);
    Collections.addAll(words, more);
    return words;
  }
}
