package io.mirrorimages.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real {@code containerd} with its own folders and sockets, without CRI. Closing it stops it and
 * removes all of it.
 */
public final class Containerd implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final Process process;

  private Containerd(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  /** Whether it is installed and may be used here to pull: to unpack it needs root. */
  public static boolean canRun() {
    return Tool.isInstalled("containerd") && Tool.isInstalled("ctr") && Tool.isRoot();
  }

  /** Starts one. */
  public static Containerd start() throws IOException, InterruptedException {
    // A socket's path is short.
    Path folder = Files.createTempDirectory(Path.of("/tmp"), "containerd-");
    Path config =
        Files.writeString(
            folder.resolve("config.toml"),
            """
            version = 2
            root = "%1$s/root"
            state = "%1$s/state"
            disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
            [grpc]
            address = "%1$s/sock"
            uid = %2$s
            gid = %3$s
            [ttrpc]
            address = "%1$s/sock.ttrpc"
            uid = %2$s
            gid = %3$s
            [debug]
            address = "%1$s/debug"
            uid = %2$s
            gid = %3$s
            """
                .formatted(
                    folder,
                    Files.getAttribute(folder, "unix:uid"),
                    Files.getAttribute(folder, "unix:gid")));
    Process process =
        new ProcessBuilder("containerd", "--config", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Containerd containerd = new Containerd(folder, process);
    containerd.awaitSocket();
    return containerd;
  }

  /**
   * Sends what is of {@code registry} to {@code mirror}, a URL, as {@code certs.d} does for the
   * kubelet. containerd then says {@code ?ns=registry} with each request.
   */
  public void mirror(String registry, String mirror) throws IOException {
    Path hosts = Files.createDirectories(hosts().resolve(registry));
    Files.writeString(
        hosts.resolve("hosts.toml"),
        """
        server = "%1$s"
        [host."%1$s"]
        capabilities = ["pull", "resolve"]
        """
            .formatted(mirror));
  }

  /** The folder for {@code --hosts-dir}. */
  public Path hosts() {
    return folder.resolve("hosts");
  }

  /** Runs {@code ctr} on it and gives what it printed. */
  public String ctr(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ctr", "--address", folder + "/sock"));
    command.addAll(List.of(arguments));
    return Tool.run(command, Map.of());
  }

  private void awaitSocket() throws IOException, InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      try {
        ctr("version");
        return;
      } catch (AssertionError e) {
        if (!process.isAlive() || Instant.now().isAfter(end)) {
          String said = Files.readString(folder.resolve("log"));
          close();
          throw new IllegalStateException("containerd did not start: " + said, e);
        }
      }
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
