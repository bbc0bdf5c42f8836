package io.mirrorimages.report.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.event.RunEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressEventsTest {
  private static final int MEGABYTE = 1_000_000;
  private static final Digest BLOB = Digest.sha256(new byte[0]);
  private final List<RunEvent.Progressed> sent = new ArrayList<>();
  private long seconds;
  private final ProgressEvents progress =
      new ProgressEvents(
          event -> sent.add((RunEvent.Progressed) event), () -> TimeUnit.SECONDS.toNanos(seconds));

  private void begin(long bytes) {
    progress.on(new RunEvent.RunStarted("save", 10));
    progress.on(
        new RunEvent.PlanMade(
            new Plan(List.of(), List.of(), new Plan.Totals(1, bytes, 0, 0, bytes))));
  }

  private void pass(int time, int bytesPerSecond) {
    for (int i = 0; i < time; i++) {
      seconds++;
      if (bytesPerSecond > 0) {
        progress.on(new RunEvent.BlobRead(BLOB, 0, bytesPerSecond));
      }
      progress.tick();
    }
  }

  @Test
  void eachTenthIsOneLine() {
    begin(200L * MEGABYTE);
    pass(200, MEGABYTE);
    assertThat(sent.stream().map(RunEvent.Progressed::bytes))
        .containsExactly(
            20L * MEGABYTE,
            40L * MEGABYTE,
            60L * MEGABYTE,
            80L * MEGABYTE,
            100L * MEGABYTE,
            120L * MEGABYTE,
            140L * MEGABYTE,
            160L * MEGABYTE,
            180L * MEGABYTE);
    assertThat(sent.getFirst())
        .isEqualTo(
            new RunEvent.Progressed(
                0,
                10,
                20L * MEGABYTE,
                200L * MEGABYTE,
                MEGABYTE,
                Optional.of(Duration.ofSeconds(181)),
                Duration.ZERO));
  }

  @Test
  void aFastRunHasLinesTenSecondsApart() {
    begin(200L * MEGABYTE);
    pass(20, 10 * MEGABYTE);
    assertThat(sent).hasSize(1);
  }

  @Test
  void aSlowRunHasALineEveryTenMinutes() {
    begin(Long.MAX_VALUE / 100);
    pass(1801, MEGABYTE);
    assertThat(sent).hasSize(3);
  }

  @Test
  void eachStandstillIsOneLine() {
    begin(Long.MAX_VALUE / 100);
    pass(5, MEGABYTE);
    pass(100, 0);
    assertThat(sent).hasSize(1);
    assertThat(sent.getFirst().standstill()).isEqualTo(Duration.ofSeconds(20));
    assertThat(sent.getFirst().left()).isEmpty();
    pass(1, MEGABYTE);
    pass(20, 0);
    assertThat(sent).hasSize(2);
  }
}
