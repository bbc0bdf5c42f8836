package io.mirrorimages.registry.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.Retries;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.registry.limit.HostThrottle.Permit;
import io.mirrorimages.registry.limit.time.FakeTimer;
import io.mirrorimages.registry.limit.time.ThrottledException;
import io.mirrorimages.registry.limit.time.Timer;
import io.mirrorimages.registry.limit.time.WaitNotices;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HostThrottleTest {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final FakeTimer timer = new FakeTimer();
  private final List<Wait> told = new ArrayList<>();
  private final WaitNotices notices = new WaitNotices("h", timer, told::add);
  private final HostThrottle gate =
      new HostThrottle(
          HostBudget.unlimited("h").with("concurrency=2"), timer, notices, Duration.ofMillis(300));

  @Test
  void noMoreThanTheBudgetAreInside() throws Exception {
    Permit first = gate.enter(Timer.FOREVER);
    gate.enter(Timer.FOREVER);
    CountDownLatch entered = new CountDownLatch(1);
    Thread third = Thread.ofVirtual().start(() -> enterAndLeave(entered));
    assertThat(entered.await(100, TimeUnit.MILLISECONDS)).isFalse();
    first.leave();
    assertThat(entered.await(120, TimeUnit.SECONDS)).isTrue();
    third.join();
  }

  @Test
  void aHostInTroubleIsLeftAloneForAWhileAndThenTriedAgain() throws Exception {
    for (int i = 0; i < 8; i++) {
      refusal(500, Optional.empty());
    }
    assertThat(timeToEnter()).isBetween(Duration.ofMillis(200), Duration.ofSeconds(5));
  }

  @Test
  void aSingleFailureIsNoTrouble() throws Exception {
    refusal(500, Optional.empty());
    refusal(500, Optional.empty());
    assertThat(timeToEnter()).isZero();
  }

  @Test
  void tooManyRequestsPauseAtOnce() throws Exception {
    refusal(429, Optional.empty());
    assertThat(timeToEnter()).isBetween(Duration.ofMillis(300), Duration.ofMillis(400));
  }

  @Test
  void theHostsOwnWordPausesAtOnceWithinReasonAndIsTold() throws Exception {
    refusal(503, Optional.of(Duration.ofSeconds(7)));
    assertThat(timeToEnter()).isBetween(Duration.ofSeconds(7), Duration.ofMillis(7100));
    refusal(429, Optional.of(Duration.ofHours(1)));
    assertThat(timeToEnter()).isBetween(Duration.ofHours(1), Duration.ofMillis(3_600_100));
    assertThat(told)
        .extracting(Wait::time)
        .containsExactly(Duration.ofSeconds(7), Duration.ofHours(1));
  }

  @Test
  void aWishOutOfReasonHoldsNobodyElseUp() throws Exception {
    refusal(503, Optional.of(Duration.ofSeconds(999_999_999)));
    assertThat(timeToEnter()).isZero();
    refusal(429, Optional.of(Retries.LONGEST_ASKED.plusSeconds(1)));
    assertThat(timeToEnter()).isBetween(Duration.ofMillis(300), Duration.ofMillis(400));
    assertThat(told).isEmpty();
  }

  @Test
  void oneRestIsToldOnceWhateverItIsMadeOf() throws Exception {
    HostThrottle all =
        new HostThrottle(HostBudget.unlimited("h"), timer, notices, Duration.ofSeconds(20));
    List<Permit> wave = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      wave.add(all.enter(Timer.FOREVER));
    }
    for (int i = 0; i < wave.size(); i++) {
      // Errors alone make a rest of 14 to 26 s; then come its own words, of one status and another.
      boolean asks = i >= 9;
      Optional<Duration> wished = Optional.of(Duration.ofSeconds(17)).filter(time -> asks);
      wave.get(i).refused(asks && i % 2 == 0 ? 429 : 503, wished);
      timer.pass(Duration.ofMillis(10));
      wave.get(i).leave();
    }
    assertThat(told).hasSize(1);
  }

  @Test
  void aRestThatIsWaitedForSinceAllOthersAreBusyTooIsTold() throws Exception {
    Permit place = gate.enter(PATIENCE);
    place.refused(503, Optional.of(Duration.ofSeconds(40)));
    place.leave();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> gate.enter(PATIENCE))
          .isInstanceOfSatisfying(ThrottledException.class, ThrottledException::tell);
    }
    assertThat(told)
        .containsExactly(
            new Wait("h", "it asks to be left alone (status 503)", Duration.ofSeconds(40)));
  }

  @Test
  void whoHasOthersToAskIsNotTold() throws Exception {
    Permit place = gate.enter(PATIENCE);
    place.refused(429, Optional.of(Duration.ofHours(1)));
    place.leave();
    assertThat(told).isEmpty();
  }

  @Test
  void aRefusalHalvesHowManyAreInside() throws Exception {
    refusal(503, Optional.empty());
    gate.enter(Timer.FOREVER);
    CountDownLatch entered = new CountDownLatch(1);
    Thread second = Thread.ofVirtual().start(() -> enterAndLeave(entered));
    assertThat(entered.await(100, TimeUnit.MILLISECONDS)).isFalse();
    second.interrupt();
    second.join();
  }

  @Test
  void theRateOfRequestsIsKept() throws Exception {
    HostThrottle slow =
        new HostThrottle(HostBudget.unlimited("h").with("requests=20/m"), timer, notices);
    for (int i = 0; i < 60; i++) {
      slow.enter(Timer.FOREVER).leave();
    }
    assertThat(timer.now()).isBetween(Duration.ofMinutes(2), Duration.ofSeconds(123));
  }

  @Test
  void whoHasOthersToAskLeavesBeforeALongWait() throws Exception {
    HostThrottle limited =
        new HostThrottle(
            HostBudget.unlimited("h").with("requests=1/h,concurrency=2"), timer, notices);
    limited.enter(PATIENCE).leave();
    assertThatThrownBy(() -> limited.enter(PATIENCE))
        .isInstanceOfSatisfying(
            ThrottledException.class,
            e -> {
              assertThat(e).hasMessage("the limit requests=1/h is used up");
              assertThat(e.timeToWait()).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(62));
            });
    refusal(503, Optional.of(Duration.ofSeconds(40)));
    assertThatThrownBy(() -> gate.enter(PATIENCE)).isInstanceOf(ThrottledException.class);
    assertThat(timer.sleeps()).isZero();
    // Its place is free again.
    timer.pass(Duration.ofMinutes(62));
    limited.enter(PATIENCE);
    gate.enter(PATIENCE);
  }

  @Test
  void nobodyWaitsLongerThanHisPatienceForWhatComesOfATrial() throws Exception {
    HostThrottle tried = new HostThrottle(HostBudget.unlimited("h"), timer, notices);
    List<Permit> wave = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      wave.add(tried.enter(Timer.FOREVER));
    }
    for (Permit place : wave) {
      place.refused(500, Optional.empty());
      place.leave();
    }
    Permit first = tried.enter(Timer.FOREVER);
    tried.enter(Timer.FOREVER);
    assertThatThrownBy(() -> tried.enter(PATIENCE)).isInstanceOf(ThrottledException.class);
    first.leave();
    tried.enter(PATIENCE);
  }

  @Test
  void whoWaitsCanBeInterrupted() throws Exception {
    gate.enter(Timer.FOREVER);
    gate.enter(Timer.FOREVER);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread waiting =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    gate.enter(Timer.FOREVER);
                  } catch (IOException e) {
                    thrown.set(e);
                  }
                });
    waiting.interrupt();
    waiting.join();
    assertThat(thrown.get()).isInstanceOf(InterruptedIOException.class);
  }

  private void refusal(int status, Optional<Duration> retryAfter) throws IOException {
    Permit place = gate.enter(Timer.FOREVER);
    place.refused(status, retryAfter);
    place.leave();
  }

  private Duration timeToEnter() throws IOException {
    Duration begin = timer.now();
    Permit place = gate.enter(Timer.FOREVER);
    place.well();
    place.leave();
    return timer.now().minus(begin);
  }

  private void enterAndLeave(CountDownLatch entered) {
    try {
      gate.enter(Timer.FOREVER).leave();
      entered.countDown();
    } catch (IOException e) {
      // The test has seen that it waited.
    }
  }
}
