package io.mirrorimages.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The real {@code podman} with a storage and a home of its own, in a temporary directory. Needs no
 * root. Closing it removes all of it.
 */
public final class Podman implements AutoCloseable {
  private final Path directory;

  private Podman(Path directory) {
    this.directory = directory;
  }

  /** One without images. */
  public static Podman open() throws IOException {
    return new Podman(Files.createTempDirectory("podman-"));
  }

  /**
   * Runs it and gives the lines of its output.
   *
   * @throws AssertionError if it is not installed, or fails; with its own message
   */
  public List<String> run(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "podman",
                "--root=" + directory.resolve("root"),
                "--runroot=" + directory.resolve("run"),
                "--tmpdir=" + directory.resolve("tmp"),
                "--storage-driver=vfs"));
    command.addAll(List.of(arguments));
    return Tool.text(Tool.run(command, Map.of("HOME", directory.toString())));
  }

  @Override
  public void close() throws IOException {
    try {
      // Its files may belong to other users of its own making.
      run("rmi", "--all", "--force");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
