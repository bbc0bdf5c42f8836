package io.mirrorimages.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Repository;
import io.mirrorimages.testing.TestImages;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sums of a plan, and what images say of themselves. */
class PlanTest {
  private final TestImages images = new TestImages();
  private final TestImages.Layer base = images.layer("base", 1000);
  private final Manifest one = images.image(TestImages.AMD64, base);
  private final Manifest two = images.image(TestImages.ARM64, base, images.layer("two", 10));
  private final Manifest index = images.index(one, two);
  private final PlannedImage single = images.plan("a/b:1", one);
  private final PlannedImage both = images.plan("a/b:2", index);

  private static Plan plan(PlannedImage... images) {
    return new Plan(
        List.of(images), List.of(), Plan.Totals.of(List.of(images), Set.of(), Set.of()));
  }

  private static long bytes(PlannedImage image) {
    return image.blobs().stream().mapToLong(Descriptor::size).sum()
        + image.manifests().stream().mapToLong(m -> m.bytes().length).sum();
  }

  @Test
  void countsWhatIsSharedOnce() {
    Plan.Totals totals = plan(single, both).totals();

    assertThat(totals)
        .isEqualTo(new Plan.Totals(7, bytes(single) + bytes(both), bytes(single), 0, bytes(both)));
  }

  @Test
  void whatTheTargetHasNeedNotBeMoved() {
    Digest there = base.descriptor().digest();
    Plan.Totals totals = plan(single, both).having(Set.of(there)).totals();
    long size = base.descriptor().size();

    assertThat(totals.atTarget()).isEqualTo(size);
    assertThat(totals.toMove()).isEqualTo(bytes(both) - size);
    assertThat(totals.shared()).isEqualTo(bytes(single));
    assertThat(totals.keeping(7).toMove()).isEqualTo(totals.toMove() - 7);
    assertThat(totals.keeping(7).atTarget()).isEqualTo(size + 7);
  }

  @Test
  void whatCannotBeHadDoesNotCount() {
    Plan.Totals totals =
        Plan.Totals.of(List.of(single), Set.of(), Set.of(base.descriptor().digest()));

    assertThat(totals.blobs()).isEqualTo(2);
    assertThat(totals.toMove()).isEqualTo(bytes(single) - base.descriptor().size());
  }

  /** Sizes are claims. */
  @Test
  void moreThanCanBeCountedIsTheMost() {
    Manifest huge = images.claiming(one, base.descriptor(), Long.MAX_VALUE);

    assertThat(plan(images.plan("a/b:1", huge)).totals().toMove()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void isCompleteUnlessAnImageHasFailed() {
    ImageResult unchanged = ImageResult.unchanged(single);
    ImageResult failed =
        ImageResult.failed(
            single.request(), Optional.empty(), new TransferException(FailureKind.MISSING, "gone"));

    assertThat(plan(single).with(List.of(unchanged)).isComplete()).isTrue();
    assertThat(plan(single).with(List.of(unchanged)).with(List.of(failed)).isComplete()).isFalse();
    assertThat(plan(single).with(List.of(unchanged)).with(List.of(failed)).settled())
        .containsExactly(unchanged, failed);
  }

  @Test
  void imagesThatContradictAnEarlierPlanFail() {
    Manifest liar = images.claiming(two, base.descriptor(), 77);
    PlannedImage wrong = images.plan("a/liar:1", liar);

    Plan agreeing = plan(wrong, both).agreeingWith(plan(single));

    assertThat(agreeing.images()).containsExactly(both);
    assertThat(agreeing.settled())
        .singleElement()
        .matches(result -> result.request().equals(wrong.request()))
        .matches(result -> result.status() == Status.FAILED)
        .matches(result -> result.reason().equals(Optional.of(FailureKind.CORRUPT)))
        .matches(result -> result.message().contains("has 77 bytes; it has"));
    assertThat(plan(single, both).agreeingWith(plan(both)).images()).hasSize(2);
  }

  @Test
  void anImageListsEachBlobOnceWithoutWhatIsLeftOut() {
    assertThat(both.blobs()).extracting(Descriptor::digest).doesNotHaveDuplicates().hasSize(4);
    assertThat(both.top()).isEqualTo(index);
    PlannedImage partly =
        new PlannedImage(
            both.request(), index.digest(), both.manifests(), Set.of(base.descriptor().digest()));
    assertThat(partly.blobs()).hasSize(3);
  }

  @Test
  void saysWhatElseItDoesToTheTarget() {
    assertThat(single.effects()).isEmpty();
    Set<Repository> from = Set.of(new Repository("h.io", "b/x"), new Repository("h.io", "a/x"));

    assertThat(single.replacing(Optional.of(two.digest())).mountingFrom(from).effects())
        .isEqualTo(
            "replaces "
                + two.digest()
                + " with an image of docker.io; takes layers from h.io/a/x, h.io/b/x");
  }

  @ParameterizedTest
  @CsvSource({
    "10, 10,",
    "10, 0,",
    "9, 10, PT6H",
    "0, 100, PT6H",
    "0, 101, PT12H",
    "-5, 100, PT6H",
    "50, 251, PT18H"
  })
  void foreseesHowLongPullsTake(long left, long needed, Duration time) {
    RateLimitStatus allowance =
        new RateLimitStatus(
            "docker.io",
            RateLimitStatus.Turn.ONLY,
            RateLimitStatus.Account.ADDRESS,
            100,
            Duration.ofHours(6),
            left,
            0);
    PullForecast forecast = new PullForecast(allowance, needed, true);

    assertThat(forecast.suffices()).isEqualTo(time == null);
    assertThat(forecast.time()).isEqualTo(Optional.ofNullable(time));
  }
}
