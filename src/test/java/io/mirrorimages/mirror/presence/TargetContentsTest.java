package io.mirrorimages.mirror.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetContentsTest {
  private final TestImages images = new TestImages();
  private final MemoryRegistry registry = new MemoryRegistry();
  private final Repository repository = Reference.parseRepository("rancher/a");
  private final Manifest image = images.image(TestImages.AMD64, images.layer("a", 100));
  private final Descriptor blob = image.layers().getFirst();
  private long now = Long.MAX_VALUE - 1000;
  private final TargetContents contents = new TargetContents(registry.asTarget(), () -> now);

  @Test
  void asksAgainForWhatWasThereAnHourAgoSinceItMayHaveBeenClearedAway() throws IOException {
    registry.add(images, "rancher/a:1", image);
    assertThat(contents.has(repository, blob)).isTrue();
    now += Duration.ofMinutes(60).toNanos();
    assertThat(contents.isOld(repository, blob.digest())).isFalse();
    registry.spoil("rancher/a", blob.digest(), null);
    assertThat(contents.has(repository, blob)).isTrue();

    now += 1;

    assertThat(contents.isOld(repository, blob.digest())).isTrue();
    assertThat(contents.has(repository, blob)).isFalse();
  }

  @Test
  void aBlobThatWasSentIsBelievedForAnHourToo() throws IOException {
    contents.add(repository, blob.digest());
    assertThat(contents.has(repository, blob)).isTrue();

    now += Duration.ofMinutes(61).toNanos();

    assertThat(contents.has(repository, blob)).isFalse();
  }

  @Test
  void whatIsMissingStaysMissingUntilItIsSent() throws IOException {
    assertThat(contents.has(repository, blob)).isFalse();
    registry.add(images, "rancher/a:1", image);
    now += Duration.ofMinutes(61).toNanos();

    assertThat(contents.isOld(repository, blob.digest())).isFalse();
    assertThat(contents.has(repository, blob)).isFalse();
  }

  @Test
  void aBlobIsMountedBestFromWhereAManifestNamesIt() {
    Repository wanting = Reference.parseRepository("rancher/wanting");
    List<Repository> holders =
        List.of(
            Reference.parseRepository("rancher/b"),
            Reference.parseRepository("rancher/c"),
            Reference.parseRepository("rancher/d"));
    holders.forEach(holder -> contents.add(holder, blob.digest()));

    for (Repository holder : holders) {
      TargetContents others = new TargetContents(registry.asTarget(), () -> now);
      holders.forEach(one -> others.add(one, blob.digest()));
      others.named(holder, List.of(blob));
      assertThat(others.holder(wanting, blob.digest())).contains(holder);
    }
    assertThat(contents.holder(wanting, blob.digest())).isPresent();
  }

  @Test
  void thatAManifestNamesABlobDoesNotMakeItYounger() throws IOException {
    contents.add(repository, blob.digest());
    now += Duration.ofMinutes(59).toNanos();
    contents.named(repository, List.of(blob));

    now += Duration.ofMinutes(2).toNanos();

    assertThat(contents.has(repository, blob)).isFalse();
  }
}
