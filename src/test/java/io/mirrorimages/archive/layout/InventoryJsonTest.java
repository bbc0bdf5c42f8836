package io.mirrorimages.archive.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code -Dmirror-images.seed} repeats a failure. */
class InventoryJsonTest {
  private static final long SEED = Long.getLong("mirror-images.seed", System.nanoTime());
  private static final String ID = "0123456789abcdef";
  private static final String BASE = "fedcba9876543210";
  private static final Digest DIGEST = new Digest("sha256", "1".repeat(64));
  private static final Digest OTHER = new Digest("sha512", "2".repeat(128));
  private static final Inventory INVENTORY =
      new Inventory(
              ID,
              1,
              2,
              List.of(
                  new Inventory.Image(
                      Reference.parse("rancher/shell:v1"),
                      new Descriptor(MediaTypes.OCI_MANIFEST, DIGEST, 7),
                      List.of(OTHER, DIGEST),
                      Optional.of(BASE))),
              List.of(
                  new Inventory.Blob(DIGEST, 7, 2, Optional.empty()),
                  new Inventory.Blob(OTHER, 1L << 40, 0, Optional.of(BASE))))
          .madeFor("key")
          .called("a.tar");

  @Test
  void isOneLineWithASum() {
    String before =
        ("{\"inventory\":1,\"id\":\"0123456789abcdef\",\"volume\":1,\"volumes\":2,\"purpose\":\"%s\","
             + "\"names\":{\"0123456789abcdef\":\"a.tar\"},"
             + "\"blobs\":[{\"digest\":\"%s\",\"size\":7,\"volume\":2},"
             + "{\"digest\":\"%s\",\"size\":1099511627776,\"base\":\"fedcba9876543210\"}],"
             + "\"images\":[{\"name\":\"docker.io/rancher/shell:v1\",\"mediaType\":\"%s\","
             + "\"digest\":\"%s\",\"size\":7,\"base\":\"fedcba9876543210\",\"contents\":[1,0]}]")
            .formatted(
                INVENTORY.purpose().orElseThrow(), DIGEST, OTHER, MediaTypes.OCI_MANIFEST, DIGEST);

    assertThat(INVENTORY.toJson()).asString(StandardCharsets.UTF_8).isEqualTo(signed(before));
  }

  @Test
  void namesTheEarlierParts() {
    Inventory later =
        new Inventory(
            ID,
            3,
            3,
            List.of(),
            List.of(),
            Optional.empty(),
            Map.of(),
            List.of(BASE, "a".repeat(16)));

    assertThat(later.toJson())
        .asString(StandardCharsets.UTF_8)
        .contains("\"continues\":[\"fedcba9876543210\",\"aaaaaaaaaaaaaaaa\"]");
    assertThat(InventoryJson.parse(later.toJson())).isEqualTo(later);
    String odd = "{\"inventory\":1,\"id\":\"0123456789abcdef\",\"continues\":[{}]";
    assertThatThrownBy(() -> InventoryJson.parse(signed(odd).getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("continues what has no id");
  }

  @Test
  void isReadAsItWasWritten() {
    assertThat(parse(text(INVENTORY))).isEqualTo(INVENTORY);
    Inventory plain = new Inventory(ID, 1, 1, List.of(), List.of());
    assertThat(parse(text(plain))).isEqualTo(plain);
    assertThat(text(plain)).doesNotContain("purpose", "names");

    Random random = new Random(SEED);
    for (int round = 0; round < 50; round++) {
      Inventory inventory = any(random);
      assertThat(parse(text(inventory))).as("-Dmirror-images.seed=" + SEED).isEqualTo(inventory);
    }
  }

  private static Inventory any(Random random) {
    List<Inventory.Blob> blobs = new ArrayList<>();
    List<Inventory.Image> images = new ArrayList<>();
    int volumes = random.nextInt(1, 4);
    for (int i = random.nextInt(9); i > 0; i--) {
      boolean based = random.nextBoolean();
      Digest digest = Digest.sha256(new byte[] {(byte) i});
      long size = random.nextLong(Long.MAX_VALUE);
      blobs.add(
          new Inventory.Blob(
              digest,
              size,
              based ? 0 : random.nextInt(1, volumes + 1),
              based ? Optional.of(BASE) : Optional.empty()));
      images.add(
          new Inventory.Image(
              Reference.parse("a/b:" + i),
              new Descriptor(MediaTypes.OCI_INDEX, digest, size),
              List.of(blobs.get(random.nextInt(blobs.size())).digest(), digest),
              based ? Optional.of(BASE) : Optional.empty()));
    }
    Inventory inventory = new Inventory(ID, random.nextInt(1, volumes + 1), volumes, images, blobs);
    return random.nextBoolean() ? inventory : inventory.madeFor("x").called("\u00fc.tar");
  }

  /** Whatever a disk or a line makes of one byte. */
  @Test
  void anyChangedByteIsNoticed() {
    byte[] json = INVENTORY.toJson();
    for (int at = 0; at < json.length; at++) {
      byte[] changed = json.clone();
      changed[at] ^= 1;
      assertThatThrownBy(() -> InventoryJson.parse(changed))
          .as("byte %d", at)
          .isInstanceOf(InvalidContentException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | has no sum at its end",
        "'' | has no sum at its end",
        "{\"a\":1,\"sum\":\"12 | was changed",
      })
  void refusesWhatHasNoSum(String text, String because) {
    assertRefused(because, text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"inventory\":1 | \"inventory\":2 | is of another version than 1",
        "\"inventory\":1, | '' | is of another version than 1",
        "\"inventory\":1 | \"inventory\":\"1\" | has text for a number",
        "\"volume\":1 | \"volume\":\"1\" | has text for a number",
        "\"volumes\":2 | \"volumes\":null | has text for a number",
        "\"volumes\":2 | \"volumes\":99999999999 | is not JSON",
        "\"id\":\"0123456789abcdef\" | \"id\":7 | has no id of 16",
        "\"id\":\"0123456789abcdef\", | '' | has no id of 16",
        "\"id\":\"0123456789abcdef\" | \"id\":\"fedcba9876543210\" | is based on itself",
        "\"names\":{\"0123456789abcdef\":\"a.tar\"} | \"names\":[] | no JSON object",
        "\"blobs\":[ | \"blobs\":{},\"x\":[ | has no list of blobs or images",
        "\"images\":[ | \"images\":1,\"x\":[ | has no list of blobs or images",
        "\"blobs\":[ | \"blobs\":[[], | has an entry that is no JSON object",
        "\"images\":[ | \"images\":[\"\", | has an entry that is no JSON object",
        "\"size\":7,\"volume\" | \"size\":\"7\",\"volume\" | has a blob without size",
        "\"size\":7,\"volume\" | \"size\":7.5,\"volume\" | has a blob without size",
        "1099511627776 | 9223372036854775808 | has a blob without size",
        "\"size\":7,\"volume\" | \"size\":-1,\"volume\" | has an impossible size",
        "\"volume\":2} | \"volume\":3} | has an impossible size or volume",
        "\"volume\":2} | \"other\":3} | has an impossible size or volume",
        "\"base\":\"fedcba9876543210\"} | \"base\":\"fedc\"} | has a base without id",
        "\"base\":\"fedcba9876543210\", | \"base\":\"\", | has a base without id",
        "[1,0] | 1 | has an image without contents",
        "[1,0] | [1,0,2] | refers to a blob that it does not have",
        "[1,0] | [-1] | refers to a blob that it does not have",
        "[1,0] | [\"x\"] | refers to a blob that it does not have",
        "rancher/shell:v1 | rancher/Shell | names are lower case",
        "\"size\":7,\"base\" | \"base\" | is negative",
        "{\"inventory\" | [],{\"inventory\" | is not a JSON object",
        "{\"inventory\" | x{\"inventory\" | is not JSON",
        "{\"inventory\" | {\"id\":\"\",\"inventory\" | is not JSON",
        "{\"digest\" | {\"Digest\" | has the key \"Digest\"",
        "\"size\":1099 | \"SIZE\":1099 | has the key \"SIZE\"",
        "\"contents\" | \"Contents\" | has the key \"Contents\"",
        "{\"name\" | {\"Name\" | has the key \"Name\"",
        "\"volumes\" | \"Volumes\" | has the key \"Volumes\"",
        "\"blobs\" | \"Blobs\" | has the key \"Blobs\"",
        "\"images\" | \"IMAGE\u017f\" | has the key \"IMAGE\u017f\"",
      })
  void refusesWhatASumGoesWithButIsWrong(String text, String by, String because) {
    String json = text(INVENTORY);
    String before = json.substring(0, json.indexOf(",\"sum\""));
    assertThat(before).contains(text);

    assertRefused(because, signed(before.replace(text, by)));
  }

  @Test
  void refusesMoreThanOneDocument() {
    assertRefused("has more than one JSON document", text(INVENTORY) + "{}");
    assertRefused("is not JSON", text(INVENTORY) + "x");
    assertThat(parse(text(INVENTORY) + "\n")).isEqualTo(INVENTORY);
  }

  /** What later versions add is passed over. */
  @Test
  void passesOverOtherKeys() {
    String json = text(INVENTORY);
    String before = json.substring(0, json.indexOf(",\"sum\""));
    String more = before.replace("{\"inventory\"", "{\"x\":{\"id\":[1]},\"inventory\"");

    assertThat(parse(signed(more))).isEqualTo(INVENTORY);
  }

  private static void assertRefused(String because, String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining(because);
  }

  private static String signed(String before) {
    String sum = Digest.sha256(before.getBytes(StandardCharsets.UTF_8)).hex();
    return before + ",\"sum\":\"" + sum + "\"}";
  }

  private static Inventory parse(String text) {
    return InventoryJson.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Inventory inventory) {
    return new String(inventory.toJson(), StandardCharsets.UTF_8);
  }
}
