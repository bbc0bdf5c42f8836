package io.mirrorimages.job.save;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OversizedImagesTest {
  @TempDir private Path folder;
  private final TestImages images = new TestImages();
  private final TestImages.Layer layer = images.layer("a", 100);
  private final Manifest good = images.image(TestImages.AMD64, layer);
  private final PlannedImage small = images.plan("rancher/small:1", good);
  private final PlannedImage huge =
      images.plan("rancher/huge:1", images.claiming(good, layer.descriptor(), 99_999_999_999_999L));

  @Test
  void anImageThatIsLargerThanTheDiskIsLeftOutAndNamed() throws IOException {
    Plan plan = OversizedImages.settledIn(plan(huge, small), spec(), 0);

    assertThat(plan.images()).containsExactly(small);
    ImageResult failed = plan.settled().getFirst();
    assertThat(failed.request()).isEqualTo(huge.request());
    assertThat(failed.status()).isEqualTo(Status.FAILED);
    assertThat(failed.reason()).contains(FailureKind.SPACE);
    assertThat(failed.message()).contains("it has 1000000000", " free for " + spec().output());
    assertThat(plan.totals().toMove()).isLessThan(100_000);
  }

  @Test
  void whatAnEarlierRunPutThereIsRoomToo() throws IOException {
    Plan plan = plan(huge, small);
    assertThat(OversizedImages.settledIn(plan, spec(), 99_999_999_999_999L)).isEqualTo(plan);
  }

  @Test
  void whereNothingElseIsLeftTheRunIsRefusedAsAWhole() throws IOException {
    assertThat(OversizedImages.settledIn(plan(huge), spec(), 0)).isEqualTo(plan(huge));
  }

  @Test
  void volumesDoNotMakeRoom() throws IOException {
    ArchiveSpec volumes =
        new ArchiveSpec(
            folder.resolve("a.tar"), OptionalLong.of(1L << 20), java.util.Optional.empty(), false);
    assertThat(OversizedImages.settledIn(plan(huge, small), volumes, 0).images())
        .containsExactly(small);
    assertThat(Files.list(folder)).isEmpty();
  }

  private ArchiveSpec spec() {
    return ArchiveSpec.of(folder.resolve("a.tar"));
  }

  private static Plan plan(PlannedImage... planned) {
    return new Plan(List.of(planned), List.of(), new Plan.Totals(0, 0, 0, 0, 0));
  }
}
