package io.mirrorimages.registry.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PlacesTest {
  private final Places places = new Places(8);

  @Test
  void everyWaveOfRefusalsHalvesOnceDownToOne() throws InterruptedException {
    int before = places.take(Limits.FOREVER).orElseThrow();
    places.overloaded(before);
    places.overloaded(before);
    assertThat(places.allowed()).isEqualTo(4);
    for (int i = 0; i < 5; i++) {
      places.leave();
      places.overloaded(places.take(Limits.FOREVER).orElseThrow());
    }
    assertThat(places.allowed()).isEqualTo(1);
  }

  @Test
  void tenThatWentWellGiveOneMoreUpToTheBudget() throws InterruptedException {
    places.overloaded(places.take(Limits.FOREVER).orElseThrow());
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
    places.overloaded(places.take(Limits.FOREVER).orElseThrow());
    for (int i = 0; i < 9; i++) {
      places.well();
    }
    places.overloaded(places.take(Limits.FOREVER).orElseThrow());
    places.well();
    assertThat(places.allowed()).isEqualTo(2);
  }

  @Test
  void whoIsInsideStaysAndNobodyEntersUntilEnoughHaveLeft() throws InterruptedException {
    Places two = new Places(2);
    int before = two.take(Limits.FOREVER).orElseThrow();
    two.take(Limits.FOREVER);
    two.overloaded(before);
    CountDownLatch entered = new CountDownLatch(1);
    Thread third =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    two.take(Limits.FOREVER);
                    entered.countDown();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    two.leave();
    assertThat(entered.await(100, TimeUnit.MILLISECONDS)).isFalse();
    two.leave();
    assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
    third.join();
  }

  @Test
  void whoHasNoPatienceLeavesWithoutOne() throws InterruptedException {
    Places one = new Places(1);
    one.take(Limits.FOREVER);
    assertThat(one.take(Duration.ofMillis(20))).isEmpty();
    one.leave();
    assertThat(one.take(Duration.ofMillis(20))).isPresent();
  }
}
