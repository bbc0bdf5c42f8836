package io.mirrorimages.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
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
 * A real registry: Debian's {@code docker-registry} (distribution 2.8) on a free port of loopback,
 * with its storage in a temporary directory. Closing it stops it and removes all of it.
 */
public final class DockerRegistry implements AutoCloseable {
  /** The user of registries with a password. */
  public static final String USER = "carol";

  /** The password of {@link #USER}. */
  public static final String PASSWORD = "s3cret:with colon";

  private static final String BCRYPT =
      "$2b$05$pxlgSmr213a8pWTt0bvqKO66YXZwF4eR1c5i/WeN/LYEeQ59H/Lr2";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Path directory;
  private final int port;
  private final Tls tls;
  private final Path storage;
  private final boolean password;

  /** Lines behind the configuration, or one that begins with its version. */
  private final String more;

  private boolean readOnly;
  private Process process;

  private enum Tls {
    NONE,
    SERVER,
    MUTUAL
  }

  private DockerRegistry(boolean password, Tls tls) throws IOException {
    this(password, tls, Files.createTempDirectory("docker-registry-"), Optional.empty(), "");
  }

  private DockerRegistry(
      boolean password, Tls tls, Path directory, Optional<Path> storage, String more)
      throws IOException {
    this.directory = directory;
    this.storage = storage.orElse(directory.resolve("data"));
    this.port = freePort();
    this.tls = tls;
    this.password = password;
    this.more = more;
    if (tls != Tls.NONE) {
      makeCertificate(certificate(), key(), log());
    }
    start();
  }

  /** Starts it again, after {@link #stop()}, with what it has stored. */
  public void start() throws IOException {
    Path config = Files.writeString(directory.resolve("config.yml"), config());
    ProcessBuilder builder = new ProcessBuilder("docker-registry", "serve", config.toString());
    builder.redirectErrorStream(true).redirectOutput(log().toFile());
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new IllegalStateException(
          "these tests need docker-registry on the PATH: apt-get install docker-registry", e);
    }
    awaitPort();
  }

  /** Kills it outright, and starts it again on the same port with what its storage has. */
  public void restart() throws IOException, InterruptedException {
    process.destroyForcibly().waitFor();
    start();
  }

  /** One that anyone may use. */
  public static DockerRegistry open() throws IOException {
    return new DockerRegistry(false, Tls.NONE);
  }

  /** A pull-through cache of another one: what it does not have it fetches there. */
  public static DockerRegistry cacheOf(DockerRegistry upstream) throws IOException {
    return new DockerRegistry(
        false,
        Tls.NONE,
        Files.createTempDirectory("docker-registry-"),
        Optional.empty(),
        "proxy: {remoteurl: \"http://" + upstream.name() + "\"}\n");
  }

  /**
   * One with a configuration as it is written for its port 5000 and its storage in {@code
   * /var/lib/registry}, at a port and with a storage of its own.
   */
  public static DockerRegistry configured(String config) throws IOException {
    return new DockerRegistry(
        false, Tls.NONE, Files.createTempDirectory("docker-registry-"), Optional.empty(), config);
  }

  /** One that wants {@link #USER} and {@link #PASSWORD}, by Basic. */
  public static DockerRegistry withPassword() throws IOException {
    return new DockerRegistry(true, Tls.NONE);
  }

  /** One that speaks https with a certificate of its own making, and wants the password. */
  public static DockerRegistry withTls() throws IOException {
    return new DockerRegistry(true, Tls.SERVER);
  }

  /** One with TLS that wants to be shown the certificate which is its own, too; no password. */
  public static DockerRegistry withClientCertificates() throws IOException {
    return new DockerRegistry(false, Tls.MUTUAL);
  }

  /** One that anyone may use, which stores in a folder that is not removed with it. */
  public static DockerRegistry storingIn(Path folder) throws IOException {
    return new DockerRegistry(
        false, Tls.NONE, Files.createTempDirectory("docker-registry-"), Optional.of(folder), "");
  }

  /** Stops it at once, as a power cut does: what it was doing is not finished. */
  public void stop() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Takes {@link #PASSWORD} no more, from the next request on; of one with a password. */
  public void changePassword() throws IOException {
    Files.writeString(htpasswd(), "nobody:" + BCRYPT + "\n");
  }

  /** How often it has refused a name and a password so far. */
  public long refusedLogins() throws IOException {
    try (Stream<String> lines = Files.lines(log())) {
      return lines.filter(line -> line.contains("error authenticating user")).count();
    }
  }

  private Path htpasswd() {
    return directory.resolve("htpasswd");
  }

  /** Whether it takes nothing; holds from its next start on. */
  public void readOnly(boolean refusing) {
    readOnly = refusing;
  }

  /** {@code localhost:port}, as in image names. */
  public String name() {
    return "localhost:" + port;
  }

  /** The certificate to trust, of a registry with TLS. */
  public Path certificate() {
    return directory.resolve("cert.pem");
  }

  /** The private key of {@link #certificate()}, PKCS#8. */
  public Path key() {
    return directory.resolve("key.pem");
  }

  private Path log() {
    return directory.resolve("log");
  }

  private String config() throws IOException {
    if (more.startsWith("version:")) {
      return more.replace("/var/lib/registry", storage.toString())
          .replace("addr: \":5000\"", "addr: 127.0.0.1:" + port);
    }
    StringBuilder config =
        new StringBuilder(
            """
            version: 0.1
            log: {level: warn}
            storage:
              filesystem: {rootdirectory: %s}
              delete: {enabled: true}
              maintenance: {readonly: {enabled: %s}}
            http:
              addr: 127.0.0.1:%d
              secret: so that uploads outlive a restart
            """
                .formatted(storage, readOnly, port));
    if (tls != Tls.NONE) {
      config.append(
          "  tls: {certificate: %s, key: %s%s}%n"
              .formatted(
                  certificate(),
                  key(),
                  tls == Tls.MUTUAL ? ", clientcas: [" + certificate() + "]" : ""));
    }
    if (password) {
      Path htpasswd = Files.writeString(htpasswd(), USER + ":" + BCRYPT + "\n");
      config.append("auth: {htpasswd: {realm: test, path: %s}}%n".formatted(htpasswd));
    }
    return config.append(more).toString();
  }

  /** Makes a certificate for {@code localhost}, which is its own authority. */
  public static void makeCertificate(Path certificate, Path key, Path log) throws IOException {
    Process openssl =
        new ProcessBuilder(
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
                    .concat(" -subj /CN=localhost -addext subjectAltName=DNS:localhost")
                    .concat(" -keyout " + key + " -out " + certificate)
                    .split(" "))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (openssl.waitFor() != 0) {
        throw new IllegalStateException("openssl failed: " + Files.readString(log));
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitPort() throws IOException {
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return;
      } catch (IOException e) {
        if (!process.isAlive() || Instant.now().isAfter(end)) {
          String said = Files.readString(log());
          close();
          throw new IllegalStateException("docker-registry did not start: " + said, e);
        }
        Thread.yield();
      }
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
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
