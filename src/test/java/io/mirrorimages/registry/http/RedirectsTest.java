package io.mirrorimages.registry.http;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.tls.CertifiedKey;
import io.mirrorimages.tls.TlsOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From https a redirect leads to https, and Authorization stays at home. */
@Timeout(120)
class RedirectsTest {
  private static final String BLOB = "/v2/a/b/blobs/sha256:0123456789abcdef";
  private static final Optional<String> SECRET = Optional.of("Basic c2VjcmV0OnNlY3JldA==");

  @TempDir private static Path folder;
  private static Transport transport;
  private FaultyRegistry registry;
  private FaultyRegistry storage;

  @BeforeAll
  static void open() throws IOException {
    Path certificate = folder.resolve("cert.pem");
    DockerRegistry.makeCertificate(certificate, folder.resolve("key.pem"), folder.resolve("log"));
    RegistrySettings settings = TestSettings.quick();
    transport =
        new Transport(
            new TlsOptions(
                Optional.of(certificate), Optional.empty(), Optional.empty(), false, false),
            settings.proxy(),
            settings.timeouts(),
            "test");
  }

  @AfterAll
  static void end() {
    transport.close();
  }

  @BeforeEach
  void start() throws IOException {
    registry =
        new FaultyRegistry(
            CertifiedKey.serverContext(folder.resolve("cert.pem"), folder.resolve("key.pem")));
    storage = new FaultyRegistry();
    storage.on("*", "^/(blob|tag)", status(200, "content"));
  }

  @AfterEach
  void stop() {
    registry.close();
    storage.close();
  }

  @Test
  void toHttpOnTheSameHostKeepsHttps() throws IOException {
    registry.on("GET", "^/v2/", status(301, "", "Location: http://" + registry.name() + "/x"));
    registry.on("GET", "^/x", status(200, "content"));
    assertThat(get(false, BLOB).status()).isEqualTo(200);
    assertThat(registry.seen("GET", "/x").getFirst().header("Authorization"))
        .isEqualTo(SECRET.get());
  }

  @Test
  void anotherPortOfTheHostIsAnotherServer() throws IOException {
    String beside = there("/blob").replace("127.0.0.1", "localhost");
    registry.on("GET", "^/v2/", status(307, "", "Location: " + beside));
    assertThatThrownBy(() -> get(false, BLOB))
        .hasMessageContaining("{setting allow-http-redirect}");
    assertThat(get(true, BLOB).status()).isEqualTo(200);
    assertThat(storage.seen().getFirst().header("Authorization")).isEmpty();
  }

  @Test
  void toHttpElsewhereIsRefusedWithTheOptionThatAllowsIt() {
    registry.on("GET", "^/v2/", status(307, "", "Location: " + there("/blob?sig=CANARY")));
    assertThatThrownBy(() -> get(false, BLOB))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("{setting allow-http-redirect}")
        .hasMessageNotContaining("CANARY");
    assertThat(storage.seen()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {BLOB, "/v2/a/b/manifests/sha256:0123456789abcdef"})
  void toHttpElsewhereIsAllowedForWhatADigestProves(String target) throws IOException {
    registry.on("GET", "^/v2/", status(307, "", "Location: " + there("/blob")));
    assertThat(get(true, target).status()).isEqualTo(200);
    assertThat(storage.seen().getFirst().header("Authorization")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/a/b/manifests/v1", "/v2/", "/v2/a?x=/blobs/sha256:00"})
  void butNotForWhatNothingProves(String target) {
    registry.on("GET", "^/v2/", status(307, "", "Location: " + there("/tag")));
    assertThatThrownBy(() -> get(true, target))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("nothing proves");
    assertThat(storage.seen()).isEmpty();
  }

  @Test
  void whatComesBackFromElsewhereHasNoAuthorization() throws IOException {
    registry.on("GET", "^/v2/", status(307, "", "Location: " + there("/on")));
    storage.on("GET", "^/on", status(307, "", "Location: https://" + registry.name() + "/private"));
    registry.on("GET", "^/private", status(200, "content"));
    assertThat(get(true, BLOB).isFromElsewhere()).isTrue();
    assertThat(registry.seen("GET", "/private").getFirst().header("Authorization")).isEmpty();
  }

  private String there(String path) {
    return storage.url(path);
  }

  private Response get(boolean toHttp, String target) throws IOException {
    Url url = Url.origin("https", registry.name()).at(target);
    try (Response answer =
        new Redirects(transport, toHttp)
            .send(Request.of("GET", url, Duration.ofSeconds(10)).as(SECRET))) {
      return answer;
    }
  }
}
