package io.mirrorimages.mirror.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.TargetNaming;
import io.mirrorimages.mirror.port.ExternalBlob;
import io.mirrorimages.mirror.port.ForwardingImageSource;
import io.mirrorimages.mirror.port.PartialSource;
import io.mirrorimages.mirror.work.Scheduler;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Blobs that an archive does not have, and where they are looked for at the target. */
class UnavailableBlobsTest {
  private final TestImages images = new TestImages();
  private final TestImages.Layer base = images.layer("base", 100);
  private final TestImages.Layer other = images.layer("other", 100);
  private final Manifest own = images.image(TestImages.AMD64, base, other);
  private final Manifest earlier = images.image(TestImages.ARM64, base);
  private final PlannedImage image = images.plan("h.io/p/new:2", own);
  private final MemoryRegistry there = new MemoryRegistry();
  private final BlobPresenceCache contents = new BlobPresenceCache(there.asTarget());
  private final Scheduler scheduler = new Scheduler(2);
  private final Map<Digest, ExternalBlob> lacked = new HashMap<>();

  @AfterEach
  void stop() {
    scheduler.close();
  }

  private final class Partial extends ForwardingImageSource implements PartialSource {
    Partial() {
      super(new MemoryRegistry());
    }

    @Override
    public Optional<ExternalBlob> lacking(Descriptor blob) {
      return Optional.ofNullable(lacked.get(blob.digest()));
    }
  }

  private void lacks(TestImages.Layer layer, String where, boolean base, String... holders) {
    List<Reference> names = new ArrayList<>();
    for (String holder : holders) {
      names.add(Reference.parse(holder));
    }
    lacked.put(layer.descriptor().digest(), new ExternalBlob(where, base, names));
  }

  private UnavailableBlobs look() throws IOException {
    return look(TargetNaming.SAME, image);
  }

  private UnavailableBlobs look(TargetNaming naming, PlannedImage... wanting) throws IOException {
    return UnavailableBlobs.of(
        List.of(wanting), new Partial(), there.asTarget(), contents, naming, scheduler, 2);
  }

  private Digest digest() {
    return base.descriptor().digest();
  }

  private void assertFound(UnavailableBlobs found, String repository) {
    assertThat(found.holders(image)).containsExactly(new Repository("h.io", repository));
    assertThat(found.contains(image, digest())).isFalse();
    assertThat(found.digests()).isEmpty();
    assertThat(found.failure(image)).isEmpty();
    assertThat(found.refusal(image)).isEmpty();
  }

  private void assertMissing(UnavailableBlobs found) {
    assertThat(found.holders(image)).isEmpty();
    assertThat(found.contains(image, digest())).isTrue();
    assertThat(found.digests()).containsExactly(digest());
    assertThat(found.failure(image)).isPresent();
  }

  @Test
  void aSourceThatHasAllLacksNothing() throws IOException {
    UnavailableBlobs none = look();

    assertThat(none.digests()).isEmpty();
    assertThat(none.failure(image)).isEmpty();
    assertThat(there.requestCount()).isZero();
    assertThat(UnavailableBlobs.none(there.asTarget(), contents).contains(image, digest()))
        .isFalse();
  }

  @Test
  void isFoundWithAnImageThatTheTargetShows() throws IOException {
    there.add(images, "h.io/p/old:1", earlier);
    lacks(base, "the base", true, "h.io/p/gone:1", "h.io/p/old:1");

    assertFound(look(), "p/old");
  }

  /** The tag may show something newer by now. */
  @Test
  void aPinnedHolderIsAskedForByDigest() throws IOException {
    there.add(images, "h.io/p/old:1", earlier);
    lacks(base, "the base", true, "h.io/p/old:0@" + earlier.digest());

    assertFound(look(), "p/old");
    assertThat(there.requests("HEAD")).containsExactly("HEAD h.io/p/old@" + earlier.digest());
  }

  @Test
  void isFoundWhereAnImageIsCalledOtherwise() throws IOException {
    there.add(images, "h.io/p/old:1", earlier);
    lacks(base, "the base", true, "docker.io/library/old:1");

    assertFound(look(name -> name.in(new Repository("h.io", "p/old")), image), "p/old");
  }

  @Test
  void aHolderThatCanHaveNoNameAtTheTargetIsLeftOut() throws IOException {
    there.add(images, "h.io/p/old:1", earlier);
    lacks(base, "the base", true, "docker.io/library/nameless:1", "h.io/p/old:1");

    TargetNaming naming =
        name -> {
          if (name.repository().path().endsWith("nameless")) {
            throw new TransferException(FailureKind.OPTION, "no valid name");
          }
          return name;
        };
    assertFound(look(naming, image), "p/old");
  }

  /** For example one that was loaded with a platform filter. */
  @Test
  void isFoundInARepositoryThatDoesNotShowTheImage() throws IOException {
    there.add(images, "h.io/p/old:other", earlier);
    lacks(base, "the base", true, "h.io/p/old:1");

    assertFound(look(), "p/old");
  }

  @Test
  void isAskedForInVainInAFewRepositoriesOnly() throws IOException {
    String[] many = new String[20];
    for (int i = 0; i < many.length; i++) {
      many[i] = "h.io/p/gone" + i / 2 + ":" + i;
    }
    lacks(base, "the base", true, many);

    assertMissing(look());
    assertThat(there.requests("HAS")).hasSize(8);
  }

  /** Its archive may be anybody's, and others may read there. */
  @Test
  void isNotBroughtFromAnotherProject() throws IOException {
    there.add(images, "h.io/secret/old:1", earlier);
    lacks(base, "the base", true, "h.io/secret/old:1");

    assertMissing(look());
    assertThat(there.requestCount()).isZero();
  }

  @Test
  void whatTheProjectIsKnownToHaveIsNotLookedFor() throws IOException {
    contents.add(new Repository("h.io", "p/any"), digest());
    lacks(base, "the base", true, "h.io/p/old:1");

    assertThat(look().digests()).isEmpty();
    assertThat(there.requestCount()).isZero();
  }

  @Test
  void eachProjectIsByItself() throws IOException {
    PlannedImage elsewhere = images.plan("h.io/q/new:2", own);
    there.add(images, "h.io/p/old:1", earlier);
    lacks(base, "the base", true, "h.io/p/old:1");

    UnavailableBlobs found = look(TargetNaming.SAME, image, elsewhere);

    assertThat(found.contains(image, digest())).isFalse();
    assertThat(found.contains(elsewhere, digest())).isTrue();
    assertThat(found.holders(elsewhere)).isEmpty();
  }

  @Test
  void anImageIsNotBegunWithoutItsBase() throws IOException {
    lacks(base, "the base a.tar", true);

    assertThat(look().refusal(image).orElseThrow())
        .hasMessage(
            "it needs the base a.tar, which should have brought " + digest() + ": load that first")
        .extracting(e -> e.reason())
        .isEqualTo(FailureKind.BASE);
  }

  /** What is there of it is loaded, and the rest follows. */
  @Test
  void anImageOfSeveralVolumesIsBegun() throws IOException {
    lacks(base, "volume 2 of 3", false);
    UnavailableBlobs one = look();
    assertThat(one.refusal(image)).isEmpty();
    assertThat(one.failure(image).orElseThrow())
        .hasMessage("it needs volume 2 of 3, which has 1 blob of it: load that too")
        .extracting(e -> e.reason())
        .isEqualTo(FailureKind.VOLUME);

    lacks(other, "volume 2 of 3", false);
    assertThat(look().failure(image).orElseThrow())
        .hasMessage("it needs volume 2 of 3, which has 2 blobs of it: load that too");
    lacks(other, "a base", true);
    assertThat(look().failure(image).orElseThrow())
        .hasMessage(
            "it needs a base, which should have brought "
                + other.descriptor().digest()
                + "; it needs volume 2 of 3, which has 1 blob of it: load that first");
    assertThat(look().digests()).isEqualTo(Set.of(digest(), other.descriptor().digest()));
  }
}
