package io.mirrorimages.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a deadline does to the run of this very process; what ends a process is in the ITs. */
@Timeout(120)
class StopSignalTest {
  private static final Duration SOON = Duration.ofMillis(300);

  @Test
  void theDeadlineStopsWhatWasAddedBeforeItAndAfter() throws InterruptedException {
    CountDownLatch before = new CountDownLatch(1);
    CountDownLatch after = new CountDownLatch(1);
    try (StopSignal stop = begun(SOON)) {
      assertThat(stop.exitCode(ExitCode.DONE)).isEqualTo(ExitCode.DONE);
      stop.onStop(before::countDown);
      assertThat(before.await(120, TimeUnit.SECONDS)).isTrue();
      stop.onStop(after::countDown);
      assertThat(after.getCount()).isZero();
      assertThat(stop.isStopping()).isTrue();
      assertThat(stop.reason()).isEqualTo("the deadline was reached");
      assertThat(stop.exitCode(ExitCode.DONE)).as("all was done by then").isEqualTo(ExitCode.DONE);
      assertThat(stop.exitCode(ExitCode.INCOMPLETE)).isEqualTo(4);
    }
  }

  @Test
  void itInterruptsWhatWaitsAndLeavesNoInterruptBehind() {
    try (StopSignal stop = begun(SOON)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> stop.interruptibly(() -> {}, StopSignalTest::waitLong))
            .isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
      }
    }
  }

  /** As the read of a socket. */
  @Test
  void itDisconnectsWhatNoInterruptEnds() {
    Semaphore disconnected = new Semaphore(0);
    try (StopSignal stop = begun(SOON)) {
      assertThatThrownBy(
              () ->
                  stop.interruptibly(
                      disconnected::release,
                      () -> {
                        disconnected.acquireUninterruptibly();
                        throw new IOException("the connection was closed");
                      }))
          .isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
  }

  @Test
  void whatFailsByItselfKeepsItsFailure() {
    try (StopSignal stop = begun(Duration.ofHours(1))) {
      assertThatThrownBy(
              () ->
                  stop.interruptibly(
                      () -> {},
                      () -> {
                        throw new IOException("by itself");
                      }))
          .hasMessage("by itself");
    }
  }

  @Test
  void aDeadlineIsOfNoAccountWhenAllThatIsLeftIsTheEnd() throws InterruptedException {
    try (StopSignal stop = begun(SOON)) {
      stop.finishing();
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().equals("deadline")) {
          thread.join();
        }
      }
      assertThat(stop.isStopping()).isFalse();
    }
  }

  private static StopSignal begun(Duration deadline) {
    StopSignal stop = new StopSignal(Optional.of(deadline), new PrintStream(System.err));
    stop.begin(exitCode -> {});
    return stop;
  }

  private static Object waitLong() throws IOException {
    try {
      new CountDownLatch(1).await();
      return "nothing";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("something else", e);
    }
  }
}
