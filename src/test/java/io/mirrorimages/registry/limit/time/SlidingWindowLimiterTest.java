package io.mirrorimages.registry.limit.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlidingWindowLimiterTest {
  private final FakeTimer timer = new FakeTimer();
  private final List<Duration> waits = new ArrayList<>();

  @Test
  void theFirstOnesPassAtOnceAndTheNextWaitsForTheWholeTime() throws Exception {
    SlidingWindowLimiter window = window(20, Duration.ofMinutes(1));
    for (int i = 0; i < 20; i++) {
      window.take(Timer.FOREVER);
    }
    assertThat(timer.now()).isZero();
    window.take(Timer.FOREVER);
    assertThat(timer.now()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(61));
    assertThat(waits).containsExactly(timer.now());
  }

  @Test
  void noStretchOfTheTimeHasMore() throws InterruptedIOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    SlidingWindowLimiter window = window(5, Duration.ofSeconds(10));
    List<Duration> passed = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      timer.pass(Duration.ofMillis(random.nextInt(4000)));
      window.take(Timer.FOREVER);
      passed.add(timer.now());
    }
    for (int i = 5; i < passed.size(); i++) {
      assertThat(passed.get(i).minus(passed.get(i - 5)))
          .as("seed %d, number %d", seed, i)
          .isGreaterThanOrEqualTo(Duration.ofSeconds(10));
    }
  }

  @Test
  void theWholeRateIsUsed() throws InterruptedIOException {
    SlidingWindowLimiter window = window(10, Duration.ofSeconds(1));
    for (int i = 0; i < 1000; i++) {
      window.take(Timer.FOREVER);
    }
    assertThat(timer.now()).isLessThan(Duration.ofSeconds(102));
  }

  @Test
  void whatWentBeyondIsWaitedFor() throws InterruptedIOException {
    SlidingWindowLimiter window = window(1_000_000, Duration.ofHours(2));
    window.count(999_999);
    assertThat(window.timeToWait()).isZero();
    window.count(5_000_000);
    timer.pass(Duration.ofMinutes(30));
    assertThat(window.timeToWait()).isBetween(Duration.ofMinutes(90), Duration.ofMinutes(92));
    window.await();
    assertThat(timer.now()).isBetween(Duration.ofMinutes(120), Duration.ofMinutes(122));
    assertThat(window.timeToWait()).isZero();
  }

  @Test
  void aLongPauseLeavesNothingBehind() throws InterruptedIOException {
    SlidingWindowLimiter window = window(2, Duration.ofSeconds(1));
    for (int day = 0; day < 3; day++) {
      window.take(Timer.FOREVER);
      window.take(Timer.FOREVER);
      assertThat(window.timeToWait()).isPositive();
      timer.pass(Duration.ofDays(1));
      assertThat(window.timeToWait()).isZero();
    }
    assertThat(timer.sleeps()).isZero();
  }

  private SlidingWindowLimiter window(long count, Duration time) {
    return new SlidingWindowLimiter(new Rate(count, time), timer, waits::add);
  }
}
