package io.mirrorimages.registry.limit.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BandwidthThrottleTest {
  private final FakeTimer timer = new FakeTimer();

  @ParameterizedTest
  @ValueSource(longs = {1, 300, 10_000, 500_000, 20_000_000, 3_000_000_000L})
  void tenSecondsWorthTakesTenSeconds(long rate) throws InterruptedIOException {
    BandwidthThrottle pace = new BandwidthThrottle(OptionalLong.of(rate), timer);
    for (long left = 10 * rate; left > 0; ) {
      int portion = (int) Math.min(left, pace.portion(128 * 1024));
      pace.moved(portion);
      left -= portion;
    }
    assertThat(timer.now()).isBetween(Duration.ofMillis(9_900), Duration.ofMillis(10_100));
    assertThat(timer.sleeps()).isLessThan(5_100);
  }

  @Test
  void noSecondHasMuchMoreThanAnother() throws InterruptedIOException {
    BandwidthThrottle pace = new BandwidthThrottle(OptionalLong.of(1_000_000), timer);
    int[] seconds = new int[20];
    while (timer.now().toSeconds() < seconds.length) {
      int portion = pace.portion(128 * 1024);
      seconds[(int) timer.now().toSeconds()] += portion;
      pace.moved(portion);
    }
    for (int bytes : seconds) {
      assertThat(bytes).isBetween(900_000, 1_100_000);
    }
  }

  @Test
  void lateWakeUpsAreCaughtUpWithButNotAStandstill() throws InterruptedIOException {
    BandwidthThrottle pace = new BandwidthThrottle(OptionalLong.of(1_000_000), timer);
    for (int i = 0; i < 500; i++) {
      pace.moved(20_000);
      timer.pass(Duration.ofMillis(5));
    }
    assertThat(timer.now()).isBetween(Duration.ofMillis(9_900), Duration.ofMillis(10_100));

    timer.pass(Duration.ofMinutes(10));
    Duration began = timer.now();
    for (int i = 0; i < 100; i++) {
      pace.moved(20_000);
    }
    assertThat(timer.now().minus(began)).isGreaterThan(Duration.ofMillis(1_800));
  }

  @Test
  void withoutALimitNobodyWaits() throws InterruptedIOException {
    BandwidthThrottle pace = new BandwidthThrottle(OptionalLong.empty(), timer);
    assertThat(pace.portion(128 * 1024)).isEqualTo(128 * 1024);
    pace.moved(Long.MAX_VALUE);
    assertThat(timer.sleeps()).isZero();
  }
}
