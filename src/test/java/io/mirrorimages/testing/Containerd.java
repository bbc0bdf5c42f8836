package io.mirrorimages.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real {@code containerd} that shares nothing with one that may run here: everything it has is in
 * a temporary directory. Needs no root. Closing it stops it and removes all of it.
 */
public final class Containerd implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path directory;
  private final Process process;

  private Containerd() throws IOException, InterruptedException {
    this.directory = Files.createTempDirectory("containerd-");
    Object owner = Files.getAttribute(directory, "unix:uid");
    Object group = Files.getAttribute(directory, "unix:gid");
    Path config =
        Files.writeString(
            directory.resolve("config.toml"),
            """
            version = 2
            root = "%1$s/root"
            state = "%1$s/state"
            disabled_plugins = ["io.containerd.grpc.v1.cri"]
            [grpc]
            address = "%2$s"
            uid = %3$s
            gid = %4$s
            [debug]
            address = "%1$s/debug"
            uid = %3$s
            gid = %4$s
            """
                .formatted(directory, socket(), owner, group));
    this.process =
        Tool.start(
            new ProcessBuilder("containerd", "--config", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(log().toFile()));
    awaitAnswer();
  }

  /** Starts one, and returns when it answers. */
  public static Containerd open() throws IOException, InterruptedException {
    return new Containerd();
  }

  /**
   * Runs {@code ctr} in a namespace and gives the lines of its output.
   *
   * @throws AssertionError if it fails; with its own message
   */
  public List<String> ctr(String namespace, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("ctr", "--address", socket().toString(), "--namespace", namespace));
    command.addAll(List.of(arguments));
    return Tool.lines(command);
  }

  /** The digest of each image of a namespace, by name. */
  public Map<String, String> images(String namespace) throws IOException, InterruptedException {
    Map<String, String> images = new LinkedHashMap<>();
    // REF TYPE DIGEST ...
    for (String line : ctr(namespace, "images", "list").stream().skip(1).toList()) {
      String[] columns = line.split(" +");
      images.put(columns[0], columns[2]);
    }
    return images;
  }

  private Path socket() {
    return directory.resolve("socket");
  }

  private Path log() {
    return directory.resolve("log");
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      try {
        ctr("default", "version");
        return;
      } catch (AssertionError e) {
        if (!process.isAlive() || Instant.now().isAfter(end)) {
          String said = Files.readString(log());
          close();
          throw new IllegalStateException("containerd did not start: " + said, e);
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
