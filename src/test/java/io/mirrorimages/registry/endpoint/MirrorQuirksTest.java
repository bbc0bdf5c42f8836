package io.mirrorimages.registry.endpoint;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.credential.Credential;
import io.mirrorimages.credential.Credentials;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.route.MirrorRule;
import io.mirrorimages.route.RegistriesFile;
import io.mirrorimages.route.Routes;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.FaultyRegistry.Behaviour;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Habits of proxies and caches that are not the specification's, and must do nevertheless. */
@Timeout(120)
class MirrorQuirksTest {
  private static final String WRONG = "sha256:" + "d".repeat(64);

  private final TestImages images = new TestImages();
  private final Manifest manifest = images.image(TestImages.AMD64, images.layer("layer", 50_000));
  private final Descriptor layer = manifest.layers().getFirst();
  private FaultyRegistry mirror;
  private FaultyRegistry origin;
  private Reference image;
  private RegistrySettings settings = TestSettings.quick();
  private Resolve resolve = Resolve.ORIGIN;
  private Routes routes;

  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    mirror = new FaultyRegistry();
    origin = new FaultyRegistry();
    for (FaultyRegistry server : List.of(mirror, origin)) {
      server.addManifest("library/app", "1", manifest.bytes(), manifest.mediaType());
      manifest.blobs().forEach(blob -> server.addBlob(images.content(blob.digest())));
    }
    image = Reference.parse(origin.name() + "/library/app:1");
    routes = rules(origin.name() + "=" + mirror.url(""));
  }

  @AfterEach
  void stop() {
    mirror.close();
    origin.close();
  }

  // Tokens

  @Test
  void theTokenServiceOfTheOriginIsAskedWithoutItsCredentials() throws IOException {
    settings = settings.with(Credentials.fixed(Credential.password("origin-user", "p")));
    try (FaultyRegistry auth = new FaultyRegistry()) {
      auth.on("GET", "/token", status(200, "{\"access_token\":\"t0ken-for-all\"}"));
      mirror.unlessAuthorized("Bearer t0ken-for-all"::equals, bearer(auth, "library/app"));
      assertThat(whole()).isEqualTo(images.content(layer.digest()));
      assertThat(auth.seen())
          .isNotEmpty()
          .allMatch(seen -> seen.header("Authorization").isEmpty())
          .allMatch(seen -> seen.target().contains("scope=repository%3Alibrary%2Fapp%3Apull"));
    }
    assertThat(origin.seen("GET", "/library/")).isEmpty();
  }

  @Test
  void belowAPathTheNameInTheScopeIsTheLongOne() throws IOException {
    routes = rules(origin.name() + "=" + mirror.url("/hub"));
    mirror.addManifest("hub/library/app", "1", manifest.bytes(), manifest.mediaType());
    mirror.on("GET", "/token", status(200, "{\"token\":\"t0ken-for-hub\"}"));
    mirror.unlessAuthorized("Bearer t0ken-for-hub"::equals, bearer(mirror, "hub/library/app"));
    assertThat(whole()).isEqualTo(images.content(layer.digest()));
    assertThat(mirror.seen("GET", "/token"))
        .isNotEmpty()
        .allMatch(s -> s.target().contains("scope=repository%3Ahub%2Flibrary%2Fapp%3Apull"));
    assertThat(origin.seen("GET", "/library/")).isEmpty();
  }

  @Test
  void belowARootOfItsOwnTheServerSaysTheName() throws IOException {
    routes =
        file(
            "mirrors: {\"%s\": {endpoint: [\"%s\"]}}"
                .formatted(origin.name(), mirror.url("/gate")));
    mirror.on("GET", "/token", status(200, "{\"token\":\"t0ken-for-gate\"}"));
    mirror.on(
        "*",
        "^/gate/",
        exchange -> {
          String sent = exchange.getRequestHeaders().getFirst("Authorization");
          if ("Bearer t0ken-for-gate".equals(sent)) {
            FaultyRegistry.respond(exchange, 200, images.content(layer.digest()));
          } else {
            bearer(mirror, "inner/app").answer(exchange);
          }
        });
    try (Registries side = open();
        InputStream content = side.asSource().open(image.repository(), layer, 0)) {
      assertThat(content.readAllBytes()).isEqualTo(images.content(layer.digest()));
    }
    assertThat(mirror.seen("GET", "/token").getLast().target())
        .contains("repository%3Ainner%2Fapp%3Apull");
  }

  // Digests

  @Test
  void aDigestThatIsNotSaidIsNotMissed() throws IOException {
    for (FaultyRegistry server : List.of(mirror, origin)) {
      server.on("*", "/manifests/", exchange -> answerManifest(exchange, Optional.empty()));
    }
    for (Resolve one : Resolve.values()) {
      resolve = one;
      assertThat(fetched()).isEqualTo(manifest.digest());
    }
  }

  @ParameterizedTest
  @EnumSource(Resolve.class)
  void aDigestThatIsSaidWronglyIsNotBelieved(Resolve who) throws IOException {
    resolve = who;
    mirror.on(
        "*",
        "/manifests/(1|" + manifest.digest() + ")",
        exchange -> answerManifest(exchange, Optional.of(WRONG)));
    assertThat(fetched()).isEqualTo(manifest.digest());
  }

  @Test
  void aWrongDigestOfAHeadIsFoundOut() throws IOException {
    resolve = Resolve.MIRROR;
    mirror.on("HEAD", "/manifests/1", exchange -> answerManifest(exchange, Optional.of(WRONG)));
    try (Registries side = open()) {
      assertThat(side.asSource().resolve(image)).isEmpty();
    }
  }

  @Test
  void aWrongDigestOfTheOriginIsFoundOutByItsContent() throws IOException {
    origin.on("HEAD", "/manifests/1", exchange -> answerManifest(exchange, Optional.of(WRONG)));
    assertThat(fetched()).isEqualTo(manifest.digest());
  }

  // Addresses

  @Test
  void redirectsToOtherNamesThatLoseTheQueryAreFollowed() throws IOException {
    mirror.addManifest("app", "1", manifest.bytes(), manifest.mediaType());
    mirror.on(
        "*",
        "/v2/library/app/",
        exchange -> {
          String path = exchange.getRequestURI().getPath().replace("/library/", "/");
          FaultyRegistry.respond(exchange, 301, new byte[0], "Location: " + path);
        });
    assertThat(whole()).isEqualTo(images.content(layer.digest()));
    assertThat(mirror.seen("GET", "/v2/app/manifests/")).hasSize(1);
    assertThat(origin.seen("GET", "/library/")).isEmpty();
  }

  @Test
  void aSignedAddressElsewhereGetsRangeButNoAuthorization() throws IOException {
    try (FaultyRegistry store = new FaultyRegistry()) {
      store.addBlob(images.content(layer.digest()));
      mirror.unlessAuthorized(
          value -> value.startsWith("Basic "),
          status(401, "", "WWW-Authenticate: Basic realm=\"x\""));
      mirror.on(
          "GET",
          "/blobs/",
          status(
              307,
              "",
              "Location: " + store.url("/v2/x/blobs/" + layer.digest() + "?X-Signature=a%2Bb")));
      routes =
          file(
              "mirrors: {\"%s\": {endpoint: [\"%s\"]}}%nconfigs: {\"%s\": {auth: {username: u, password: p}}}"
                  .formatted(origin.name(), mirror.url(""), mirror.name()));
      try (Registries side = open();
          InputStream content = side.asSource().open(image.repository(), layer, 40_000)) {
        assertThat(content.readAllBytes()).hasSize((int) layer.size() - 40_000);
      }
      assertThat(store.seen())
          .singleElement()
          .satisfies(
              seen -> {
                assertThat(seen.header("Authorization")).isEmpty();
                assertThat(seen.header("Range")).isEqualTo("bytes=40000-");
                assertThat(seen.target()).endsWith("?X-Signature=a%2Bb");
              });
    }
  }

  // Bodies

  @Test
  void whatHasNoLengthIsReadToItsEnd() throws IOException {
    mirror.on(
        "GET",
        "/manifests/",
        exchange -> chunked(exchange, manifest.bytes(), manifest.mediaType()));
    mirror.on(
        "GET", "/blobs/", exchange -> chunked(exchange, images.content(layer.digest()), "x/y"));
    assertThat(whole()).isEqualTo(images.content(layer.digest()));
    assertThat(origin.seen("GET", "/library/")).isEmpty();
  }

  @Test
  void aPageWithoutLengthIsNoBlob() throws IOException {
    mirror.on(
        "GET",
        "/blobs/",
        exchange -> chunked(exchange, "<html>".getBytes(StandardCharsets.UTF_8), "text/html"));
    assertThat(whole()).isEqualTo(images.content(layer.digest()));
    assertThat(origin.seen("GET", "/blobs/")).hasSize(1);
  }

  @Test
  void aCacheThatDeniesABlobToHeadIsAskedByGet() throws IOException {
    routes =
        Routes.of(
            List.of(MirrorRule.parse(origin.name() + "=" + mirror.url(""))),
            Optional.empty(),
            true);
    mirror.on("HEAD", "/blobs/", status(404, ""));
    Descriptor absent = new Descriptor("", Digest.parse(WRONG), 1);
    try (Registries side = open()) {
      assertThat(side.asSource().has(image.repository(), layer)).isTrue();
      assertThat(side.asSource().has(image.repository(), absent)).isFalse();
    }
  }

  @Test
  void aCacheThatSays500ForAnUpstream429IsPassedOver() throws IOException {
    mirror.on(
        "GET",
        "/manifests/",
        status(500, "{\"errors\":[{\"code\":\"UNKNOWN\",\"message\":\"toomanyrequests\"}]}"));
    assertThat(fetched()).isEqualTo(manifest.digest());
    assertThat(origin.seen("GET", "/manifests/")).hasSize(1);
  }

  // Help

  private static Behaviour bearer(FaultyRegistry service, String name) {
    return status(
        401,
        "",
        "WWW-Authenticate: Bearer realm=\""
            + service.url("/token")
            + "\",service=\"s\",scope=\"repository:"
            + name
            + ":pull\"");
  }

  private void answerManifest(HttpExchange exchange, Optional<String> digest) throws IOException {
    digest.ifPresent(d -> exchange.getResponseHeaders().set("Docker-Content-Digest", d));
    FaultyRegistry.respond(
        exchange, 200, manifest.bytes(), "Content-Type: " + manifest.mediaType());
  }

  private static void chunked(HttpExchange exchange, byte[] bytes, String type) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream body = exchange.getResponseBody()) {
      body.write(bytes);
    }
  }

  private static Routes rules(String rule) {
    return Routes.of(List.of(MirrorRule.parse(rule)), Optional.empty(), false);
  }

  private Routes file(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("registries.yaml"), text);
    return Routes.of(List.of(), Optional.of(RegistriesFile.read(file)), false);
  }

  private Registries open() {
    return new Registries(
        settings, new Routing(routes, Credentials.none(), resolve, RunListener.NONE));
  }

  private Digest fetched() throws IOException {
    try (Registries side = open()) {
      return side.asSource().manifest(image).digest();
    }
  }

  /** The layer, after its manifest. */
  private byte[] whole() throws IOException {
    try (Registries side = open()) {
      ImageSource source = side.asSource();
      assertThat(source.manifest(image)).isEqualTo(manifest);
      try (InputStream content = source.open(image.repository(), layer, 0)) {
        return content.readAllBytes();
      }
    }
  }
}
