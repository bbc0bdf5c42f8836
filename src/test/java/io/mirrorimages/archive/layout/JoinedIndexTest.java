package io.mirrorimages.archive.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Platform;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinedIndexTest {
  private static final Digest ONE = Digest.sha256(new byte[] {1});
  private static final Digest TWO = Digest.sha256(new byte[] {2});

  /** An entry with blanks, an escape and an order that no serializer would give it. */
  private static final String ODD =
      "{ \"size\" : 7,\"digest\":\"%s\",\n\t\"annotations\":{\"a]}\":\"\\u00e4\\/\"},\"mediaType\":\"%s\" }"
          .formatted(ONE, MediaTypes.OCI_MANIFEST);

  private static final String INDEX =
      "{\"annotations\": {\"manifests\":\"[]\"} , \"manifests\" : [ %s ] ,\"schemaVersion\":2}\n"
          .formatted(ODD);

  @Test
  void entriesAreTheTextsThatTheyCameAs() {
    assertThat(JoinedIndex.entries(manifest(INDEX))).containsExactly(bytes(ODD));
  }

  @Test
  void anIndexIsExtendedBehindItsLastEntryAndElseStaysByteForByte() {
    byte[] entry =
        JoinedIndex.entry(
            new Descriptor(MediaTypes.OCI_MANIFEST, TWO, 9), Platform.parse("linux/arm/v7"));

    Manifest extended = JoinedIndex.extended(manifest(INDEX), List.of(entry));

    String added =
        "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":9,\"platform\":{\"architecture\":\"arm\",\"os\":\"linux\",\"variant\":\"v7\"}}"
            .formatted(MediaTypes.OCI_MANIFEST, TWO);
    assertThat(new String(extended.bytes(), StandardCharsets.UTF_8))
        .isEqualTo(INDEX.replace(ODD + " ]", ODD + "," + added + " ]"));
    assertThat(extended.children()).extracting(Descriptor::digest).containsExactly(ONE, TWO);
    assertThat(extended.children().getLast().platform()).contains(Platform.parse("linux/arm/v7"));
  }

  @Test
  void aNewIndexHasTheEntriesAsTheyAre() {
    byte[] entry =
        JoinedIndex.entry(
            new Descriptor(MediaTypes.DOCKER_MANIFEST, TWO, 9),
            Platform.parse("windows/amd64:10.0.17763.1"));

    Manifest index = JoinedIndex.of(List.of(bytes(ODD), entry));

    assertThat(index.mediaType()).isEqualTo(MediaTypes.OCI_INDEX);
    assertThat(JoinedIndex.entries(index)).containsExactly(bytes(ODD), entry);
    assertThat(index.children().getLast().platform())
        .contains(Platform.parse("windows/amd64:10.0.17763.1"));
  }

  @Test
  void anIndexWithoutEntriesCannotBeJoined() {
    Manifest empty = manifest("{\"schemaVersion\":2,\"manifests\":[]}");

    assertThatThrownBy(() -> JoinedIndex.entries(empty))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("no entries");
  }

  private static Manifest manifest(String text) {
    return Manifest.parse(bytes(text), MediaTypes.OCI_INDEX);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
