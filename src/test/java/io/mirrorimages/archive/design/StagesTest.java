package io.mirrorimages.archive.design;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.archive.layout.LayoutJson;
import io.mirrorimages.archive.layout.NamedImage;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Stages, and the room that the first one leaves for images of later ones. */
class StagesTest {
  private static final PlannedImage IMAGE = Plans.image("a/b:1", Plans.manifest("one"));

  @Test
  void countsWhatThereIsAfterEachStage() {
    Stages stages = Stages.one(3).then(0).then(2);

    assertThat(stages).isEqualTo(new Stages(0, List.of(3, 0, 2)));
    assertThat(stages.totals()).containsExactly(3, 3, 5);
    assertThat(new Stages(4, List.of(0)).then(1)).isEqualTo(new Stages(4, List.of(0, 1)));
  }

  @Test
  void theFirstStageHasRoomForWhatFailedToBePlanned() {
    ImageResult failed =
        ImageResult.failed(
            IMAGE.request(),
            Optional.empty(),
            new TransferException(FailureKind.NETWORK, "no answer"));
    Plan plan =
        new Plan(List.of(IMAGE), List.of(failed, ImageResult.unchanged(IMAGE), failed), null);

    assertThat(Stages.first(plan)).isEqualTo(new Stages(2, List.of(1)));
    assertThat(Stages.first(new Plan(List.of(), List.of(), null)))
        .isEqualTo(new Stages(0, List.of(0)));
  }

  @Test
  void refusesWhatIsImpossible() {
    for (Runnable impossible :
        List.<Runnable>of(
            () -> new Stages(-1, List.of(1)),
            () -> new Stages(0, List.of()),
            () -> new Stages(0, List.of(1, -1)))) {
      assertThatThrownBy(impossible::run).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void withoutLaterImagesThereIsNoRoom() {
    assertThat(FrontRoom.of(0, NamedImage.of(List.of(IMAGE)))).isEqualTo(FrontRoom.NONE);
    assertThat(FrontRoom.NONE).isEqualTo(new FrontRoom(0, 0, 0));
  }

  @Test
  void thereIsRoomForUsualImages() {
    assertThat(FrontRoom.of(2, NamedImage.of(List.of(IMAGE))))
        .isEqualTo(new FrontRoom(2 * 1024, 2 * 8192, 2 * 16384))
        .isEqualTo(FrontRoom.of(2, List.of()));
  }

  @Test
  void thereIsRoomForImagesAsLargeAsTheLargest() {
    Descriptor[] layers =
        IntStream.range(0, 200).mapToObj(i -> Plans.layer("l" + i, 1)).toArray(Descriptor[]::new);
    NamedImage large =
        NamedImage.of(
                List.of(
                    Plans.image(
                        "a/" + "b".repeat(240) + ":" + "t".repeat(128),
                        Plans.manifest("x", layers))))
            .getFirst();
    NamedImage small = NamedImage.of(List.of(IMAGE)).getFirst();
    FrontRoom room = FrontRoom.of(3, List.of(small, large, small));

    assertThat(room.dockerManifest())
        .isEqualTo(3 * LayoutJson.dockerManifest(List.of(large), d -> true).length());
    assertThat(room.inventory()).isEqualTo(3 * (1024 + 160 * (1 + 1 + 200)));
    assertThat(room.index())
        .isEqualTo(3 * LayoutJson.index(List.of(large)).length())
        .isGreaterThan(3 * 1024);
  }

  /** It is read for nothing where nothing comes later. */
  @Test
  void theRoomHasAnEnd() {
    assertThat(FrontRoom.of(100_000, List.of()))
        .isEqualTo(new FrontRoom(16 << 20, 16 << 20, 16 << 20));
  }

  @Test
  void aBatchOfOneFileHasEverything() throws TransferException {
    List<PlannedImage> plan = List.of(IMAGE);
    List<NamedImage> named = NamedImage.of(plan);
    StoredBlobs stored = new StoredBlobs(plan, Set.of());

    assertThat(Batch.of(named, stored))
        .isEqualTo(new Batch(named, stored.manifests().keySet(), stored.blobs().keySet()));
  }
}
