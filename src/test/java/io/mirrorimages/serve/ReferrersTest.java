package io.mirrorimages.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What belongs to an image: signatures and lists of parts, found by the image's digest. */
class ReferrersTest {
  private static final String SIGNATURE = "application/vnd.example.signature+json";
  private static final String PARTS = "application/vnd.example.parts+json; charset=utf-8";
  private static final TestImages IMAGES = new TestImages();
  private static final Manifest IMAGE =
      IMAGES.image(TestImages.AMD64, IMAGES.layer("referred", 1000));
  private static final Manifest INDEX = IMAGES.index(IMAGE);
  private static final Manifest ALONE = IMAGES.image(TestImages.ARM64, IMAGES.layer("alone", 1000));

  /** Of no artifact type of its own: its config's type counts. */
  private static final Manifest BY_CONFIG = referrer(INDEX, "", Map.of("of", "config"));

  private static final Manifest SIGNED =
      referrer(INDEX, SIGNATURE, Map.of("by", "\"carol\"", "at", "2026-01-01T00:00:00Z"));
  private static final Manifest SIGNED_CHILD = referrer(IMAGE, SIGNATURE, Map.of());
  private static final Manifest PARTS_LIST = referrer(INDEX, PARTS, Map.of());

  /** A signature of the parts list, not of the image. */
  private static final Manifest SIGNED_PARTS = referrer(PARTS_LIST, SIGNATURE, Map.of());

  private static final Manifest UNTYPED_INDEX = referringIndex(INDEX, Map.of("kind", "index"));
  private static final Digest ABSENT = Digest.sha256(new byte[] {1});
  private static final Manifest OF_ABSENT =
      referrer(new Descriptor(MediaTypes.OCI_MANIFEST, ABSENT, 1), SIGNATURE, Map.of());
  private static final Manifest FALLBACK = IMAGES.index(SIGNED, BY_CONFIG, OF_ABSENT);
  private static final List<Manifest> LARGE = large(40);

  @TempDir private static Path folder;
  private static ArchiveReader archive;
  private static ArchiveServer server;
  private static HttpClient client;

  @BeforeAll
  static void serve() throws IOException {
    Map<String, Manifest> named = new LinkedHashMap<>();
    named.put("docker.io/rancher/shell:v1", INDEX);
    named.put("docker.io/rancher/shell:sha256-" + INDEX.digest().hex(), FALLBACK);
    named.put("docker.io/rancher/shell:index", UNTYPED_INDEX);
    named.put("quay.io/rancher/shell:v1", ALONE);
    named.put("quay.io/rancher/large:v1", ALONE);
    LARGE.forEach(m -> named.put("quay.io/rancher/large:" + m.digest().hex(), m));
    Path file = folder.resolve("layout.tar");
    writeLayout(file, named, List.of(PARTS_LIST, SIGNED_PARTS, SIGNED_CHILD));
    archive = ArchiveReader.open(file);
    server =
        ArchiveServer.start(archive, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() throws IOException {
    client.close();
    server.close();
    archive.close();
  }

  @Test
  void areListedWithWhatTheySayOfThemselves() throws Exception {
    HttpResponse<byte[]> answer = get("/v2/rancher/shell/referrers/" + INDEX.digest());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Content-Type")).isEqualTo(MediaTypes.OCI_INDEX);
    assertThat(header(answer, "OCI-Filters-Applied")).isEmpty();
    JsonNode index = Json.parse(answer.body(), "answer");
    assertThat(index.get("schemaVersion").asInt()).isEqualTo(2);
    assertThat(index.get("mediaType").asString()).isEqualTo(MediaTypes.OCI_INDEX);
    assertThat(digests(answer))
        .containsExactlyInAnyOrder(
            SIGNED.digest(), BY_CONFIG.digest(), PARTS_LIST.digest(), UNTYPED_INDEX.digest());
    assertThat(entry(answer, SIGNED))
        .isEqualTo(
            Json.MAPPER.valueToTree(
                Map.of(
                    "mediaType",
                    MediaTypes.OCI_MANIFEST,
                    "digest",
                    SIGNED.digest().toString(),
                    "size",
                    SIGNED.bytes().length,
                    "artifactType",
                    SIGNATURE,
                    "annotations",
                    Map.of("by", "\"carol\"", "at", "2026-01-01T00:00:00Z"))));
    assertThat(entry(answer, BY_CONFIG).get("artifactType").asString()).isEqualTo("a/config");
    assertThat(entry(answer, BY_CONFIG).get("annotations").get("of").asString())
        .isEqualTo("config");
    assertThat(entry(answer, PARTS_LIST).has("annotations")).isFalse();
    assertThat(entry(answer, UNTYPED_INDEX).has("artifactType")).isFalse();
    assertThat(entry(answer, UNTYPED_INDEX).get("mediaType").asString())
        .isEqualTo(MediaTypes.OCI_INDEX);
  }

  @Test
  void areListedForChildrenOfAnIndexForOtherReferrersAndForWhatIsNotThere() throws Exception {
    assertThat(digests(get("/v2/rancher/shell/referrers/" + IMAGE.digest())))
        .containsExactly(SIGNED_CHILD.digest());
    assertThat(digests(get("/v2/rancher/shell/referrers/" + PARTS_LIST.digest())))
        .containsExactly(SIGNED_PARTS.digest());
    assertThat(digests(get("/v2/rancher/shell/referrers/" + ABSENT)))
        .containsExactly(OF_ABSENT.digest());
  }

  @Test
  void areFilteredByTheirType() throws Exception {
    String url = "/v2/rancher/shell/referrers/" + INDEX.digest() + "?artifactType=";
    for (Map.Entry<String, Manifest> wanted :
        Map.of(SIGNATURE, SIGNED, PARTS, PARTS_LIST, "a/config", BY_CONFIG).entrySet()) {
      HttpResponse<byte[]> answer =
          get(url + URLEncoder.encode(wanted.getKey(), StandardCharsets.UTF_8));

      assertThat(header(answer, "OCI-Filters-Applied")).isEqualTo("artifactType");
      assertThat(digests(answer)).containsExactly(wanted.getValue().digest());
    }
    HttpResponse<byte[]> none = get(url + "a/b");
    assertThat(none.statusCode()).isEqualTo(200);
    assertThat(header(none, "OCI-Filters-Applied")).isEqualTo("artifactType");
    assertThat(digests(none)).isEmpty();
    assertThat(header(get(url), "OCI-Filters-Applied")).isEmpty();
    assertThat(digests(get(url))).hasSize(4);
  }

  @Test
  void areNoneButNeverMissing() throws Exception {
    for (String url :
        List.of(
            "/v2/rancher/shell/referrers/" + SIGNED.digest(),
            "/v2/rancher/shell/referrers/" + Digest.sha256(new byte[0]),
            "/v2/no/such/referrers/" + INDEX.digest())) {
      HttpResponse<byte[]> answer = get(url);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(header(answer, "Content-Type")).isEqualTo(MediaTypes.OCI_INDEX);
      assertThat(Json.parse(answer.body(), "answer").get("manifests").isArray()).isTrue();
      assertThat(digests(answer)).isEmpty();
    }
    assertThat(get("/v2/rancher/shell/referrers/sha256:zz").statusCode()).isEqualTo(400);
  }

  @Test
  void areThoseOfTheRepositoryOnly() throws Exception {
    String path = "/v2/rancher/shell/referrers/" + IMAGE.digest();

    assertThat(digests(get(path + "?ns=docker.io"))).containsExactly(SIGNED_CHILD.digest());
    assertThat(digests(get(path + "?ns=quay.io"))).isEmpty();
    assertThat(digests(get("/v2/docker.io/rancher/shell/referrers/" + IMAGE.digest())))
        .containsExactly(SIGNED_CHILD.digest());
  }

  @Test
  void canBePulledWhereTheyAreListed() throws Exception {
    for (Manifest referrer : List.of(SIGNED, PARTS_LIST, SIGNED_PARTS, SIGNED_CHILD)) {
      assertThat(get("/v2/rancher/shell/manifests/" + referrer.digest()).body())
          .isEqualTo(referrer.bytes());
      Digest content = referrer.layers().getFirst().digest();
      assertThat(get("/v2/rancher/shell/blobs/" + content).body())
          .isEqualTo(IMAGES.content(content));
    }
    assertThat(get("/v2/quay.io/rancher/shell/manifests/" + PARTS_LIST.digest()).statusCode())
        .isEqualTo(404);
  }

  @Test
  void areFoundByTheTagOfOlderClientsWhereTheArchiveHasIt() throws Exception {
    String tag = "sha256-" + INDEX.digest().hex();

    assertThat(get("/v2/rancher/shell/manifests/" + tag).body()).isEqualTo(FALLBACK.bytes());
    assertThat(get("/v2/rancher/shell/manifests/sha256-" + IMAGE.digest().hex()).statusCode())
        .isEqualTo(404);
  }

  @Test
  void comeInPagesThatClientsAcceptWhenTheyAreLarge() throws Exception {
    List<Digest> seen = new ArrayList<>();
    Optional<String> next =
        Optional.of(
            "/v2/rancher/large/referrers/"
                + ALONE.digest()
                + "?ns=quay.io&artifactType="
                + URLEncoder.encode(SIGNATURE, StandardCharsets.UTF_8));
    int pages = 0;
    while (next.isPresent()) {
      HttpResponse<byte[]> answer = get(next.get());
      assertThat(answer.body()).hasSizeLessThanOrEqualTo(4 * 1024 * 1024);
      assertThat(header(answer, "OCI-Filters-Applied")).isEqualTo("artifactType");
      seen.addAll(digests(answer));
      next =
          answer
              .headers()
              .firstValue("Link")
              .map(link -> link.substring(1, link.indexOf(">; rel=\"next\"")));
      pages++;
    }

    assertThat(pages).isGreaterThan(1);
    assertThat(seen).containsExactlyElementsOf(LARGE.stream().map(Manifest::digest).toList());
  }

  /** With so much said of each that they do not fit into one answer. */
  private static List<Manifest> large(int count) {
    List<Manifest> large = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      large.add(referrer(ALONE, SIGNATURE, Map.of("number", i + "#".repeat(200_000))));
    }
    return large;
  }

  private static Manifest referrer(
      Manifest subject, String artifactType, Map<String, String> annotations) {
    return referrer(subject.descriptor(), artifactType, annotations);
  }

  private static Manifest referrer(
      Descriptor subject, String artifactType, Map<String, String> annotations) {
    Map<String, Object> fields = new TreeMap<>();
    fields.put("schemaVersion", 2);
    fields.put("mediaType", MediaTypes.OCI_MANIFEST);
    fields.put("config", json(IMAGES.blob("a/config", utf8("{}"))));
    fields.put(
        "layers", List.of(json(IMAGES.blob("a/layer", utf8(artifactType + subject.digest())))));
    return refer(fields, subject, artifactType, annotations);
  }

  private static Manifest referringIndex(Manifest subject, Map<String, String> annotations) {
    Map<String, Object> fields = new TreeMap<>();
    fields.put("schemaVersion", 2);
    fields.put("mediaType", MediaTypes.OCI_INDEX);
    fields.put("manifests", List.of());
    return refer(fields, subject.descriptor(), "", annotations);
  }

  private static Manifest refer(
      Map<String, Object> fields,
      Descriptor subject,
      String artifactType,
      Map<String, String> annotations) {
    fields.put("subject", json(subject));
    if (!artifactType.isEmpty()) {
      fields.put("artifactType", artifactType);
    }
    if (!annotations.isEmpty()) {
      fields.put("annotations", new TreeMap<>(annotations));
    }
    return IMAGES.manifest(Json.MAPPER.writeValueAsBytes(fields));
  }

  /** A layout as other tools write it: with manifests in its index that have no name. */
  private static void writeLayout(Path file, Map<String, Manifest> named, List<Manifest> unnamed)
      throws IOException {
    List<Object> index = new ArrayList<>();
    Map<Digest, byte[]> blobs = new LinkedHashMap<>();
    named.forEach(
        (name, manifest) -> {
          Map<String, Object> entry = json(manifest.descriptor());
          entry.put("annotations", Map.of("org.opencontainers.image.ref.name", name));
          index.add(entry);
          collect(IMAGES.plan("a/b:c", manifest).manifests(), blobs);
        });
    unnamed.forEach(manifest -> index.add(json(manifest.descriptor())));
    collect(unnamed, blobs);
    try (OutputStream out = Files.newOutputStream(file);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      put(tar, "oci-layout", utf8("{\"imageLayoutVersion\":\"1.0.0\"}"));
      put(
          tar,
          "index.json",
          Json.MAPPER.writeValueAsBytes(Map.of("schemaVersion", 2, "manifests", index)));
      for (Map.Entry<Digest, byte[]> blob : blobs.entrySet()) {
        put(tar, "blobs/sha256/" + blob.getKey().hex(), blob.getValue());
      }
    }
  }

  private static void collect(List<Manifest> manifests, Map<Digest, byte[]> blobs) {
    for (Manifest manifest : manifests) {
      blobs.put(manifest.digest(), manifest.bytes());
      manifest.blobs().forEach(b -> blobs.put(b.digest(), IMAGES.content(b.digest())));
    }
  }

  private static void put(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static Map<String, Object> json(Descriptor descriptor) {
    Map<String, Object> json = new TreeMap<>();
    json.put("mediaType", descriptor.mediaType());
    json.put("digest", descriptor.digest().toString());
    json.put("size", descriptor.size());
    return json;
  }

  private static HttpResponse<byte[]> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
  }

  private static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static List<Digest> digests(HttpResponse<byte[]> answer) {
    List<Digest> digests = new ArrayList<>();
    for (JsonNode entry : Json.parse(answer.body(), "answer").get("manifests")) {
      digests.add(Digest.parse(entry.get("digest").asString()));
    }
    return digests;
  }

  private static JsonNode entry(HttpResponse<byte[]> answer, Manifest manifest) {
    for (JsonNode entry : Json.parse(answer.body(), "answer").get("manifests")) {
      if (entry.get("digest").asString().equals(manifest.digest().toString())) {
        return entry;
      }
    }
    throw new AssertionError(manifest.digest() + " is not listed");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
