package io.mirrorimages.mirror.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.ManifestBudget;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.port.ForwardingImageTarget;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.port.ReadableTarget;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where manifests come from: this machine, the target, the source, and each once. */
class ManifestCacheTest {
  private static final Reference NAME = Reference.parse("h.io/a/b:1");

  private final TestImages images = new TestImages();
  private final TestImages.Layer base = images.layer("base", 10);
  private final Manifest one = images.image(TestImages.AMD64, base);
  private final Manifest two = images.image(TestImages.ARM64, base);
  private final Manifest index = images.index(one, two);
  private final MemoryRegistry there = new MemoryRegistry();
  private final MemoryRegistry memory = new MemoryRegistry();
  private final CountingSource source = new CountingSource(memory);
  private final ManifestCache manifests = new ManifestCache(source, Optional.of(there.asTarget()));

  ManifestCacheTest() {
    memory.add(images, "h.io/a/b:1", index);
  }

  private static ImageResolution draft(Optional<Digest> shown) {
    return ImageResolution.of(new ImageRequest(NAME, NAME)).shown(shown);
  }

  private ImageResolution another() {
    return draft(Optional.of(two.digest()));
  }

  @Test
  void eachIsFetchedOnce() throws IOException {
    assertThat(manifests.known(one.digest())).isEmpty();
    assertThat(manifests.fetch(NAME, one.digest())).isEqualTo(one);
    assertThat(manifests.fetch(NAME, one.digest())).isEqualTo(one);
    assertThat(manifests.known(one.digest())).contains(one);
    assertThat(memory.requests("GET")).containsExactly("GET h.io/a/b@" + one.digest());
  }

  @Test
  void whatIsOnThisMachineIsNotFetched() throws IOException {
    source.local.put(one.digest(), one);

    assertThat(manifests.known(one.digest())).contains(one);
    assertThat(manifests.fetch(NAME, one.digest())).isEqualTo(one);
    assertThat(manifests.near(another(), one.digest())).contains(one);
    assertThat(memory.requestCount() + there.requestCount()).isZero();
  }

  @Test
  void theTargetIsAskedWhereTheSourceCounts() throws IOException {
    there.add(images, "h.io/a/b:1", one);

    assertThat(manifests.near(another(), one.digest())).contains(one);
    assertThat(manifests.near(another(), one.digest())).contains(one);
    assertThat(manifests.near(another(), index.digest())).isEmpty();
    assertThat(memory.requestCount()).isZero();
    assertThat(there.requests("GET")).as("once for what it has").hasSize(2);
  }

  @Test
  void theTargetIsNotAskedElse() throws IOException {
    there.add(images, "h.io/a/b:1", one);

    assertThat(manifests.near(draft(Optional.empty()), one.digest()))
        .as("it shows nothing")
        .isEmpty();
    source.places = List.of();
    assertThat(manifests.near(another(), one.digest())).as("nothing is counted").isEmpty();
    source.places = List.of(CountingSource.HUB);
    assertThat(new ManifestCache(source, Optional.empty()).near(another(), one.digest()))
        .as("there is none")
        .isEmpty();
    assertThat(there.requestCount()).isZero();
  }

  private static ImageTarget failing(ImageTarget target, List<String> asked) {
    class Failing extends ForwardingImageTarget implements ReadableTarget {
      Failing() {
        super(target);
      }

      @Override
      public Optional<Manifest> manifest(Reference image) throws IOException {
        asked.add(image.toString());
        throw new IOException("out of order");
      }
    }

    return new Failing();
  }

  @Test
  void aTargetThatFailsIsPassedOver() throws IOException {
    List<String> asked = new ArrayList<>();
    ManifestCache near = new ManifestCache(source, Optional.of(failing(there.asTarget(), asked)));

    assertThat(near.near(another(), one.digest())).isEmpty();
    assertThat(asked).hasSize(1);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> near.near(another(), one.digest()))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whatAFailedImageBroughtIsForgotten() throws IOException {
    Manifest kept = manifests.fetch(NAME, one.digest());
    manifests.forget(Set.of(one.digest(), two.digest()));

    assertThat(manifests.known(one.digest())).isEmpty();
    memory.add(images, "h.io/a/b:2", Manifest.parse(one.bytes().clone(), one.mediaType()));
    Manifest again = manifests.fetch(NAME, one.digest());
    assertThat(again).isEqualTo(kept);
    assertThat(memory.requests("GET")).hasSize(2);
    assertThat(again.layers().getFirst())
        .as("its descriptors are let go too")
        .isNotSameAs(kept.layers().getFirst());
  }

  /** In 100,000 images the same layers are named again and again. */
  @Test
  void descriptorsAreShared() throws IOException {
    memory.add(images, "h.io/a/c:1", Manifest.parse(one.bytes().clone(), one.mediaType()));
    Manifest first = manifests.fetch(NAME, one.digest());
    Manifest second = manifests.fetch(NAME, two.digest());

    assertThat(second.layers().getFirst()).isSameAs(first.layers().getFirst());
    Manifest named = manifests.fetch(Reference.parse("h.io/a/c:1"));
    assertThat(named.layers().getFirst()).isSameAs(first.layers().getFirst());
    assertThat(manifests.known(index.digest())).isEmpty();
  }

  @Test
  void childrenCountForTheirImage() throws IOException {
    ManifestBudget held = new ManifestBudget();

    assertThat(manifests.child(NAME, one.descriptor(), held)).isEqualTo(one);
    assertThat(held.digests()).containsExactly(one.digest());
    assertThatThrownBy(() -> manifests.child(NAME, base.descriptor(), held))
        .isInstanceOf(TransferException.class);
  }

  @Test
  void anImagesManifestsAreBounded() {
    ManifestBudget held = new ManifestBudget();
    String padding = " ".repeat(ManifestBudget.MAX_BYTES / 4 - one.bytes().length);
    Manifest quarter = images.altered(one, "\"schemaVersion\"", padding + "\"schemaVersion\"");
    for (int i = 0; i < 9; i++) {
      held.add(quarter);
    }
    for (int i = 1; i < 4; i++) {
      String spaces = padding.replaceFirst(" ", "\t".repeat(1)).substring(0, padding.length());
      held.add(
          images.altered(
              one,
              "\"schemaVersion\"",
              "\t".repeat(i) + spaces.substring(i) + "\"schemaVersion\""));
    }

    assertThat(held.digests()).hasSize(4);
    assertThatThrownBy(() -> held.add(two))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("its manifests have more than the 16777216 bytes together");
  }

  @Test
  void knownManifestsAreNotFetched() throws IOException {
    KnownManifests known =
        new KnownManifests(
            memory,
            digest -> {
              if (digest.equals(one.digest())) {
                throw new IllegalStateException("damaged here");
              }
              if (!digest.equals(index.digest())) {
                throw new IOException("not here");
              }
              return index;
            });
    Reference pinned = NAME.at(index.digest());

    assertThat(known.manifest(NAME)).isEqualTo(index);
    assertThat(known.manifest(pinned)).isEqualTo(index);
    assertThat(memory.requests("GET")).isEmpty();
    assertThat(memory.requests("HEAD")).as("it is asked what it shows").hasSize(2);
    assertThat(known.manifest(NAME.at(two.digest()))).isEqualTo(two);
    assertThat(known.manifest(NAME.at(one.digest()))).isEqualTo(one);
    assertThat(memory.requests("GET")).hasSize(2);
    assertThat(memory.requests("HEAD")).as("only for what is known").hasSize(2);
    memory.add(images, "h.io/a/b:1", one);
    assertThat(known.manifest(NAME)).as("what it shows now").isEqualTo(one);
  }
}
