package io.mirrorimages.registry.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.work.Scheduler;
import io.mirrorimages.mirror.work.Scheduler.Task;
import io.mirrorimages.mirror.work.TaskQueue;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.limit.time.BandwidthThrottle;
import io.mirrorimages.registry.limit.time.FakeTimer;
import io.mirrorimages.registry.limit.time.Timer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostLimitsTest {
  private final FakeTimer timer = new FakeTimer();
  private final List<Wait> waits = new ArrayList<>();

  private HostLimits limits(RegistrySettings settings) {
    return new HostLimits(
        settings.budgets(), waits::add, timer, new BandwidthThrottle(OptionalLong.empty(), timer));
  }

  @ParameterizedTest
  @CsvSource({
    "docker.io, registry-1.docker.io",
    "docker.io, index.docker.io",
    "quay.io, quay.io:443",
    "quay.io, Quay.io"
  })
  void allNamesOfAHostShareItsBudget(String one, String other) {
    HostLimits limits = limits(RegistrySettings.defaults());
    assertThat(limits.of(one)).isEqualTo(limits.of(other));
  }

  @Test
  void anotherPortIsAnotherHost() {
    HostLimits limits = limits(RegistrySettings.defaults());
    assertThat(limits.of("127.0.0.1:5000").gate()).isNotSameAs(limits.of("127.0.0.1:5001").gate());
  }

  @Test
  void aLimitForTheServerOfDockerHubHoldsForDockerHub() {
    HostBudgets budgets = HostBudgets.presets().with("registry-1.docker.io:concurrency=3");
    assertThat(budgets.of("docker.io").concurrency()).isEqualTo(3);
  }

  @Test
  void contentThatIsToBeSentHoldsNoConnectionWhileItWaitsLongForBytes() throws IOException {
    assertThat(heldForBytes("bytes=100k/1h")).isFalse();
    assertThat(timer.now()).isGreaterThan(Duration.ofMinutes(59));
  }

  @Test
  void contentThatIsToBeSentHoldsItsConnectionThroughAShortWaitForBytes() throws IOException {
    assertThat(heldForBytes("bytes=100k/1s")).isTrue();
    assertThat(timer.now()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"requests=1/1h", "bytes=1k/1h", "concurrency=1"})
  @Timeout(120)
  void aRegistryWhoseBudgetIsUsedUpHoldsUpNoOtherOne(String limit) throws Exception {
    CountDownLatch other = new CountDownLatch(1);
    Timer untilTheOtherHasRun =
        new Timer() {
          @Override
          public long nanos() {
            return timer.nanos();
          }

          @Override
          public void sleep(Duration time) throws InterruptedIOException {
            awaited(other);
            timer.pass(time);
          }
        };
    HostLimits limits =
        new HostLimits(
            HostBudgets.none().with("used-up:" + limit),
            waits::add,
            untilTheOtherHasRun,
            new BandwidthThrottle(OptionalLong.empty(), timer));
    Limits usedUp = limits.of("used-up");
    HostThrottle.Permit first = usedUp.enter(Optional.empty());
    usedUp.traffic().moved(1 << 10);
    Thread leaves = Thread.ofPlatform().start(() -> leaveAfter(other, first));
    try (Scheduler scheduler = new Scheduler(1);
        TaskQueue queue = scheduler.open()) {
      queue.add("used-up", List.of(() -> passes(usedUp)));
      queue.add(
          "other",
          List.of(
              () -> {
                other.countDown();
                return passes(limits.of("other"));
              }));
      queue.await();
    }
    leaves.join();
    assertThat(other.getCount()).isZero();
  }

  private static Optional<Task> passes(Limits limits) throws IOException {
    limits.enter(Optional.empty()).leave();
    limits.awaitTraffic(Optional.empty());
    return Optional.empty();
  }

  private static void leaveAfter(CountDownLatch other, HostThrottle.Permit place) {
    try {
      other.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    place.leave();
  }

  private static void awaited(CountDownLatch latch) throws InterruptedIOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw Scheduler.interrupted();
    }
  }

  /** Whether a content was not rewound before all bytes were used up, and waited for. */
  private boolean heldForBytes(String limit) throws IOException {
    HostBudgets budgets = HostBudgets.none().with("h:" + limit);
    Limits limits = limits(RegistrySettings.defaults().with(budgets)).of("h");
    InputStream content = new ByteArrayInputStream(new byte[2]);
    limits.awaitTraffic(new Request.Once(content, 2).held());
    content.skipNBytes(1);
    limits.traffic().moved(100 << 10);
    timer.pass(Duration.ofMillis(500));

    limits.awaitTraffic(new Request.Once(content, 2).held());
    return content.available() == 1;
  }
}
