package io.mirrorimages.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.registry.HostGate.Place;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HostGateTest {
  private final HostGate gate =
      new HostGate(new HostBudget("h", Optional.empty(), 2), Duration.ofMillis(300));

  @Test
  void noMoreThanTheBudgetAreInside() throws Exception {
    Place first = gate.enter();
    gate.enter();
    CountDownLatch entered = new CountDownLatch(1);
    Thread third = Thread.ofVirtual().start(() -> enterAndLeave(entered));
    assertThat(entered.await(100, TimeUnit.MILLISECONDS)).isFalse();
    first.leave();
    assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
    third.join();
  }

  @Test
  void aHostInTroubleIsLeftAloneForAWhileAndThenTriedAgain() throws Exception {
    for (int i = 0; i < 8; i++) {
      trouble(Optional.empty());
    }
    assertThat(timeToEnter()).isBetween(Duration.ofMillis(150), Duration.ofSeconds(20));
  }

  @Test
  void aSingleFailureIsNoTrouble() throws Exception {
    trouble(Optional.empty());
    assertThat(timeToEnter()).isLessThan(Duration.ofMillis(150));
  }

  @Test
  void theHostsOwnWordPausesAtOnce() throws Exception {
    trouble(Optional.of(Duration.ofMillis(400)));
    assertThat(timeToEnter()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
  }

  @Test
  void whoWaitsCanBeInterrupted() throws Exception {
    gate.enter();
    gate.enter();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread waiting =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    gate.enter();
                  } catch (InterruptedIOException e) {
                    thrown.set(e);
                  }
                });
    waiting.interrupt();
    waiting.join();
    assertThat(thrown.get()).isInstanceOf(InterruptedIOException.class);
  }

  private void trouble(Optional<Duration> retryAfter) throws InterruptedIOException {
    Place place = gate.enter();
    place.troubled(retryAfter);
    place.leave();
  }

  private Duration timeToEnter() throws InterruptedIOException {
    long begin = System.nanoTime();
    Place place = gate.enter();
    place.well();
    place.leave();
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private void enterAndLeave(CountDownLatch entered) {
    try {
      gate.enter().leave();
      entered.countDown();
    } catch (InterruptedIOException e) {
      throw new IllegalStateException(e);
    }
  }
}
