package io.mirrorimages.mirror.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlobPresenceCacheTest {
  private final TestImages images = new TestImages();
  private final MemoryRegistry registry = new MemoryRegistry();
  private final Repository repository = Reference.parseRepository("rancher/a");
  private final Manifest image = images.image(TestImages.AMD64, images.layer("a", 100));
  private final Descriptor blob = image.layers().getFirst();
  private long now = Long.MAX_VALUE - 1000;
  private final BlobPresenceCache contents = new BlobPresenceCache(registry.asTarget(), () -> now);

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
      BlobPresenceCache others = new BlobPresenceCache(registry.asTarget(), () -> now);
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

  private static Repository at(String path) {
    return new Repository("h.io", path);
  }

  private BlobPresenceCache known(String... paths) {
    for (String path : paths) {
      contents.add(at(path), blob.digest());
    }
    return contents;
  }

  @Test
  void aHolderIsAnotherRepositoryOfTheSameRegistry() throws IOException {
    known("p/a");
    contents.add(new Repository("other.io", "p/b"), blob.digest());
    contents.has(at("p/c"), blob);

    assertThat(contents.holder(at("p/x"), blob.digest())).contains(at("p/a"));
    assertThat(contents.holder(at("p/a"), blob.digest())).isEmpty();
    assertThat(contents.holder(at("p/x"), Digest.sha256(new byte[0]))).isEmpty();
  }

  @Test
  void aHolderInTheProjectIsPreferredToNone() {
    known("p/a", "q/a");

    assertThat(contents.holderInProject(at("q/x"), blob.digest())).contains(at("q/a"));
    assertThat(contents.holderInProject(at("r/x"), blob.digest())).isEmpty();
    assertThat(contents.isInProject(at("q/x"), blob.digest())).isTrue();
    assertThat(contents.isInProject(at("p/a"), blob.digest())).isTrue();
    assertThat(contents.isInProject(at("r/x"), blob.digest())).isFalse();
  }

  /** Good for a mount, which may fail, and not for leaving it out. */
  @Test
  void whatAManifestSaysIsNoAnswer() throws IOException {
    contents.learn(at("p/a"), blob.digest());

    assertThat(contents.holder(at("p/x"), blob.digest())).contains(at("p/a"));
    assertThat(contents.present()).containsExactly(blob.digest());
    assertThat(contents.has(at("p/a"), blob)).isFalse();
  }

  @Test
  void onlyWhatIsThereIsPresent() throws IOException {
    contents.has(at("p/a"), blob);
    assertThat(contents.present()).isEmpty();
    known("p/b");
    assertThat(contents.present()).containsExactly(blob.digest());
    contents.forget(at("p/b"), blob.digest());
    assertThat(contents.present()).isEmpty();
  }

  @Test
  void whatABlankRepositoryHasIsLeftToTheUploads() throws IOException {
    contents.leaveToUploads(at("p/a"));
    assertThat(contents.isLeftToUpload(at("p/a"), blob.digest())).isTrue();
    assertThat(contents.isLeftToUpload(at("p/b"), blob.digest())).isFalse();
    known("p/a");
    assertThat(contents.isLeftToUpload(at("p/a"), blob.digest())).isFalse();
    contents.forget(at("p/a"), blob.digest());
    assertThat(contents.isLeftToUpload(at("p/a"), blob.digest()))
        .as("from now on it is asked")
        .isFalse();
  }
}
