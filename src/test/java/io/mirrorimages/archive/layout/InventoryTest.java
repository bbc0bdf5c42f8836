package io.mirrorimages.archive.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InventoryTest {
  private static final String ID = "0123456789abcdef";
  private static final Digest DIGEST = Digest.sha256(new byte[] {1});
  private static final Inventory INVENTORY =
      new Inventory(
          ID,
          1,
          2,
          List.of(
              new Inventory.Image(
                  Reference.parse("rancher/shell:v1"),
                  new Descriptor(MediaTypes.OCI_MANIFEST, DIGEST, 1),
                  List.of(DIGEST),
                  Optional.empty())),
          List.of(new Inventory.Blob(DIGEST, 1, 1, Optional.empty())));

  @Test
  void isReadAsItWasWritten() {
    assertThat(InventoryJson.parse(INVENTORY.toJson())).isEqualTo(INVENTORY);
  }

  /** They are counted through in more than one place. */
  @Test
  void volumesAreBounded() {
    assertThatThrownBy(() -> new Inventory(ID, 1, 2_000_000_000, List.of(), List.of()))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("2000000000 volumes");
    assertThat(new Inventory(ID, 1, 10_000, List.of(), List.of()).volumes()).isEqualTo(10_000);
  }

  @Test
  void noArchiveIsBasedOnItself() {
    List<Inventory.Blob> blobs = List.of(new Inventory.Blob(DIGEST, 1, 0, Optional.of(ID)));

    byte[] json = new Inventory(ID, 1, 1, List.of(), blobs).toJson();

    assertThatThrownBy(() -> InventoryJson.parse(json))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("based on itself");
  }

  @ParameterizedTest
  @CsvSource({
    "volumes, Volumes",
    "images, IMAGE\u017f",
    "blobs, Blobs",
    "digest, Digest",
    "size, SIZE",
    "contents, Contents",
    "name, Name",
  })
  void refusesKeysThatDifferInCaseOnly(String key, String other) {
    String text = new String(INVENTORY.toJson(), StandardCharsets.UTF_8);
    String before = text.substring(0, text.indexOf(",\"sum\""));
    String changed = before.replaceFirst("\"" + key + "\"", "\"" + other + "\":1,\"" + key + "\"");
    String sum = Digest.sha256(changed.getBytes(StandardCharsets.UTF_8)).hex();
    byte[] signed = (changed + ",\"sum\":\"" + sum + "\"}").getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> InventoryJson.parse(signed))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("has the key \"" + other + "\"");
  }
}
