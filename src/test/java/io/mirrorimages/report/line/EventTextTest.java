package io.mirrorimages.report.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Provenance;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.event.RunEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventTextTest {
  private static final Clock EVENING =
      Clock.fixed(Instant.parse("2026-01-31T21:00:00Z"), ZoneOffset.UTC);
  private final EventText text = new EventText(EVENING);

  @Test
  void aWaitIsOneLineWithItsEnd() {
    assertThat(wait("docker.io", "its limit is used up", Duration.ofMillis(61_500)))
        .containsExactly(
            "mirror-images: docker.io: its limit is used up; waiting until 21:01:02 (1 min 02 s)");
  }

  @Test
  void anEndThatHasPassedIsNotPrinted() {
    assertThat(wait("docker.io", "no byte for 20 s", Duration.ofSeconds(-12)))
        .containsExactly("mirror-images: docker.io: no byte for 20 s");
  }

  @Test
  void anEndOnAnotherDayHasItsDate() {
    assertThat(wait("quay.io", "so", Duration.ofHours(6)))
        .containsExactly("mirror-images: quay.io: so; waiting until 2026-02-01 03:00 (6 h 00 min)");
  }

  private List<String> wait(String registry, String cause, Duration time) {
    return text.lines(new RunEvent.Waiting(new Wait(registry, cause, time)));
  }

  @Test
  void aHintIsOneLine() {
    assertThat(text.lines(new RunEvent.Hint("a.lan has no room")))
        .containsExactly("mirror-images: a.lan has no room");
  }

  @Test
  void imagesAreCountedAndThoseThatWereNotBegunHaveNoLine() {
    text.lines(new RunEvent.RunStarted("save", 3));
    assertThat(text.lines(ended(Status.UNCHANGED))).containsExactly("[1/3] unchanged  rancher/a:1");
    assertThat(text.lines(ended(Status.UNFINISHED))).isEmpty();
    assertThat(text.lines(ended(Status.WAITING))).isEmpty();
  }

  private static RunEvent ended(Status status) {
    Reference name = Reference.parse("docker.io/rancher/a:1");
    return new RunEvent.ImageEnded(
        new ImageResult.Builder(new ImageRequest(name, name), status).build());
  }

  @Test
  void theEndpointsThatServedAnImageAreSaidWhereTheyChange() {
    text.lines(new RunEvent.RunStarted("save", 3));
    assertThat(text.lines(servedBy("http://m.lan")))
        .first()
        .asString()
        .endsWith("from http://m.lan");
    assertThat(text.lines(servedBy("http://m.lan"))).first().asString().doesNotContain("from");
    assertThat(text.lines(servedBy("docker.io"))).first().asString().endsWith("from docker.io");
  }

  private static RunEvent servedBy(String endpoint) {
    Reference name = Reference.parse("docker.io/rancher/a:1");
    return new RunEvent.ImageEnded(
        new ImageResult.Builder(new ImageRequest(name, name), Status.COPIED)
            .provenance(new Provenance(List.of(endpoint), Map.of()))
            .build());
  }

  @Test
  void progressHasPerCentRateAndTimeLeftUnlessNothingMoves() {
    assertThat(text.lines(progress(Optional.of(Duration.ofSeconds(6)), Duration.ZERO)))
        .containsExactly("1 of 4 images, 250 MB of 1.0 GB (25 %), 1.0 MB/s, about 6 s left");
    assertThat(text.lines(progress(Optional.empty(), Duration.ofSeconds(75))))
        .containsExactly("1 of 4 images, 250 MB of 1.0 GB (25 %), stalled for 1 min 15 s");
  }

  private static RunEvent progress(Optional<Duration> left, Duration standstill) {
    return new RunEvent.Progressed(1, 4, 250_000_000, 1_000_000_000, 1_000_000, left, standstill);
  }

  @Test
  void aStampIsTheLocalTimeWithItsDistanceFromUtc() {
    Clock shanghai = EVENING.withZone(ZoneId.of("Asia/Shanghai"));
    assertThat(Stamp.time(shanghai).before("a")).isEqualTo("2026-02-01T05:00:00+08:00 a");
    assertThat(Stamp.time(EVENING).before("a")).isEqualTo("2026-01-31T21:00:00Z a");
  }
}
