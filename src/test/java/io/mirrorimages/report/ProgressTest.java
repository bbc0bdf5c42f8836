package io.mirrorimages.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.event.RunEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final int MEGABYTE = 1_000_000;

  private static final Digest BLOB = Digest.sha256(new byte[0]);
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private long seconds;

  private Progress progress(boolean terminal, long total) {
    return new Progress(
        new PrintStream(err, true, StandardCharsets.UTF_8),
        terminal,
        10,
        total,
        () -> TimeUnit.SECONDS.toNanos(seconds));
  }

  private void pass(Progress progress, int time, long bytesPerSecond) {
    for (int i = 0; i < time; i++) {
      seconds++;
      if (bytesPerSecond > 0) {
        progress.on(new RunEvent.BlobRead(BLOB, 0, (int) bytesPerSecond));
      }
      progress.tick();
    }
  }

  private List<String> lines() {
    return err.toString(StandardCharsets.UTF_8).replace("\r\u001b[K", "\n").lines().toList();
  }

  @Test
  void theRateIsThatOfTheLastSeconds() {
    try (Progress progress = progress(true, 1000L * MEGABYTE)) {
      pass(progress, 100, MEGABYTE);
      assertThat(lines().getLast())
          .isEqualTo("0 of 10 images, 100 MB of 1.0 GB, 1.0 MB/s, about 15 min 01 s left");
      pass(progress, 20, 10 * MEGABYTE);
      assertThat(lines().getLast())
          .isEqualTo("0 of 10 images, 300 MB of 1.0 GB, 10 MB/s, about 1 min 11 s left");
    }
  }

  @Test
  void atAStandstillThereIsNoTimeLeft() {
    try (Progress progress = progress(true, 1000L * MEGABYTE)) {
      pass(progress, 30, MEGABYTE);
      pass(progress, 9, 0);
      assertThat(lines().getLast()).contains("kB/s");
      pass(progress, 56, 0);
      assertThat(lines().getLast())
          .isEqualTo("0 of 10 images, 30 MB of 1.0 GB, stalled for 1 min 05 s");
      pass(progress, 1, MEGABYTE);
      assertThat(lines().getLast()).contains("/s, about").doesNotContain("stalled");
    }
  }

  @Test
  void aLogGetsALineAMinuteAndOneMoreForAStandstill() {
    try (Progress progress = progress(false, 0)) {
      pass(progress, 59, MEGABYTE);
      assertThat(lines()).isEmpty();
      pass(progress, 1, MEGABYTE);
      assertThat(lines()).containsExactly("0 of 10 images, 60 MB, 1.0 MB/s");
      pass(progress, 19, 0);
      assertThat(lines()).hasSize(1);
      pass(progress, 60, 0);
      assertThat(lines()).hasSize(2);
      assertThat(lines().getLast()).isEqualTo("0 of 10 images, 60 MB, stalled for 20 s");
      pass(progress, 1, 0);
      assertThat(lines()).hasSize(3);
    }
  }

  @Test
  void whatIsOnlyAskedForHasNoRate() {
    try (Progress progress = progress(false, 0)) {
      pass(progress, 60, 0);
      assertThat(lines()).containsExactly("0 of 10 images, after 1 min 00 s");
    }
  }
}
