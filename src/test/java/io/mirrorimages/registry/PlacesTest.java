package io.mirrorimages.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PlacesTest {
  private final Places places = new Places(8);

  @Test
  void everyWaveOfRefusalsHalvesOnceDownToOne() throws InterruptedException {
    int before = places.take();
    places.overloaded(before);
    places.overloaded(before);
    assertThat(places.allowed()).isEqualTo(4);
    for (int i = 0; i < 5; i++) {
      places.leave();
      places.overloaded(places.take());
    }
    assertThat(places.allowed()).isEqualTo(1);
  }

  @Test
  void tenThatWentWellGiveOneMoreUpToTheBudget() throws InterruptedException {
    places.overloaded(places.take());
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
    places.overloaded(places.take());
    for (int i = 0; i < 9; i++) {
      places.well();
    }
    places.overloaded(places.take());
    places.well();
    assertThat(places.allowed()).isEqualTo(2);
  }

  @Test
  void whoIsInsideStaysAndNobodyEntersUntilEnoughHaveLeft() throws InterruptedException {
    Places two = new Places(2);
    int before = two.take();
    two.take();
    two.overloaded(before);
    CountDownLatch entered = new CountDownLatch(1);
    Thread third =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    two.take();
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
}
