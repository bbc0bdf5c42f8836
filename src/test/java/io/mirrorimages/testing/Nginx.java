package io.mirrorimages.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Debian's {@code nginx} as a reverse proxy in front of a registry, with TLS, on a free port of
 * loopback. Closing it stops it and removes its files.
 */
public final class Nginx implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Path directory;
  private final int port;
  private Process process;

  /**
   * Starts one where the registry's API is below {@code /v2/hub} and {@code /registries/hub}, and
   * nowhere else.
   *
   * @param bytesPerSecond how fast it sends each answer
   */
  public Nginx(DockerRegistry upstream, int bytesPerSecond) throws IOException {
    this(
        Optional.empty(),
        "limit_rate " + bytesPerSecond + ";",
        """
        location = /v2/ { return 200 "{}"; }
        location /v2/hub/ { proxy_pass http://%1$s/v2/; }
        location /registries/hub/ { proxy_pass http://%1$s/v2/; }
        """
            .formatted(address(upstream)));
  }

  private Nginx(Optional<Authority.Issued> shown, String http, String server) throws IOException {
    directory = Files.createTempDirectory("nginx-");
    port = DockerRegistry.freePort();
    if (shown.isEmpty()) {
      DockerRegistry.makeCertificate(
          certificate(), directory.resolve("key.pem"), directory.resolve("openssl.log"));
    } else {
      Files.copy(shown.get().certificate(), certificate());
      Files.copy(shown.get().key(), directory.resolve("key.pem"));
    }
    Files.writeString(
        directory.resolve("nginx.conf"),
        """
        daemon off;
        master_process off;
        pid %1$s/pid;
        error_log %1$s/error.log;
        events {}
        http {
          access_log %1$s/access.log;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          %2$s
          server {
            listen 127.0.0.1:%3$d ssl;
            ssl_certificate %1$s/cert.pem;
            ssl_certificate_key %1$s/key.pem;
            %4$s
          }
        }
        """
            .formatted(directory, http, port, server));
    start();
  }

  /**
   * Starts one that passes everything on to a registry.
   *
   * @param shown the certificate it shows; its own making where none is given
   * @param limit the {@code client_max_body_size}, which nginx itself has at {@code 1m}
   */
  public static Nginx before(
      DockerRegistry upstream, Optional<Authority.Issued> shown, String limit) throws IOException {
    return new Nginx(
        shown,
        "client_max_body_size " + limit + ";",
        "location / { proxy_pass http://%s; proxy_set_header Host $http_host; proxy_set_header"
            .formatted(address(upstream))
            .concat(" X-Forwarded-Proto $scheme; }"));
  }

  private static String address(DockerRegistry upstream) {
    return upstream.name().replace("localhost", "127.0.0.1");
  }

  /** {@code localhost:port}. */
  public String name() {
    return "localhost:" + port;
  }

  /** Where it listens on loopback. */
  public int port() {
    return port;
  }

  /** The certificate to trust. */
  public Path certificate() {
    return directory.resolve("cert.pem");
  }

  /** Ends it in the middle of whatever it does. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Starts it again after {@link #kill}. */
  public void start() throws IOException {
    process =
        new ProcessBuilder("nginx", "-p", directory.toString(), "-c", "nginx.conf")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return;
      } catch (IOException e) {
        if (!process.isAlive() || Instant.now().isAfter(end)) {
          String said = Files.readString(directory.resolve("log"));
          close();
          throw new IllegalStateException("nginx did not start: " + said, e);
        }
        Thread.yield();
      }
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try (Stream<Path> files = Files.walk(directory)) {
      process.waitFor(10, TimeUnit.SECONDS);
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
