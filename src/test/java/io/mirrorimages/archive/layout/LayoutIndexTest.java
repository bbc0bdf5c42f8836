package io.mirrorimages.archive.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code index.json} of our own and other tools' archives says. */
class LayoutIndexTest {
  private static final Digest ONE = new Digest("sha256", "1".repeat(64));
  private static final Digest TWO = new Digest("sha256", "2".repeat(64));
  private static final String CONTAINERD = LayoutNames.CONTAINERD_NAME;
  private static final String REF = LayoutNames.REF_NAME;

  @Test
  void keepsOrderAndDescriptors() {
    LayoutIndex index =
        index(
            entry(TWO, CONTAINERD, "a/b:2"),
            entry(ONE),
            entry(ONE, CONTAINERD, "a/b:1"),
            entry(TWO));

    assertThat(index.named())
        .containsExactly(image("docker.io/a/b:2", TWO), image("docker.io/a/b:1", ONE));
    assertThat(index.unnamed()).containsExactly(descriptor(ONE), descriptor(TWO));
  }

  @Test
  void readsAnIndexOfNothing() {
    assertThat(index().named()).isEmpty();
    assertThat(index().unnamed()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "docker.io/a/b:1 | 1 | docker.io/a/b:1",
        "docker.io/a/b:1 | docker.io/a/b:1 | docker.io/a/b:1",
        "quay.io/a/b:1 | a/b:1 | quay.io/a/b:1",
        "quay.io/a/b:1 | /x | quay.io/a/b:1",
        "localhost/a/b:1 | localhost/a/b:1 | localhost/a/b:1",
        "quay.io/a/b:1 | localhost/a B | quay.io/a/b:1",
        "a/b:1:2 | quay.io/a/b:1 | quay.io/a/b:1",
        "latest | quay.io/a/b:1 | quay.io/a/b:1",
        "latest | busybox:1 | docker.io/library/busybox:1",
        "latest | busybox/x | docker.io/busybox/x:latest",
        "latest | :1 |",
        "latest | latest |",
        "a B/c | ../x |",
      })
  void containerdsNameCountsBeforeTheOther(String containerd, String ref, String expected) {
    LayoutIndex index = index(entry(ONE, CONTAINERD, containerd, REF, ref));

    if (expected == null) {
      assertThat(index.unnamed()).containsExactly(descriptor(ONE));
    } else {
      assertThat(index.named()).containsExactly(image(expected, ONE));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"quay.io/a/b:2", "localhost/a/b:1", "host:5000/a/b:1"})
  void refusesTwoFullNamesOfOneImage(String ref) {
    assertRefused(
        "it calls one image by two names, quay.io/a/b:1 and " + ref,
        document(entry(ONE, CONTAINERD, "quay.io/a/b:1", REF, ref)));
  }

  @Test
  void refusesOneNameForTwoImages() {
    String first = entry(ONE, CONTAINERD, "a/b:1");

    assertRefused("to two images", document(first, entry(TWO, CONTAINERD, "a/b:1")));
    assertThat(index(first, entry(ONE, REF, "docker.io/a/b:1")).named()).hasSize(1);
    assertRefused("to two images", document(first, first.replace("\"size\":7", "\"size\":8")));
  }

  @Test
  void aDigestInANameIsThatOfItsImage() {
    assertThat(index(entry(ONE, CONTAINERD, "a/b@" + ONE)).named())
        .containsExactly(image("docker.io/a/b@" + ONE, ONE));
    assertRefused("by another digest", document(entry(ONE, CONTAINERD, "a/b@" + TWO)));
  }

  /** A tag is found with and without the digest beside it. */
  @Test
  void aPinnedTagIsTheTag() {
    assertRefused(
        "to two images",
        document(entry(ONE, CONTAINERD, "a/b:1@" + ONE), entry(TWO, CONTAINERD, "a/b:1")));
  }

  @Test
  void whatHaulerKeepsBesideAnImageIsNamedAfterIt() {
    LayoutIndex index =
        index(
            entry(TWO, REF, "a/b:1", "kind", "dev.hauler/sigs"),
            entry(TWO, REF, "a/b:1", "kind", "dev.hauler/referrers/x"),
            entry(TWO, REF, "a/c:1", "kind", "dev.hauler/atts"),
            entry(ONE, REF, "a/b:1", "kind", "dev.hauler/image"));

    assertThat(index.named())
        .containsExactly(
            image("docker.io/a/b:1", ONE),
            image("docker.io/a/b:sha256-" + ONE.hex() + ".sig", TWO),
            image("docker.io/a/b@" + TWO, TWO),
            image("docker.io/a/c@" + TWO, TWO));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | is not a JSON object",
        "{} | has no manifests",
        "{\"manifests\":{}} | has manifests that are not a list",
        "{\"manifests\":[1]} | has an entry that is no JSON object",
        "{\"manifests\":[{}]} | has an entry without digest or size",
        "{\"manifests\":[{\"digest\":1,\"size\":1}]} | has an entry without digest or size",
        "{\"manifests\":[{\"digest\":\"D\"}]} | has an entry without digest or size",
        "{\"manifests\":[{\"digest\":\"D\",\"size\":1.5}]} | has an entry without digest or size",
        "{\"manifests\":[{\"digest\":\"D\",\"size\":9223372036854775808}]} | without digest or"
            + " size",
        "{\"manifests\":[{\"digest\":\"D\",\"size\":-1}]} | is negative",
        "{\"manifests\":[{\"digest\":\"D\",\"Size\":1}]} | has the key \"Size\"",
        "{\"Manifests\":[]} | has the key \"Manifests\"",
        "{\"config\":{},\"manifests\":[]} | both as an image and as an index",
        "{\"manifests\":[],\"layers\":[]} | both as an image and as an index",
        "{\"manifests\":[]}{} | has more than one JSON document",
        "{\"manifests\":[]} x | is not JSON",
        "{\"manifests\":[ | is not JSON",
        "{\"manifests\":[],\"manifests\":[]} | is not JSON",
      })
  void refuses(String document, String because) {
    assertRefused(because, document.replace("D", ONE.toString()));
  }

  @Test
  void passesOverWhatItDoesNotKnow() {
    String document = document(entry(ONE)).replaceFirst("\\{", "{\"other\":{\"manifests\":[1]},");

    assertThat(LayoutIndex.parse(document.getBytes(StandardCharsets.UTF_8)).unnamed()).hasSize(1);
  }

  @Test
  void refusesAnEntryThatIsTooLarge() {
    assertThat(index(entry(ONE, "x", "y".repeat(500 * 1024))).unnamed()).hasSize(1);
    assertRefused("index.json has an entry of", document(entry(ONE, "x", "y".repeat(512 * 1024))));
  }

  private static void assertRefused(String because, String document) {
    assertThatThrownBy(() -> LayoutIndex.parse(document.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageStartingWith(because.contains("negative") ? "the size" : "index.json")
        .hasMessageContaining(because);
  }

  private static LayoutIndex index(String... entries) {
    return LayoutIndex.parse(document(entries).getBytes(StandardCharsets.UTF_8));
  }

  private static String document(String... entries) {
    return "{\"schemaVersion\":2,\"manifests\":[" + String.join(",", entries) + "]}";
  }

  /** An entry; keys and values of its annotations follow each other. */
  private static String entry(Digest digest, String... annotations) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < annotations.length; i += 2) {
      text.append(text.isEmpty() ? "" : ",")
          .append("\"%s\":\"%s\"".formatted(annotations[i], annotations[i + 1]));
    }
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":7,\"annotations\":{%s}}"
        .formatted(MediaTypes.OCI_MANIFEST, digest, text);
  }

  private static Descriptor descriptor(Digest digest) {
    return new Descriptor(MediaTypes.OCI_MANIFEST, digest, 7);
  }

  private static ArchivedImage image(String name, Digest digest) {
    return new ArchivedImage(Reference.parse(name), descriptor(digest));
  }
}
