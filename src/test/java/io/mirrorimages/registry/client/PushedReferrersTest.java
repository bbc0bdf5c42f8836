package io.mirrorimages.registry.client;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Referrers that are pushed to registries that can't be asked for them, and foreign layers. */
@Timeout(120)
class PushedReferrersTest {
  private final TestImages images = new TestImages();
  private final Manifest image = images.image(TestImages.AMD64, images.layer("a", 10));
  private FaultyRegistry server;
  private Registries registries;
  private ImageTarget target;

  @BeforeEach
  void start() throws IOException {
    server = new FaultyRegistry();
    server.addBlob(new byte[] {'{', '}'});
    image.blobs().forEach(blob -> server.addBlob(images.content(blob.digest())));
    registries = new Registries(TestSettings.quick());
    target = registries.asTarget();
  }

  @AfterEach
  void stop() throws IOException {
    registries.close();
    server.close();
  }

  @Test
  void aReferrerIsListedUnderTheTagOfItsSubjectOnce() throws IOException {
    Manifest first = referrer("first", image.digest());
    Manifest second = referrer("second", image.digest());
    for (Manifest referrer : List.of(first, second, first)) {
      target.put(name("1").at(referrer.digest()), referrer);
    }

    assertThat(listed("sha256-" + image.digest().hex()))
        .containsExactly(digest(first), digest(second));
    JsonNode entry = list("sha256-" + image.digest().hex()).path("manifests").get(0);
    assertThat(entry.path("mediaType").asString()).isEqualTo(MediaTypes.OCI_MANIFEST);
    assertThat(entry.path("size").asLong()).isEqualTo(first.bytes().length);
    assertThat(entry.path("artifactType").asString()).isEqualTo("application/vnd.example.first");
    assertThat(entry.path("annotations").path("made").asString()).isEqualTo("today");
  }

  @Test
  void aListThatIsThereKeepsWhatItHas() throws IOException {
    String tag = "sha256-" + image.digest().hex();
    byte[] there =
        ("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"odd\":1,\"manifests\":[%s]}")
            .formatted(
                MediaTypes.OCI_INDEX,
                "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":5,\"x\":2}"
                    .formatted(MediaTypes.OCI_MANIFEST, image.digest()))
            .getBytes(StandardCharsets.UTF_8);
    server.addManifest("rancher/a", "1", image.bytes(), image.mediaType());
    server.addManifest("rancher/a", tag, there, MediaTypes.OCI_INDEX);
    Manifest referrer = referrer("first", image.digest());

    target.put(name("signature"), referrer);

    assertThat(listed(tag)).containsExactly(digest(image), digest(referrer));
    assertThat(list(tag).path("odd").asInt()).isEqualTo(1);
    assertThat(list(tag).path("manifests").get(0).path("x").asInt()).isEqualTo(2);
  }

  @Test
  void aRegistryThatTakesNoteOfTheSubjectNeedsNoTag() throws IOException {
    server.on("PUT", "/manifests/", status(201, "", "OCI-Subject: " + image.digest()));
    target.put(name("signature"), referrer("first", image.digest()));
    assertThat(server.seen()).filteredOn(s -> s.target().contains("sha256-")).isEmpty();
  }

  @Test
  void whatRefersToNothingIsListedNowhere() throws IOException {
    target.put(name("1"), image);
    assertThat(server.seen("PUT", "")).hasSize(1);
  }

  @Test
  void aLongDigestIsCut() throws IOException {
    Digest subject = Digest.parse("sha512:" + "a".repeat(128));
    target.put(name("signature"), referrer("first", subject));
    assertThat(listed("sha512-" + "a".repeat(64))).hasSize(1);
  }

  @Test
  void anImageUnderThatTagIsNotReplaced() throws IOException {
    String tag = "sha256-" + image.digest().hex();
    server.addManifest("rancher/a", tag, image.bytes(), image.mediaType());
    assertThatThrownBy(() -> target.put(name("1"), referrer("first", image.digest())))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining(tag);
    assertThat(server.manifest("rancher/a", tag)).isEqualTo(image.bytes());
  }

  @Test
  void manyAtOnceAreAllListed() throws Exception {
    List<Future<?>> puts = new ArrayList<>();
    List<Manifest> referrers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      referrers.add(referrer("r" + i, image.digest()));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Manifest referrer : referrers) {
        puts.add(
            threads.submit(
                () -> {
                  target.put(name("1").at(referrer.digest()), referrer);
                  return null;
                }));
      }
      for (Future<?> put : puts) {
        put.get();
      }
    }
    assertThat(listed("sha256-" + image.digest().hex()))
        .containsExactlyInAnyOrderElementsOf(referrers.stream().map(m -> digest(m)).toList());
  }

  /** As distribution 2.8.2 does; a fault of the moment is tried again all the same. */
  @Test
  void aRegistryThatRefusesForeignLayersIsNamedWithItsSetting() throws IOException {
    String unknown = "{\"code\":\"UNKNOWN\",\"message\":\"unknown error\",\"detail\":{}}";
    server.on("PUT", "/manifests/", 1, status(503, ""));
    server.on("PUT", "/manifests/", status(500, "{\"errors\":[" + unknown + "]}"));
    Manifest foreign =
        images.altered(
            images.image(TestImages.AMD64, images.layer("b", 10)),
            "tar+gzip\",",
            "tar+gzip\",\"urls\":[\"https://example.test/b\"],");

    assertThatThrownBy(() -> target.put(name("1"), foreign))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.UNSUPPORTED))
        .hasMessageContaining("validation.manifests.urls.allow")
        .hasMessageContaining("{setting platform}");
    assertThat(server.seen("PUT", "/manifests/")).hasSize(2);
  }

  private Manifest referrer(String kind, Digest subject) {
    Descriptor config = images.blob("application/vnd.oci.empty.v1+json", new byte[] {'{', '}'});
    return images.manifest(
        ("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"artifactType\":\"application/vnd.example.%s\","
             + "\"config\":{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":2},\"layers\":[],"
             + "\"subject\":{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":1},"
             + "\"annotations\":{\"made\":\"today\"}}")
            .formatted(
                MediaTypes.OCI_MANIFEST,
                kind,
                config.mediaType(),
                config.digest(),
                MediaTypes.OCI_MANIFEST,
                subject)
            .getBytes(StandardCharsets.UTF_8));
  }

  private Reference name(String tag) {
    return Reference.parse(server.name() + "/rancher/a:" + tag);
  }

  private JsonNode list(String tag) {
    return Json.parse(
        Optional.ofNullable(server.manifest("rancher/a", tag)).orElseThrow(), "the list");
  }

  private List<String> listed(String tag) {
    List<String> digests = new ArrayList<>();
    list(tag).path("manifests").forEach(e -> digests.add(e.path("digest").asString()));
    return digests;
  }

  private static String digest(Manifest manifest) {
    return manifest.digest().toString();
  }
}
