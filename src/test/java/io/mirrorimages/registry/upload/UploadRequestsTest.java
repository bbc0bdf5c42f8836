package io.mirrorimages.registry.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests are as large as their time allows, and are let come to their end. */
@Timeout(120)
class UploadRequestsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final UploadRequests requests = new UploadRequests();

  @Test
  void oneOfWhichNothingIsKnownIsSmall() {
    assertThat(requests.within(SECOND)).isEqualTo(1 << 20);
  }

  @Test
  void theNextIsAsLargeAsTheLastOnesRateAllows() throws Exception {
    // What took no time at all was fast: 50 MB/s if it took twenty seconds.
    try (UploadRequests.RunningRequest request = requests.begin(1L << 30)) {
      request.taken();
    }
    assertThat(requests.within(SECOND)).isGreaterThan(50_000_000);
    assertThat(requests.within(Duration.ZERO)).as("the least").isEqualTo(64 * 1024);
  }

  @Test
  void whatIsUnderWaySharesTheLine() throws Exception {
    // So many that a slow machine measures them, and so few that one nanosecond fits a rate.
    try (UploadRequests.RunningRequest request = requests.begin(1L << 30)) {
      request.taken();
    }
    long alone = requests.within(SECOND);
    try (UploadRequests.RunningRequest _ = requests.begin(1)) {
      assertThat(requests.within(SECOND)).isBetween(alone / 2 - 1, alone / 2 + 1);
    }
    assertThat(requests.within(SECOND)).isEqualTo(alone);
  }

  @Test
  void aFewBytesSayNothingOfTheRate() throws Exception {
    try (UploadRequests.RunningRequest request = requests.begin(0)) {
      request.taken();
    }
    assertThat(requests.within(SECOND)).isEqualTo(1 << 20);
  }

  @Test
  void atTheEndWhatIsUnderWayIsWaitedForAndNothingMoreBegins() throws Exception {
    UploadRequests.RunningRequest request = requests.begin(1000);
    CompletableFuture<Void> finished =
        CompletableFuture.runAsync(
            () -> {
              try {
                requests.finish(Duration.ofMinutes(5));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    awaitEnding();
    assertThat(finished).isNotDone();

    request.close();

    finished.join();
  }

  /** Those that were begun before the other thread came to it are ended again. */
  private void awaitEnding() throws InterruptedException {
    while (true) {
      try (UploadRequests.RunningRequest _ = requests.begin(1)) {
        Thread.sleep(1);
      } catch (InterruptedIOException e) {
        return;
      }
    }
  }

  @Test
  void whatDoesNotEndIsNotWaitedForWithoutEnd() throws Exception {
    UploadRequests.RunningRequest request = requests.begin(1000);
    requests.finish(Duration.ofMillis(1));
    assertThatThrownBy(() -> requests.begin(1)).isInstanceOf(InterruptedIOException.class);
    request.close();
  }
}
