package io.mirrorimages.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.event.RunEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class NoticesTest {
  private static final Clock EVENING =
      Clock.fixed(Instant.parse("2026-01-31T21:00:00Z"), ZoneOffset.UTC);
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void aWaitIsOneLineWithItsEnd() {
    new Notices(new PrintStream(err, true, StandardCharsets.UTF_8), false, EVENING)
        .on(
            new RunEvent.Waiting(
                new Wait("docker.io", "its limit is used up", Duration.ofMillis(61_500))));
    assertThat(err)
        .hasToString(
            "mirror-images: docker.io: its limit is used up; waiting until 21:01:02 (1 min 02 s)"
                + System.lineSeparator());
  }

  @Test
  void anEndThatHasPassedIsNotTold() {
    new Notices(new PrintStream(err, true, StandardCharsets.UTF_8), false, EVENING)
        .on(
            new RunEvent.Waiting(
                new Wait("docker.io", "no byte for 20 s", Duration.ofSeconds(-12))));
    assertThat(err)
        .hasToString("mirror-images: docker.io: no byte for 20 s" + System.lineSeparator());
  }

  @Test
  void anEndOnAnotherDayHasItsDate() {
    new Notices(new PrintStream(err, true, StandardCharsets.UTF_8), true, EVENING)
        .on(new RunEvent.Waiting(new Wait("quay.io", "so", Duration.ofHours(6))));
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("\r\u001b[Kmirror-images: quay.io: so; waiting until 2026-02-01 03:00 (6 h 00");
  }

  @Test
  void aHintIsOneLine() {
    new Notices(new PrintStream(err, true, StandardCharsets.UTF_8), false)
        .on(new RunEvent.Hint("a.lan has no room"));
    assertThat(err).hasToString("mirror-images: a.lan has no room" + System.lineSeparator());
  }
}
