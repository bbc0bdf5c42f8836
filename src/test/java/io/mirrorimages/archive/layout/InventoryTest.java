package io.mirrorimages.archive.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import java.util.List;
import java.util.Map;
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

  /** They are counted through in more than one place. */
  @Test
  void volumesAreBounded() {
    assertThatThrownBy(() -> new Inventory(ID, 1, 2_000_000_000, List.of(), List.of()))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("2000000000 volumes");
    assertThat(new Inventory(ID, 1, 10_000, List.of(), List.of()).volumes()).isEqualTo(10_000);
  }

  @ParameterizedTest
  @CsvSource({
    "2, 0123456789abcdef, continues itself",
    "3, fedcba9876543210 fedcba9876543210, continues itself",
    "1, fedcba9876543210, no volume for each part",
    "2, fedcba, no id",
  })
  void refusesPartsThatCanNotBe(int volume, String parts, String because) {
    assertThatThrownBy(
            () ->
                new Inventory(
                    ID,
                    volume,
                    3,
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    Map.of(),
                    List.of(parts.split(" "))))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining(because);
  }

  /** A part that is finished after a later one says that only both have all. */
  @Test
  void anEarlierPartHasAllThatWasWantedTogetherWithTheLaterOne() {
    Inventory made = INVENTORY.madeFor("key", "f".repeat(16));

    assertThat(made.isMadeFor("key", "f".repeat(16))).isTrue();
    assertThat(made.isMadeFor("key", "e".repeat(16))).isFalse();
    assertThat(made.isMadeFor("key")).isFalse();
    assertThat(INVENTORY.madeFor("key", ID)).isEqualTo(INVENTORY.madeFor("key"));
  }

  @ParameterizedTest
  @CsvSource({
    "0123456789abcde, 1, 1, no id",
    "0123456789abcdef0, 1, 1, no id",
    "0123456789ABCDEF, 1, 1, no id",
    "0123456789abcdef, 0, 1, volume 0 of 1",
    "0123456789abcdef, 2, 1, volume 2 of 1",
    "0123456789abcdef, 1, 10001, 10001 volumes"
  })
  void refusesWhatIsImpossible(String id, int volume, int volumes, String because) {
    assertThatThrownBy(() -> new Inventory(id, volume, volumes, List.of(), List.of()))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining(because);
  }

  @ParameterizedTest
  @CsvSource({"-1, 1", "1, 0", "1, 3"})
  void refusesABlobOfAnImpossibleSizeOrVolume(long size, int volume) {
    List<Inventory.Blob> blobs =
        List.of(new Inventory.Blob(DIGEST, size, volume, Optional.empty()));

    assertThatThrownBy(() -> new Inventory(ID, 1, 2, List.of(), blobs))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("impossible size or volume for " + DIGEST);
  }

  @Test
  void aBlobIsListedOnce() {
    List<Inventory.Blob> twice =
        List.of(INVENTORY.blobs().getFirst(), INVENTORY.blobs().getFirst());

    assertThatThrownBy(() -> new Inventory(ID, 1, 1, List.of(), twice))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("has " + DIGEST + " twice");
    assertThat(INVENTORY.byDigest())
        .containsExactly(Map.entry(DIGEST, INVENTORY.blobs().getFirst()));
  }

  @Test
  void allContentsOfAnImageAreListed() {
    assertThatThrownBy(() -> new Inventory(ID, 1, 1, INVENTORY.images(), List.of()))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("everything of docker.io/rancher/shell:v1");
  }

  @Test
  void knowsWhatItWasMadeFor() {
    Inventory made = INVENTORY.madeFor("key");

    assertThat(made.isMadeFor("key")).isTrue();
    assertThat(made.isMadeFor("other")).isFalse();
    assertThat(INVENTORY.isMadeFor("key")).isFalse();
    assertThat(made.purpose().orElseThrow()).matches("[0-9a-f]{32}").doesNotContain("key");
    assertThat(made).isEqualTo(INVENTORY.madeFor("other").madeFor("key"));
    assertThat(new Inventory(ID, 1, 2, made.images(), made.blobs())).isEqualTo(INVENTORY);
  }

  /** A file that was renamed later is still looked for by the name in the deltas. */
  @Test
  void knowsWhatItsFileWasCalledFirst() {
    Inventory called = INVENTORY.called("a.tar");

    assertThat(called.names()).containsExactly(Map.entry(ID, "a.tar"));
    assertThat(called.called("b.tar")).isEqualTo(called);
    assertThat(called.asBase().names()).isEqualTo(called.names());
  }

  @Test
  void asABaseItHasNothingOfItsOwn() {
    String older = "fedcba9876543210";
    Digest digest = Digest.sha256(new byte[] {2});
    Inventory.Blob blob = new Inventory.Blob(digest, 5, 0, Optional.of(older));
    Inventory.Image image = INVENTORY.images().getFirst();
    Inventory.Image old =
        new Inventory.Image(image.name(), image.descriptor(), image.contents(), Optional.of(older));
    Inventory base =
        new Inventory(ID, 2, 2, List.of(image, old), List.of(INVENTORY.blobs().getFirst(), blob))
            .madeFor("key")
            .asBase();

    assertThat(base.images())
        .extracting(Inventory.Image::base)
        .containsExactly(Optional.of(ID), Optional.of(older));
    assertThat(base.images()).extracting(Inventory.Image::name).containsOnly(image.name());
    assertThat(base.images().getFirst().contents()).containsExactly(DIGEST);
    assertThat(base.blobs())
        .containsExactly(new Inventory.Blob(DIGEST, 1, 0, Optional.of(ID)), blob);
    assertThat(base.purpose()).isEmpty();
    assertThat(base.isBasedOn(ID)).isTrue();
    assertThat(base.isBasedOn(older)).isTrue();
    assertThat(base.isBasedOn("0".repeat(16))).isFalse();
    assertThat(INVENTORY.isBasedOn(ID)).isFalse();
  }

  @Test
  void volumesOfOneArchiveSayTheSame() {
    List<Inventory.Image> images = INVENTORY.images();
    List<Inventory.Blob> blobs = INVENTORY.blobs();

    assertThat(INVENTORY.isOfSameArchive(new Inventory(ID, 2, 2, images, blobs))).isTrue();
    for (Inventory other :
        List.of(
            new Inventory("f".repeat(16), 1, 2, images, blobs),
            new Inventory(ID, 1, 3, images, blobs),
            new Inventory(ID, 1, 2, List.of(), blobs),
            new Inventory(
                ID, 1, 2, images, List.of(new Inventory.Blob(DIGEST, 2, 1, Optional.empty()))),
            INVENTORY.madeFor("key"),
            INVENTORY.called("a.tar"))) {
      assertThat(INVENTORY.isOfSameArchive(other)).as(other.toString()).isFalse();
    }
  }
}
