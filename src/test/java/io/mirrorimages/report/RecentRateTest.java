package io.mirrorimages.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecentRateTest {
  private static final int MEGABYTE = 1_000_000;

  private final RecentRate rate = new RecentRate(0, 0);
  private int second;
  private long moved;

  private void pass(int seconds, int megabytesPerSecond) {
    for (int i = 0; i < seconds; i++) {
      moved += (long) megabytesPerSecond * MEGABYTE;
      rate.note(Duration.ofSeconds(++second).toNanos(), moved);
    }
  }

  @Test
  void theTimeBeforeTheFirstBytesDoesNotCount() {
    pass(8, 0);
    pass(3, 10);

    assertThat(rate.perSecond()).isEqualTo(10 * MEGABYTE);
    assertThat(rate.timeFor(45 * MEGABYTE)).contains(Duration.ofSeconds(5));
  }

  @Test
  void aStandstillThatIsOverDoesNotCount() {
    pass(5, 10);
    pass(60, 0);
    assertThat(rate.perSecond()).isZero();
    assertThat(rate.timeFor(MEGABYTE)).isEmpty();

    pass(2, 10);
    assertThat(rate.perSecond()).isEqualTo(10 * MEGABYTE);
  }

  @Test
  void pausesWithinTheLastTenSecondsCount() {
    pass(20, 100);
    pass(5, 10);
    pass(5, 0);

    assertThat(rate.perSecond()).isEqualTo(5 * MEGABYTE);
  }

  @Test
  void estimatesNothingFromTheFirstSecondAlone() {
    pass(1, 10);
    assertThat(rate.timeFor(MEGABYTE)).isEmpty();

    pass(1, 10);
    assertThat(rate.timeFor(MEGABYTE)).contains(Duration.ofSeconds(1));
    assertThat(rate.timeFor(0)).isEmpty();
  }
}
