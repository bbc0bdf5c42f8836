package io.mirrorimages.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WatchTest {
  private static final Outcome WELL =
      new Outcome(7, "sync", 1, 0, Map.of(), 0, 0, Duration.ZERO, List.of());

  private final CountDownLatch never = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch begun = new CountDownLatch(1);

  @Test
  void whatEndsInTimeIsPassedOn() throws Exception {
    assertThat(new Watch(Duration.ofSeconds(20)).over(7, () -> WELL)).isSameAs(WELL);
  }

  @Test
  void whatDoesNotEndHasFailedAndShowsWhereItsThreadsWait() throws Exception {
    Outcome outcome = new Watch(Duration.ofSeconds(1)).over(7, this::waitInAnotherThread);

    assertThat(outcome.isWell()).isFalse();
    assertThat(outcome.toString())
        .contains("it did not end within 1 s", "worker-of-the-tool, WAITING", "WatchTest.hang")
        .contains("scripts/torture --runs 1 --seed 7")
        .doesNotContain("whatDoesNotEnd");
    ended.await();
  }

  private Outcome waitInAnotherThread() throws InterruptedException {
    Thread.ofPlatform().daemon().name("worker-of-the-tool").start(this::hang);
    begun.await();
    try {
      never.await();
    } catch (InterruptedException e) {
      // The next step of the ordeal.
      waitAgain();
    }
    return WELL;
  }

  private void waitAgain() throws InterruptedException {
    try {
      never.await();
    } finally {
      ended.countDown();
    }
  }

  private void hang() {
    begun.countDown();
    try {
      never.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
