package io.mirrorimages.harbor;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QuotaForecastTest {
  private final TestImages images = new TestImages();
  private final TestImages.Layer base = images.layer("base", 5000);
  private final Manifest one = images.image(TestImages.AMD64, base);
  private final Manifest two = images.index(images.image(TestImages.ARM64, base));
  private final long size = bytes(images.plan("h.io/a/x:1", one));
  private final Plan plan =
      new Plan(
          List.of(
              images.plan("h.io/b/x:1", one),
              images.plan("h.io/a/x:1", one),
              images.plan("h.io/a/y:1", one)),
          List.of(),
          null);

  private static long bytes(PlannedImage image) {
    return QuotaForecast.bytes(List.of(image));
  }

  @Test
  void countsEachDigestOnce() {
    PlannedImage first = images.plan("h.io/a/x:1", one);
    PlannedImage second = images.plan("h.io/a/y:1", two);
    long layer = base.descriptor().size();

    assertThat(bytes(first))
        .isEqualTo(one.bytes().length + one.config().orElseThrow().size() + layer);
    assertThat(QuotaForecast.bytes(List.of(first, second, first)))
        .isEqualTo(bytes(first) + bytes(second) - layer);
    assertThat(QuotaForecast.bytes(List.of())).isZero();
  }

  @Test
  void warnsOfEachProjectWithTooLittleRoom() throws IOException {
    Map<String, Room> rooms = Map.of("a", new Room(size, 1), "b", new Room(size - 1, 7));

    assertThat(QuotaForecast.warnings(plan, rooms::get))
        .containsExactly(
            "project a has 1 of its quota of "
                + size
                + ", and up to "
                + size
                + " are to be added: let an administrator raise the quota, or make room",
            "project b has 7 of its quota of "
                + (size - 1)
                + ", and its images alone have "
                + size
                + ": let an administrator raise the quota, or make room");
  }

  @Test
  void tellsWhatIsUsedAndAddedOfEachQuota() throws IOException {
    Map<String, Room> rooms = Map.of("a", new Room(1_000_000, 20_000), "b", Room.UNLIMITED);

    assertThat(QuotaForecast.lines(plan, rooms::get))
        .containsExactly("quota      project a: 20k of 1M used, up to " + size + " are added");
  }

  @Test
  void warnsOfNoneThatHasRoom() throws IOException {
    assertThat(QuotaForecast.warnings(plan, project -> new Room(size + 1, 1))).isEmpty();
    assertThat(QuotaForecast.warnings(plan, project -> Room.UNLIMITED)).isEmpty();
  }
}
