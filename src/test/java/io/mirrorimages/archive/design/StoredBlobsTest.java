package io.mirrorimages.archive.design;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.mirror.PlannedImage;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StoredBlobsTest {
  private final Descriptor base = Plans.layer("base", 1000);
  private final Descriptor own = Plans.layer("own", 10);
  private final Manifest one = Plans.manifest("one", base);
  private final Manifest two = Plans.manifest("two", base, own);

  @Test
  void hasEachDigestOnceInPlanOrder() throws TransferException {
    Manifest index = Plans.index(two, one);
    StoredBlobs stored =
        new StoredBlobs(
            List.of(Plans.image("a/b:1", one), Plans.image("a/b:2", two, one, index)), Set.of());

    assertThat(stored.manifests().keySet())
        .containsExactly(one.digest(), two.digest(), index.digest());
    assertThat(stored.blobs().keySet())
        .containsExactly(config(one), base.digest(), config(two), own.digest());
    assertThat(stored.size(base.digest())).isEqualTo(1000);
    assertThat(stored.size(config(two))).isEqualTo(100);
    assertThat(stored.size(index.digest())).isEqualTo(index.bytes().length);
  }

  @Test
  void leavesOutWhatIsElsewhereOrOmitted() throws TransferException {
    PlannedImage whole = Plans.image("a/b:1", two);
    PlannedImage partly =
        new PlannedImage(
            whole.request(), two.digest(), List.of(two), Set.of(config(two), own.digest()));

    assertThat(new StoredBlobs(List.of(partly), Set.of()).blobs().keySet())
        .containsExactly(base.digest());
    assertThat(
            new StoredBlobs(List.of(whole), Set.of(base.digest(), two.digest())).blobs().keySet())
        .containsExactly(config(two), own.digest());
    assertThat(new StoredBlobs(List.of(whole), Set.of(two.digest())).manifests())
        .as("manifests are always stored")
        .containsOnlyKeys(two.digest());
  }

  /** A manifest that another image has as a layer has its place among the manifests. */
  @Test
  void whatIsBothIsAManifest() throws TransferException {
    Manifest odd = Plans.manifest("odd", one.descriptor());
    StoredBlobs stored =
        new StoredBlobs(List.of(Plans.image("a/b:1", odd), Plans.image("a/b:2", one)), Set.of());

    assertThat(stored.manifests()).containsOnlyKeys(odd.digest(), one.digest());
    assertThat(stored.blobs()).doesNotContainKey(one.digest());
  }

  @Test
  void refusesABlobOfTwoSizes() {
    Manifest liar = Plans.manifest("liar", Plans.layer("base", 1001));

    assertThatThrownBy(
            () ->
                new StoredBlobs(
                    List.of(
                        Plans.image("a/b:0", Plans.manifest("unrelated", own)),
                        Plans.image("a/b:1", two, one),
                        Plans.image("a/b:2", liar)),
                    Set.of()))
        .isInstanceOf(TransferException.class)
        .hasMessage(
            base.digest()
                + " has 1000 bytes according to "
                + two.digest()
                + ", but 1001 bytes according to "
                + liar.digest()
                + " (docker.io/a/b:2): one of them is wrong, take its image off the list")
        .extracting(e -> ((TransferException) e).reason())
        .isEqualTo(FailureKind.CORRUPT);
  }

  @Test
  void aManifestItselfSaysHowLongItIs() {
    Manifest liar =
        Plans.manifest(
            "liar", new Descriptor(MediaTypes.OCI_MANIFEST, one.digest(), one.bytes().length + 1));

    assertThatThrownBy(
            () ->
                new StoredBlobs(
                    List.of(Plans.image("a/b:1", liar), Plans.image("a/b:2", one)), Set.of()))
        .hasMessageContaining("according to " + one.digest() + ", but")
        .hasMessageContaining("according to " + liar.digest());
  }

  @Test
  void refusesMoreThanAnyArchiveHolds() throws TransferException {
    long largest = 1L << 62;
    Manifest fits = Plans.manifest("x", Plans.layer("large", largest - 2000));
    Manifest one = Plans.manifest("x", Plans.layer("large", largest));
    assertThat(new StoredBlobs(List.of(Plans.image("a/b:1", fits)), Set.of()).blobs()).hasSize(2);
    Manifest two =
        Plans.manifest("x", Plans.layer("l", largest / 2), Plans.layer("m", largest / 2));

    for (Manifest claiming : List.of(one, two)) {
      assertThatThrownBy(() -> new StoredBlobs(List.of(Plans.image("a/b:1", claiming)), Set.of()))
          .isInstanceOf(TransferException.class)
          .hasMessageContaining(
              "more than any archive can hold: take docker.io/a/b:1 off the list");
    }
  }

  private static Digest config(Manifest manifest) {
    return manifest.config().orElseThrow().digest();
  }
}
