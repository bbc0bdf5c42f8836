package io.mirrorimages.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetriesTest {
  private final AtomicInteger tries = new AtomicInteger();

  @Test
  void triesAgainWhatMayPass() throws IOException {
    String result =
        new Retries(2, Duration.ZERO)
            .call(
                () -> {
                  if (tries.incrementAndGet() < 3) {
                    throw new SocketTimeoutException("no answer");
                  }
                  return "done";
                });

    assertThat(result).isEqualTo("done");
  }

  @Test
  void givesTheLastFailureWhenTheTriesAreUsedUp() {
    assertThatThrownBy(() -> failing(new Retries(2, Duration.ZERO), new IOException("reset")))
        .isInstanceOf(IOException.class)
        .hasMessage("reset");
    assertThat(tries).hasValue(3);
  }

  @Test
  void doesNotRepeatWhatIsFinal() {
    assertThatThrownBy(
            () ->
                failing(
                    new Retries(5, Duration.ZERO), new TransferException(FailureKind.DENIED, "no")))
        .hasMessage("no");
    assertThatThrownBy(
            () -> failing(new Retries(5, Duration.ZERO), new InterruptedIOException("interrupted")))
        .hasMessage("interrupted");
    assertThat(tries).hasValue(2);
  }

  @Test
  void waitsLongerThanUsualForAServerThatAsksForIt() throws IOException {
    TransferException soon =
        TransferException.passing(
            FailureKind.NETWORK, "busy", null, Optional.of(Duration.ofMillis(30)));

    assertThatThrownBy(() -> failing(new Retries(1, Duration.ofMillis(1)), soon)).isSameAs(soon);
    assertThat(tries).hasValue(2);
  }

  @Test
  void doesNotWaitOutOfReasonForAServerThatAsksForIt() {
    TransferException tomorrow =
        TransferException.passing(
            FailureKind.NETWORK, "busy", null, Optional.of(Duration.ofDays(1)));

    assertThatThrownBy(() -> failing(new Retries(5, Duration.ofSeconds(1)), tomorrow))
        .isSameAs(tomorrow);
    assertThat(tries).hasValue(1);
  }

  private void failing(Retries retries, IOException failure) throws IOException {
    retries.call(
        () -> {
          tries.incrementAndGet();
          throw failure;
        });
  }

  @Test
  void reportsEachPauseAndKnowsWhichRetryItIs() throws IOException {
    List<String> seen = new ArrayList<>();
    Retries retries =
        new Retries(3, Duration.ZERO)
            .reporting(pause -> seen.add(pause.retry() + " " + pause.cause().getMessage()));

    retries.call(
        () -> {
          int current = Retries.current();
          seen.add("in " + current);
          if (current < 2) {
            throw new IOException("reset");
          }
          return "done";
        });

    assertThat(seen).containsExactly("in 0", "1 reset", "in 1", "2 reset", "in 2");
    assertThat(Retries.current()).isZero();
  }

  @Test
  void aFirstTryOfTheCallerCountsAsOne() {
    assertThatThrownBy(
            () ->
                new Retries(2, Duration.ZERO)
                    .callAfter(
                        new IOException("first"),
                        () -> {
                          tries.incrementAndGet();
                          throw new IOException("reset");
                        }))
        .hasMessage("reset");
    assertThat(tries).hasValue(2);
  }

  @Test
  void aFirstTryThatFailedForGoodIsNotRepeated() {
    TransferException failure = new TransferException(FailureKind.DENIED, "no");
    assertThatThrownBy(
            () -> new Retries(2, Duration.ZERO).callAfter(failure, tries::incrementAndGet))
        .isSameAs(failure);
    assertThat(tries).hasValue(0);
  }
}
