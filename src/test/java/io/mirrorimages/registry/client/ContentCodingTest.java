package io.mirrorimages.registry.client;

import static io.mirrorimages.testing.FaultyRegistry.respond;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that compress what they send, unasked, and servers that only say so. */
@Timeout(120)
class ContentCodingTest {
  private static final byte[] MANIFEST =
      "{\"schemaVersion\":2,\"config\":{\"digest\":\"sha256:%s\",\"size\":2}}"
          .formatted("a".repeat(64))
          .getBytes(StandardCharsets.UTF_8);
  private static final byte[] CONFIG =
      "{\"architecture\":\"amd64\",\"os\":\"linux\"}".getBytes(StandardCharsets.UTF_8);
  private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";

  private FaultyRegistry server;
  private Registries side;

  @BeforeEach
  void start() throws IOException {
    server = new FaultyRegistry();
    side = new Registries(TestSettings.quick());
  }

  @AfterEach
  void stop() throws IOException {
    side.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "x-gzip", "GZIP", "identity, gzip"})
  void aManifestIsDecoded(String coding) throws IOException {
    server.on("GET", "/manifests/", e -> respond(e, 200, gzip(MANIFEST), type(), label(coding)));
    assertThat(manifest()).isEqualTo(MANIFEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "zstd", "identity"})
  void aLabelAloneChangesNothingOfAManifest(String coding) throws IOException {
    server.on("GET", "/manifests/", e -> respond(e, 200, MANIFEST, type(), label(coding)));
    assertThat(manifest()).isEqualTo(MANIFEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "zstd", "deflate", "gzip, br"})
  void aCodingThatCantBeDecodedIsNamed(String coding) {
    server.on(
        "GET", "/manifests/", e -> respond(e, 200, new byte[] {1, 2, 3}, type(), label(coding)));
    assertThat(catchThrowableOfType(TransferException.class, this::manifest))
        .hasMessageContaining("content coding " + coding);
    server.on("GET", "/blobs/", e -> respond(e, 200, new byte[] {1, 2, 3}, label(coding)));
    assertThat(catchThrowableOfType(TransferException.class, () -> blob(CONFIG, "")))
        .hasMessageContaining("content coding " + coding);
  }

  @Test
  void aBombIsNotUnfolded() {
    byte[] bomb = gzip(new byte[64 * 1024 * 1024]);
    server.on("GET", "/manifests/", e -> respond(e, 200, bomb, type(), label("gzip")));
    assertThat(catchThrowableOfType(TransferException.class, this::manifest).reason())
        .isEqualTo(FailureKind.UNSUPPORTED);
    server.on("GET", "/blobs/", e -> respond(e, 200, bomb, label("gzip")));
    assertThat(catchThrowableOfType(TransferException.class, () -> blob(CONFIG, "")))
        .hasMessageContaining("more bytes than the blob has");
  }

  @Test
  void blobsAreDecodedAlsoLayersThatAreGzipFilesThemselves() throws IOException {
    byte[] layer = gzip("a layer".repeat(1000).getBytes(StandardCharsets.UTF_8));
    coded(gzip(CONFIG), true);
    assertThat(blob(CONFIG, MediaTypes.OCI_CONFIG)).isEqualTo(CONFIG);
    for (boolean length : new boolean[] {true, false}) {
      stop();
      start();
      coded(gzip(layer), length);
      assertThat(blob(layer, LAYER)).isEqualTo(layer);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLabelAloneChangesNothingOfALayer(boolean withLength) throws IOException {
    byte[] layer = gzip("a layer".repeat(1000).getBytes(StandardCharsets.UTF_8));
    coded(layer, withLength);
    assertThat(blob(layer, LAYER)).isEqualTo(layer);
  }

  @Test
  void aShortLayerThatIsNoGzipFileThoughItsTypeSaysSoIsDecoded() throws IOException {
    byte[] layer = "no gzip file".getBytes(StandardCharsets.UTF_8);
    coded(gzip(layer), false);
    assertThat(blob(layer, LAYER)).isEqualTo(layer);
  }

  @Test
  void aPartOfCodedBytesIsNotTakenForOneOfTheBlob() throws IOException {
    byte[] layer = gzip("a layer".repeat(1000).getBytes(StandardCharsets.UTF_8));
    byte[] coded = gzip(layer);
    server.on(
        "GET",
        "/blobs/",
        e -> {
          if (e.getRequestHeaders().containsKey("Range")) {
            String range = "Content-Range: bytes 5-" + (coded.length - 1) + "/" + coded.length;
            respond(e, 206, new byte[coded.length - 5], range, label("gzip"));
          } else {
            respond(e, 200, coded, label("gzip"));
          }
        });
    try (InputStream rest = side.asSource().open(repository(), descriptor(layer, LAYER), 5)) {
      assertThat(rest.readAllBytes()).hasSize(layer.length - 5).endsWith(layer[layer.length - 1]);
    }
  }

  @Test
  void aHeadThatTellsTheCodedLengthStillTellsThatTheBlobIsThere() throws IOException {
    server.on(
        "HEAD",
        "/blobs/",
        e -> {
          e.getResponseHeaders().set("Content-Length", "7");
          respond(e, 200, new byte[0], label("gzip"));
        });
    assertThat(side.asTarget().has(repository(), descriptor(CONFIG, ""))).isTrue();
  }

  private void coded(byte[] bytes, boolean withLength) {
    server.on(
        "GET",
        "/blobs/",
        e -> {
          e.getResponseHeaders().set("Content-Encoding", "gzip");
          e.sendResponseHeaders(200, withLength ? bytes.length : 0);
          e.getResponseBody().write(bytes);
          e.getResponseBody().close();
        });
  }

  private byte[] manifest() throws IOException {
    return side.asSource().manifest(Reference.parse(server.name() + "/a/b:1")).bytes();
  }

  private byte[] blob(byte[] bytes, String type) throws IOException {
    try (InputStream in = side.asSource().open(repository(), descriptor(bytes, type), 0)) {
      return in.readAllBytes();
    }
  }

  private Repository repository() {
    return new Repository(server.name(), "a/b");
  }

  private static Descriptor descriptor(byte[] bytes, String type) {
    return new Descriptor(type, Digest.sha256(bytes), bytes.length);
  }

  private static String type() {
    return "Content-Type: " + MediaTypes.OCI_MANIFEST;
  }

  private static String label(String coding) {
    return "Content-Encoding: " + coding;
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
