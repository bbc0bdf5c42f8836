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
  private final FakeTimer timer = new FakeTimer();
  private final WaitNotices notices = new WaitNotices("h", timer, wait -> {});
  private final HostGate gate =
      new HostGate(
          HostBudget.unlimited("h").with("concurrency=2"), timer, notices, Duration.ofMillis(300));

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
      silence();
    }
    assertThat(timeToEnter()).isBetween(Duration.ofMillis(200), Duration.ofSeconds(5));
  }

  @Test
  void aSingleFailureIsNoTrouble() throws Exception {
    silence();
    refusal(500, Optional.empty());
    assertThat(timeToEnter()).isZero();
  }

  @Test
  void tooManyRequestsPauseAtOnce() throws Exception {
    refusal(429, Optional.empty());
    assertThat(timeToEnter()).isBetween(Duration.ofMillis(300), Duration.ofMillis(400));
  }

  @Test
  void theHostsOwnWordPausesAtOnceUpToAMinute() throws Exception {
    refusal(503, Optional.of(Duration.ofSeconds(7)));
    assertThat(timeToEnter()).isBetween(Duration.ofSeconds(7), Duration.ofMillis(7100));
    refusal(429, Optional.of(Duration.ofHours(1)));
    assertThat(timeToEnter()).isBetween(Duration.ofSeconds(60), Duration.ofMillis(60100));
  }

  @Test
  void aRefusalHalvesHowManyAreInside() throws Exception {
    refusal(503, Optional.empty());
    gate.enter();
    CountDownLatch entered = new CountDownLatch(1);
    Thread second = Thread.ofVirtual().start(() -> enterAndLeave(entered));
    assertThat(entered.await(100, TimeUnit.MILLISECONDS)).isFalse();
    second.interrupt();
    second.join();
  }

  @Test
  void theRateOfRequestsIsKept() throws Exception {
    HostGate slow = new HostGate(HostBudget.unlimited("h").with("requests=20/m"), timer, notices);
    for (int i = 0; i < 60; i++) {
      slow.enter().leave();
    }
    assertThat(timer.now()).isBetween(Duration.ofMinutes(2), Duration.ofSeconds(123));
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

  private void silence() throws InterruptedIOException {
    Place place = gate.enter();
    place.silent();
    place.leave();
  }

  private void refusal(int status, Optional<Duration> retryAfter) throws InterruptedIOException {
    Place place = gate.enter();
    place.refused(status, retryAfter);
    place.leave();
  }

  private Duration timeToEnter() throws InterruptedIOException {
    Duration begin = timer.now();
    Place place = gate.enter();
    place.well();
    place.leave();
    return timer.now().minus(begin);
  }

  private void enterAndLeave(CountDownLatch entered) {
    try {
      gate.enter().leave();
      entered.countDown();
    } catch (InterruptedIOException e) {
      // The test has seen that it waited.
    }
  }
}
