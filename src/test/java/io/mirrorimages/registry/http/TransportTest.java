package io.mirrorimages.registry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.registry.http.wire.Timeouts;
import io.mirrorimages.route.EnvironmentProxy;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.FaultyRegistry.Seen;
import io.mirrorimages.tls.TlsOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections: proxies, and servers that fall silent. */
@Timeout(120)
class TransportTest {
  private static final RegistrySettings IMPATIENT =
      TestSettings.quick()
          .with(new Retries(0, Duration.ofMillis(1)))
          .with(
              new Timeouts(Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ofSeconds(30)));

  private final CountDownLatch end = new CountDownLatch(1);
  private FaultyRegistry server;

  @BeforeEach
  void start() throws IOException {
    server = new FaultyRegistry();
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.close();
  }

  @Test
  void aProxyIsUsedAndToldWhoAsks() throws IOException {
    RegistrySettings settings =
        TestSettings.quick()
            .with(new TlsOptions(Optional.empty(), Optional.empty(), Optional.empty(), false, true))
            .with(
                EnvironmentProxy.fromEnvironment(
                    Map.of("HTTP_PROXY", "http://u:p@" + server.name())));
    try (Registries side = new Registries(settings)) {
      side.check("registry.invalid");
    }
    Seen seen = server.seen().getFirst();
    assertThat(seen.target()).isEqualTo("http://registry.invalid/v2/");
    assertThat(seen.header("Proxy-Authorization"))
        .isEqualTo("Basic " + Base64.getEncoder().encodeToString("u:p".getBytes()));
  }

  @Test
  void afterARequestThatFoundNoMemoryTheOthersAreInterrupted() throws IOException {
    Url url = Url.parse("http://" + server.name()).at("/v2/a/b/blobs/uploads/");
    Request request = Request.of("PUT", url, Duration.ofSeconds(5));
    InputStream full =
        new InputStream() {
          @Override
          public int read() {
            throw new OutOfMemoryError("Java heap space");
          }
        };
    try (Transport transport = TestSettings.transport(TestSettings.quick())) {
      assertThatThrownBy(() -> transport.send(request.with(new Request.Once(full, 5))))
          .isInstanceOf(OutOfMemoryError.class);

      assertThatThrownBy(() -> transport.send(request)).isInstanceOf(InterruptedIOException.class);
    }
  }

  @Test
  void aServerThatTakesConnectionsButAnswersNoTlsHandshakeIsNoFirewall() throws IOException {
    RegistrySettings https =
        IMPATIENT.with(
            new Timeouts(Duration.ofMillis(300), Duration.ofSeconds(5), Duration.ofSeconds(30)));
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Registries side = new Registries(https)) {
      String name = "127.0.0.1:" + silent.getLocalPort();
      assertThatThrownBy(() -> side.check(name))
          .hasMessageStartingWith(
              "cannot reach " + name + ": it takes connections, but has not answered the TLS");
    }
  }

  @Test
  void aServerThatDoesNotAnswerIsGivenUp() throws IOException {
    server.on("HEAD", "", e -> await());
    try (Registries side = new Registries(IMPATIENT)) {
      Reference image = Reference.parse(server.name() + "/a/b:1");
      TransferException e =
          catchThrowableOfType(TransferException.class, () -> side.asSource().resolve(image));
      assertThat(e).hasMessageContaining("gone silent");
      assertThat(e.isTransient()).isTrue();
    }
  }

  @ParameterizedTest(name = "by {0}")
  @CsvSource({"PUT, 25", "PATCH, 32"})
  void anUploadThatNobodyTakesIsCut(String method, int exponent) throws IOException {
    server.on(method, "", e -> await());
    Repository repository = new Repository(server.name(), "a/b");
    Descriptor big = new Descriptor("", Digest.parse("sha256:" + "a".repeat(64)), 1L << exponent);
    InputStream zeros =
        new InputStream() {
          @Override
          public int read() {
            return 0;
          }

          @Override
          public int read(byte[] buffer, int offset, int length) {
            return length;
          }
        };
    try (Registries side = new Registries(IMPATIENT);
        BlobUpload upload = side.asTarget().begin(repository, big, Optional.empty())) {
      TransferException e = catchThrowableOfType(TransferException.class, () -> upload.send(zeros));
      assertThat(e).hasMessageContaining("gone silent");
    }
  }

  @Test
  void aRequestThatIsInterruptedIsNotTriedAgain() throws Exception {
    server.on("HEAD", "", e -> await());
    Thread[] worker = new Thread[1];
    IOException[] thrown = new IOException[1];
    try (Registries side = new Registries(TestSettings.quick())) {
      Reference image = Reference.parse(server.name() + "/a/b:1");
      side.check(server.name());
      worker[0] =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      side.asSource().resolve(image);
                    } catch (IOException e) {
                      thrown[0] = e;
                    }
                  });
      while (server.seen("HEAD", "").isEmpty()) {
        Thread.onSpinWait();
      }
      worker[0].interrupt();
      worker[0].join();
    }
    assertThat(thrown[0]).isInstanceOf(java.io.InterruptedIOException.class);
    assertThat(server.seen("HEAD", "")).hasSize(1);
  }

  private void await() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
