package io.mirrorimages.registry.client;

import static io.mirrorimages.testing.FaultyRegistry.respond;
import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.mirrorimages.failure.MissingContentException;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Transport;
import io.mirrorimages.registry.http.Url;
import io.mirrorimages.registry.http.wire.Timeouts;
import io.mirrorimages.route.EnvironmentProxy;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which failures are tried again, by every kind of request, and which are not. */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class RetriedFailuresTest {
  private static final int RETRIES = 1;
  private static final byte[] CONTENT = "hello".getBytes(StandardCharsets.UTF_8);
  private static final Descriptor BLOB = new Descriptor("", Digest.sha256(CONTENT), CONTENT.length);
  private static final Manifest MANIFEST =
      Manifest.parse(
          """
          {"schemaVersion":2,"config":{"mediaType":"x","digest":"sha256:%s","size":2}}
          """
              .formatted("a".repeat(64))
              .getBytes(StandardCharsets.UTF_8),
          MediaTypes.OCI_MANIFEST);

  private FaultyRegistry server;
  private Registries registries;
  private Repository repository;
  private Reference image;

  @BeforeEach
  void start() throws IOException {
    server = new FaultyRegistry();
    server.addBlob(CONTENT);
    server.addManifest("team/app", "1", MANIFEST.bytes(), MediaTypes.OCI_MANIFEST);
    registries =
        new Registries(TestSettings.quick().with(new Retries(RETRIES, Duration.ofMillis(1))));
    repository = new Repository(server.name(), "team/app");
    image = Reference.parse(server.name() + "/team/app:1");
  }

  @AfterEach
  void stop() {
    registries.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "408, true",
    "425, true",
    "429, true",
    "499, true",
    "500, true",
    "502, true",
    "503, true",
    "504, true",
    "522, true",
    "400, false",
    "402, false",
    "403, false",
    "404, false",
    "409, false",
    "412, false",
    "413, false",
    "415, false",
    "501, false",
    "505, false",
  })
  void aStatusIsTriedAgainOrNot(int status, boolean again) {
    server.on("*", "/v2/.+", status(status, "<html>busy", "Content-Type: text/html"));
    int tries = again ? RETRIES + 1 : 1;
    if (again || status != 404) {
      fails("GET", "/manifests/", tries, () -> registries.asSource().manifest(image));
      fails("PUT", "/manifests/", tries, () -> registries.asTarget().put(image, MANIFEST));
      fails("POST", "/uploads/", tries, this::begin);
    } else {
      fails("GET", "/manifests/", tries, () -> registries.asSource().manifest(image));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 503})
  void aHeadIsTriedAgainToo(int status) throws IOException {
    server.on("HEAD", "/", 1, status(status, ""));
    assertThat(registries.asSource().resolve(image)).contains(MANIFEST.digest());
    assertThat(server.seen("HEAD", "/manifests/")).hasSize(2);
  }

  @Test
  void aConnectionThatBreaksIsTriedAgain() throws IOException {
    server.on(
        "GET",
        "/manifests/",
        1,
        e -> {
          throw new IOException("cut by the test");
        });
    assertThat(registries.asSource().manifest(image).digest()).isEqualTo(MANIFEST.digest());
    assertThat(server.seen("GET", "/manifests/")).hasSize(2);
  }

  @Test
  void aSilentServerIsTriedAgainAfterTheTimeOfAStall() throws IOException {
    server.on(
        "GET",
        "/manifests/",
        1,
        e -> {
          e.sendResponseHeaders(200, 1000);
          e.getResponseBody().write('{');
          e.getResponseBody().flush();
          await(5000);
        });
    try (Registries impatient =
        new Registries(
            TestSettings.quick()
                .with(new Retries(RETRIES, Duration.ofMillis(1)))
                .with(Timeouts.DEFAULT.withStall(Duration.ofMillis(500))))) {
      assertThat(impatient.asSource().manifest(image).digest()).isEqualTo(MANIFEST.digest());
    }
    assertThat(server.seen("GET", "/manifests/")).hasSize(2);
  }

  @Test
  void aRefusedConnectionIsTriedAgain() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    Reference nowhere = Reference.parse("localhost:" + port + "/team/app:1");
    Throwable e = catchThrowable(() -> registries.asSource().manifest(nowhere));
    assertThat(e).isInstanceOf(TransferException.class).hasMessageContaining("connection refused");
    assertThat(((TransferException) e).isTransient()).isTrue();
  }

  @Test
  void anUnknownHostMayBeAFailureOfTheNameServer() throws IOException {
    try (Transport transport =
        TestSettings.transport(TestSettings.quick().with(EnvironmentProxy.none()))) {
      IOException e =
          Failures.of(
              new UnknownHostException("x.invalid"), Url.origin("https", "x.invalid"), transport);
      assertThat(Retries.isTransient(e)).isTrue();
      assertThat(e).hasMessageContaining("unknown host").message().hasLineCount(1);
    }
  }

  @Test
  void aNameThatIsUnknownBeforeWorkBeginsEndsWithinSeconds() {
    try (Registries patient =
        new Registries(TestSettings.quick().with(new Retries(1000, Duration.ofMillis(1))))) {
      Throwable e = catchThrowable(() -> patient.check("no-such-host.invalid"));
      assertThat(e).isInstanceOf(TransferException.class).hasMessageContaining("unknown host");
    }
  }

  @Test
  void aRefusedTokenIsRenewedOnceWithoutARetry() throws IOException {
    AtomicInteger tokens = new AtomicInteger();
    AtomicReference<String> accepted = new AtomicReference<>("Bearer t1");
    server.on(
        "GET",
        "^/token",
        e -> {
          String token = "{\"token\":\"t" + tokens.incrementAndGet() + "\"}";
          respond(e, 200, token.getBytes(StandardCharsets.UTF_8));
        });
    server.unlessAuthorized(
        value -> value.equals(accepted.get()),
        status(401, "", "WWW-Authenticate: Bearer realm=\"" + server.url("/token") + "\""));
    try (Registries once =
        new Registries(TestSettings.quick().with(new Retries(0, Duration.ZERO)))) {
      assertThat(once.asSource().manifest(image).digest()).isEqualTo(MANIFEST.digest());
      accepted.set("Bearer t2");
      assertThat(once.asSource().manifest(image).digest()).isEqualTo(MANIFEST.digest());
      assertThat(tokens).hasValue(2);
      accepted.set("none");
      fails("GET", "/manifests/", 2, () -> once.asSource().manifest(image));
      assertThat(tokens).hasValue(3);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void retryAfterIsWaitedForAsSecondsAndAsADate(boolean date) throws IOException {
    String then =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(3));
    server.on("GET", "/manifests/", 1, status(503, "", "Retry-After: " + (date ? then : "2")));
    try (Registries patient =
        new Registries(TestSettings.quick().with(new Retries(1, Duration.ofSeconds(10))))) {
      long began = System.nanoTime();
      patient.asSource().manifest(image);
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isGreaterThan(Duration.ofMillis(1800));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, MANIFEST_BLOB_UNKNOWN, true",
    "404, MANIFEST_BLOB_UNKNOWN, true",
    "400, BLOB_UNKNOWN, true",
    "404, BLOB_UNKNOWN, true",
    "404, MANIFEST_UNKNOWN, true",
    "400, MANIFEST_INVALID, false",
    "404, NAME_UNKNOWN, false",
    "403, MANIFEST_BLOB_UNKNOWN, false",
  })
  void aManifestWhoseContentIsUnknownIsLeftToWhoCanSendIt(
      int status, String code, boolean missing) {
    server.on("PUT", "/manifests/", status(status, "{\"errors\":[{\"code\":\"" + code + "\"}]}"));
    Throwable e = fails("PUT", "/manifests/", 1, () -> registries.asTarget().put(image, MANIFEST));
    assertThat(e instanceof MissingContentException).isEqualTo(missing);
    assertThat(e).hasMessageContaining(code).message().hasLineCount(1);
  }

  private interface Action {
    void run() throws IOException;
  }

  private Throwable fails(String method, String target, int tries, Action action) {
    int before = server.seen(method, target).size();
    Throwable e = catchThrowable(action::run);
    assertThat(e).isInstanceOf(IOException.class);
    assertThat(server.seen(method, target)).as(method).hasSize(before + tries);
    return e;
  }

  private void begin() throws IOException {
    try (BlobUpload upload = registries.asTarget().begin(repository, BLOB, Optional.empty())) {
      assertThat(upload.mounted()).isFalse();
    }
  }

  private static void await(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
