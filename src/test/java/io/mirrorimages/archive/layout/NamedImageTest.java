package io.mirrorimages.archive.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.testing.TestImages;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What images are called in an archive. */
class NamedImageTest {
  private final TestImages images = new TestImages();
  private final Manifest one = images.image(TestImages.AMD64, images.layer("one", 9));
  private final Manifest two = images.image(TestImages.AMD64, images.layer("two", 9));

  @Test
  void anImageHasItsTag() {
    assertThat(names(images.plan("a/b:1", one), images.plan("quay.io/a/b:1", two)))
        .containsExactly("docker.io/a/b:1", "quay.io/a/b:1");
  }

  @Test
  void anImageWithoutTagHasItsDigest() {
    assertThat(names(images.plan("a/b@" + one.digest(), one)))
        .containsExactly("docker.io/a/b@" + one.digest());
  }

  /** The tag of a pinned reference is its name, where nothing else has that tag. */
  @Test
  void aPinnedImageHasItsTag() {
    assertThat(names(images.plan("a/b:1@" + one.digest(), one))).containsExactly("docker.io/a/b:1");
  }

  /** Under a platform filter a tag shows another index than the pinned one. */
  @Test
  void aDigestIsThatOfWhatIsThere() {
    assertThat(names(images.plan("a/b@" + one.digest(), two)))
        .containsExactly("docker.io/a/b@" + two.digest());
  }

  @Test
  void ofSeveralPinnedImagesTheFirstHasTheTag() {
    assertThat(
            names(
                images.plan("a/b:1@" + two.digest(), two),
                images.plan("a/b:1@" + one.digest(), one),
                images.plan("a/b:1@" + two.digest(), two)))
        .containsExactly("docker.io/a/b:1", "docker.io/a/b@" + one.digest(), "docker.io/a/b:1");
  }

  @Test
  void theImageThatIsNotPinnedHasTheTag() {
    assertThat(names(images.plan("a/b:1@" + two.digest(), two), images.plan("a/b:1", one)))
        .containsExactly("docker.io/a/b@" + two.digest(), "docker.io/a/b:1");
  }

  /** Its volume is finished, and says that it has the tag. */
  @Test
  void anEarlierImageKeepsItsTag() {
    List<NamedImage> earlier = NamedImage.of(List.of(images.plan("a/b:1@" + one.digest(), one)));

    assertThat(
            NamedImage.after(
                earlier, List.of(images.plan("a/b:1", two), images.plan("a/b:2", two))))
        .extracting(image -> image.name().toString())
        .containsExactly("docker.io/a/b@" + two.digest(), "docker.io/a/b:2");
  }

  private static Stream<String> names(PlannedImage... plan) {
    List<PlannedImage> all = List.of(plan);
    List<NamedImage> named = NamedImage.of(all);
    assertThat(named).extracting(NamedImage::image).isEqualTo(all);
    return named.stream().map(image -> image.name().toString());
  }
}
