package io.mirrorimages.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
  private static final String D1 = "sha256:" + "1".repeat(64);
  private static final String CONFIG = "\"config\":{\"digest\":\"" + D1 + "\",\"size\":3}";
  private static final String D2 = "sha256:" + "2".repeat(64);

  @Test
  void keepsOddBytesAndTheirDigest() {
    byte[] odd =
        bytes(
            "{ \"schemaVersion\":2,\t\"config\" : {\"digest\":\""
                + D1
                + "\",\"size\": 3}, \"layers\":[]}\n\n");

    Manifest manifest = Manifest.parse(odd, MediaTypes.OCI_MANIFEST);

    assertThat(manifest.bytes()).isEqualTo(odd);
    assertThat(manifest.digest()).isEqualTo(Digest.sha256(odd));
    assertThat(manifest.blobs()).extracting(Descriptor::size).containsExactly(3L);
  }

  @Test
  void refusesOtherBytesThanThePinnedOnes() {
    assertThatThrownBy(() -> Manifest.parse(image(), "", Digest.parse(D1)))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining(D1);
  }

  @Test
  void refusesADocumentThatIsBothImageAndIndex() {
    byte[] both =
        bytes("{\"config\":{\"digest\":\"" + D1 + "\",\"size\":1},\"layers\":[],\"manifests\":[]}");

    assertThatThrownBy(() -> Manifest.parse(both, MediaTypes.OCI_MANIFEST))
        .hasMessageContaining("both");
    assertThatThrownBy(() -> Manifest.parse(both, MediaTypes.OCI_INDEX))
        .hasMessageContaining("both");
    assertThatThrownBy(() -> Manifest.parse(both, "")).hasMessageContaining("both");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        MediaTypes.OCI_MANIFEST,
        MediaTypes.DOCKER_MANIFEST,
        MediaTypes.DOCKER_LIST,
        MediaTypes.DOCKER_SCHEMA1_SIGNED,
        "text/html",
        "application/json; charset=utf-8",
        ""
      })
  void whatADocumentSaysOfItselfOutweighsWhatOthersSay(String said) {
    byte[] index = bytes("{\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"manifests\":[]}");

    assertThat(Manifest.parse(index, said).mediaType()).isEqualTo(MediaTypes.OCI_INDEX);
  }

  @Test
  void whatOthersSayCountsOnlyIfTheDocumentHasThatForm() {
    byte[] image = bytes("{" + CONFIG + "}");
    byte[] index = bytes("{\"manifests\":[]}");

    assertThat(Manifest.parse(image, MediaTypes.DOCKER_MANIFEST).mediaType())
        .isEqualTo(MediaTypes.DOCKER_MANIFEST);
    assertThat(Manifest.parse(image, MediaTypes.DOCKER_LIST).mediaType())
        .isEqualTo(MediaTypes.OCI_MANIFEST);
    assertThat(Manifest.parse(index, MediaTypes.DOCKER_LIST).mediaType())
        .isEqualTo(MediaTypes.DOCKER_LIST);
    assertThat(Manifest.parse(index, MediaTypes.DOCKER_MANIFEST).mediaType())
        .isEqualTo(MediaTypes.OCI_INDEX);
  }

  @Test
  void nullIsAnEmptyListAsInProgramsInGo() {
    String type = "\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",";
    Manifest index = Manifest.parse(bytes("{" + type + "\"manifests\":null}"), "");
    Manifest image = Manifest.parse(bytes("{\"manifests\":null," + CONFIG + "}"), "");

    assertThat(index.isIndex()).isTrue();
    assertThat(index.children()).isEmpty();
    assertThat(image.isIndex()).isFalse();
    assertThat(image.layers()).isEmpty();
  }

  /** As BuildKit exports its cache, unless it is told to make an image manifest of it. */
  @Test
  void anIndexMayListBlobs() {
    Manifest cache =
        Manifest.parse(
            bytes(
                "{\"mediaType\":\"%s\",\"manifests\":[%s,%s]}"
                    .formatted(
                        MediaTypes.OCI_INDEX,
                        entry("application/vnd.oci.image.layer.v1.tar+gzip", "a"),
                        entry("application/vnd.buildkit.cacheconfig.v0", "b"))),
            "");

    assertThat(cache.children()).isEmpty();
    assertThat(cache.blobs())
        .extracting(blob -> blob.digest().hex())
        .containsExactly("a".repeat(64), "b".repeat(64));
  }

  private static String entry(String type, String digit) {
    return "{\"mediaType\":\"%s\",\"digest\":\"sha256:%s\",\"size\":3}"
        .formatted(type, digit.repeat(64));
  }

  @Test
  void refusesSchema1ByName() {
    assertThatThrownBy(
            () ->
                Manifest.parse(
                    bytes("{\"schemaVersion\":1,\"fsLayers\":[]}"),
                    MediaTypes.DOCKER_SCHEMA1_SIGNED))
        .isInstanceOf(UnsupportedManifestException.class)
        .hasMessageContaining("schema 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "<html></html>",
        "{",
        "{}",
        "{\"config\":{}}",
        "{\"config\":1,\"layers\":[]}",
        "{\"config\":{\"digest\":\"sha256:..\",\"size\":1},\"layers\":[]}",
        "{\"config\":{\"digest\":\"DIGEST\",\"size\":-1},\"layers\":[]}",
        "{\"config\":{\"digest\":\"DIGEST\",\"size\":9223372036854775808},\"layers\":[]}",
        "{\"config\":{\"digest\":\"DIGEST\",\"size\":1.5},\"layers\":[]}",
        "{\"config\":{\"digest\":\"DIGEST\"},\"layers\":[]}",
        "{\"config\":{\"digest\":\"DIGEST\",\"size\":1},\"layers\":{}}",
        "{\"config\":{\"digest\":\"DIGEST\",\"size\":1,\"size\":2},\"layers\":[]}",
        "{\"config\":{\"digest\":\"DIGEST\",\"size\":1},\"layers\":[]} {}",
        "{\"manifests\":[1]}",
        "{\"manifests\":null}"
      })
  void refusesWhatIsNoManifest(String text) {
    assertThatThrownBy(() -> Manifest.parse(bytes(text.replace("DIGEST", D1)), ""))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageNotContaining("\n");
  }

  /** Programs in Go take each of these keys for the one that it resembles, and the last of two. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'config': C, 'layers': [], 'Layers': [C]         | Layers",
        "'config': C, 'LAYERS': []                        | LAYERS",
        "'config': C, 'layer\u017f': []                  | layer\u017f",
        "'config': C, 'layers': [], '\\u004cayers': []   | Layers",
        "'CONFIG': C, 'config': C, 'layers': []           | CONFIG",
        "'config': C, 'layers': [], 'Manifests': []       | Manifests",
        "'config': C, 'layers': [], 'FSLayers': []        | FSLayers",
        "'config': C, 'layers': [], 'MediaType': 'x'      | MediaType",
        "'config': C, 'layers': [], 'SchemaVersion': 1    | SchemaVersion",
        "'config': C, 'layers': [], 'Subject': C          | Subject",
        "'config': C, 'layers': [], 'Annotations': {}     | Annotations",
        "'config': C, 'layers': [], 'artifacttype': 'x'   | artifacttype",
        "'config': {'Digest': D, 'digest': D, 'size': 1}  | Digest",
        "'config': {'digest': D, 'size': 1, 'SIZE': 2}    | SIZE",
        "'config': C, 'layers': [{'digest': D, 'size': 1, 'URLs': []}] | URLs",
        "'config': C, 'layers': [], 'subject': {'digest': D, 'size': 1, 'Data': ''} | Data",
        "'manifests': [{'digest': D, 'size': 1, 'Platform': {}}] | Platform",
        "'manifests': [{'digest': D, 'size': 1, 'platform': {'OS': 'linux'}}] | OS",
        "'manifests': [{'digest': D, 'size': 1, 'platform': {'os.Version': '1'}}] | os.Version",
      })
  void refusesKeysThatDifferInCaseOnly(String text, String key) {
    String body =
        text.replace(" C", " {'digest': D, 'size': 1}")
            .replace("[C]", "[{'digest': D, 'size': 1}]")
            .replace(" D", " '" + D1 + "'")
            .replace('\'', '"');

    assertThatThrownBy(() -> Manifest.parse(bytes("{" + body + "}"), ""))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("has the key \"" + key + "\", which other programs take for")
        .hasMessageNotContaining("\n");
  }

  @Test
  void unknownKeysAndTheKeysOfAnnotationsAreFree() {
    String free =
        """
        {"config": {"digest": "%s", "size": 1, "Vendor": 1, "vendor": 2}, "layers": [],
         "Extra": 1, "extra": 2, "EXTRA": 3, "Os": "in no platform",
         "annotations": {"Digest": "a", "digest": "b", "LAYERS": "c"}}
        """
            .formatted(D1);

    Manifest manifest = Manifest.parse(bytes(free), "");

    assertThat(manifest.annotations()).hasSize(3);
  }

  @Test
  void aFilteredIndexHasTheOriginalEntriesAndFields() {
    byte[] index =
        bytes(
            """
            {"schemaVersion": 2, "mediaType": "%s", "annotations": {"a": "b"},
             "manifests": [
               {"digest": "%s", "size": 1, "mediaType": "%s", "vendor": {"x": [1, 2]}},
               {"digest": "%s", "size": 2, "mediaType": "%s"}]}
            """
                .formatted(
                    MediaTypes.OCI_INDEX,
                    D1,
                    MediaTypes.OCI_MANIFEST,
                    D2,
                    MediaTypes.OCI_MANIFEST));

    Manifest filtered = Manifest.parse(index, "").keepingOnly(Set.of(Digest.parse(D1)));

    assertThat(new String(filtered.bytes(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"schemaVersion\":2,\"mediaType\":\""
                + MediaTypes.OCI_INDEX
                + "\",\"annotations\":{\"a\":\"b\"},\"manifests\":[{\"digest\":\""
                + D1
                + "\",\"size\":1,\"mediaType\":\""
                + MediaTypes.OCI_MANIFEST
                + "\",\"vendor\":{\"x\":[1,2]}}]}");
  }

  private static byte[] image() {
    return bytes("{\"config\":{\"digest\":\"" + D1 + "\",\"size\":1},\"layers\":[]}");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
