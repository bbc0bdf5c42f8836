package io.mirrorimages.benchmark;

import io.mirrorimages.benchmark.line.ShapedLine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A {@code docker-registry} process on loopback that notes each request, at the end of a line if
 * there is one. Its folder stays when it is closed.
 */
final class Server implements AutoCloseable {
  private static final int STARTS = 3;
  private static final int CONNECT_TRIES = 200;

  private final Path log;
  private final Path errors;
  private Process process;
  private final int near;
  private int port;

  /** Starts one over {@code storage}; its logs go beside that folder. */
  Server(RegistryStorage storage, Optional<ShapedLine> line)
      throws IOException, InterruptedException {
    String name = storage.folder().getFileName().toString();
    log = storage.folder().resolveSibling(name + ".requests");
    errors = storage.folder().resolveSibling(name + ".log");
    Path config = storage.folder().resolveSibling(name + ".yml");
    for (int i = 0; process == null; i++) {
      port = freePort();
      Files.writeString(
          config,
          """
          version: 0.1
          log: {level: error, accesslog: {disabled: false}}
          storage: {filesystem: {rootdirectory: "%s"}, delete: {enabled: true}}
          http: {addr: "127.0.0.1:%d"}
          """
              .formatted(storage.folder(), port));
      Process started =
          new ProcessBuilder("docker-registry", "serve", config.toString())
              .redirectOutput(log.toFile())
              .redirectError(errors.toFile())
              .start();
      if (answers(started)) {
        process = started;
      } else {
        started.destroyForcibly().waitFor();
        // Somebody may have taken the port in between.
        if (i == STARTS) {
          throw new IOException("docker-registry did not start: " + Files.readString(errors));
        }
      }
    }
    near = line.isPresent() ? line.get().to(port) : port;
  }

  /** {@code 127.0.0.1:port}, of the line if there is one. */
  String address() {
    return "127.0.0.1:" + near;
  }

  /** Where its notes end now, to be given to {@link #requestsSince}. */
  long mark() throws IOException, InterruptedException {
    long size = Files.size(log);
    // It notes a request after its answer.
    while (true) {
      TimeUnit.MILLISECONDS.sleep(50);
      long now = Files.size(log);
      if (now == size) {
        return size;
      }
      size = now;
    }
  }

  /** What was asked of it since. */
  Requests requestsSince(long mark) throws IOException, InterruptedException {
    mark();
    return Requests.read(log, mark);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean answers(Process started) throws InterruptedException {
    for (int i = 0; i < CONNECT_TRIES && started.isAlive(); i++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        // One that has died of a taken port has not answered: somebody else did.
        return !started.waitFor(50, TimeUnit.MILLISECONDS);
      } catch (IOException e) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
    return false;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
