package io.mirrorimages.registry.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.registry.limit.time.Timer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ConcurrencyLimiterTest {
  private final ConcurrencyLimiter places = new ConcurrencyLimiter(8);

  @Test
  void everyWaveOfRefusalsHalvesOnceDownToOne() throws InterruptedException {
    int before = places.take(Timer.FOREVER).orElseThrow();
    places.overloaded(before);
    places.overloaded(before);
    assertThat(places.allowed()).isEqualTo(4);
    for (int i = 0; i < 5; i++) {
      places.leave();
      places.overloaded(places.take(Timer.FOREVER).orElseThrow());
    }
    assertThat(places.allowed()).isEqualTo(1);
  }

  @Test
  void tenThatWentWellGiveOneMoreUpToTheBudget() throws InterruptedException {
    places.overloaded(places.take(Timer.FOREVER).orElseThrow());
    for (int i = 0; i < 9; i++) {
      places.well();
    }
    assertThat(places.allowed()).isEqualTo(4);
    places.well();
    assertThat(places.allowed()).isEqualTo(5);
    for (int i = 0; i < 1000; i++) {
      places.well();
    }
    assertThat(places.allowed()).isEqualTo(8);
  }

  @Test
  void refusalsInBetweenBeginTheCountAnew() throws InterruptedException {
    places.overloaded(places.take(Timer.FOREVER).orElseThrow());
    for (int i = 0; i < 9; i++) {
      places.well();
    }
    places.overloaded(places.take(Timer.FOREVER).orElseThrow());
    places.well();
    assertThat(places.allowed()).isEqualTo(2);
  }

  @Test
  void whoIsInsideStaysAndNobodyEntersUntilEnoughHaveLeft() throws InterruptedException {
    ConcurrencyLimiter two = new ConcurrencyLimiter(2);
    int before = two.take(Timer.FOREVER).orElseThrow();
    two.take(Timer.FOREVER);
    two.overloaded(before);
    CountDownLatch entered = new CountDownLatch(1);
    Thread third =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    two.take(Timer.FOREVER);
                    entered.countDown();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    two.leave();
    assertThat(entered.await(100, TimeUnit.MILLISECONDS)).isFalse();
    two.leave();
    assertThat(entered.await(120, TimeUnit.SECONDS)).isTrue();
    third.join();
  }

  @Test
  void whoHasNoPatienceLeavesWithoutOne() throws InterruptedException {
    ConcurrencyLimiter one = new ConcurrencyLimiter(1);
    one.take(Timer.FOREVER);
    assertThat(one.take(Duration.ofMillis(20))).isEmpty();
    one.leave();
    assertThat(one.take(Duration.ofMillis(20))).isPresent();
  }
}
