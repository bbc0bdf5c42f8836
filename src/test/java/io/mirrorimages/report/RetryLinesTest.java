package io.mirrorimages.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.Retries.Pause;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetryLinesTest {
  private final List<String> told = new ArrayList<>();
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE);
  private final RetryLines lines = new RetryLines(told::add, clock::get);

  @Test
  void atMostOneLineASecondSaysHowManyThereWereBetween() {
    for (int i = 0; i < 5; i++) {
      lines.accept(new Pause(1, Duration.ofSeconds(3), new IOException("reset " + i)));
    }
    clock.addAndGet(Duration.ofSeconds(1).toNanos());
    lines.accept(new Pause(2, Duration.ofSeconds(4), new IOException("reset\nagain")));

    assertThat(told)
        .containsExactly(
            "retry 1 in 3.0 s: reset 0", "retry 2 in 4.0 s: reset\\u000aagain (and 4 more)");
  }
}
