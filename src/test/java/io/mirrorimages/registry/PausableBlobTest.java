package io.mirrorimages.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.mirror.Wait;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PausableBlobTest {
  private final FakeTimer timer = new FakeTimer();
  private final List<Wait> waits = new ArrayList<>();
  private final WaitNotices notices = new WaitNotices("h", timer, waits::add);
  private final List<Long> openings = new ArrayList<>();
  private final byte[] blob = new byte[1_000_000];
  private long begin;
  private long end = blob.length;

  @Test
  void aLongWaitGivesTheConnectionUpAndGoesOnAtTheByteWhereItStopped() throws IOException {
    Traffic traffic = traffic("bytes=300k/1h");
    assertThat(read(traffic)).isEqualTo(blob);
    assertThat(openings).hasSize(4).first().isEqualTo(0L);
    assertThat(openings.getLast()).isBetween(900_000L, 999_999L);
    assertThat(timer.now()).isBetween(Duration.ofHours(3), Duration.ofMinutes(184));
    assertThat(waits)
        .hasSize(3)
        .extracting(Wait::cause)
        .containsOnly("the limit bytes=300k/h is used up");
  }

  @Test
  void aShortWaitKeepsTheConnection() throws IOException {
    Traffic traffic = traffic("bytes=300k/4s");
    assertThat(read(traffic)).isEqualTo(blob);
    assertThat(openings).containsExactly(0L);
    assertThat(timer.now()).isBetween(Duration.ofSeconds(12), Duration.ofMillis(12_300));
    assertThat(waits).hasSize(1);
  }

  @Test
  void aServerThatSendsEverythingAgainIsHeldOnTo() throws IOException {
    Traffic traffic = traffic("bytes=300k/1h");
    byte[] read =
        read(
            traffic,
            (from, end) -> {
              InputStream whole = traffic.metered(new ByteArrayInputStream(blob));
              whole.skipNBytes(from);
              return new PausableBlob.Opened(whole, from == 0, end);
            });
    assertThat(read).isEqualTo(blob);
    assertThat(openings).hasSize(2);
  }

  @Test
  void theLastByteIsNotWaitedBehind() throws IOException {
    Traffic traffic = traffic("bytes=1M/d");
    assertThat(read(traffic)).isEqualTo(blob);
    assertThat(timer.sleeps()).isZero();
  }

  @Test
  void aPartIsGoneOnWithUpToItsOwnEnd() throws IOException {
    begin = 100_000;
    end = 800_000;

    byte[] part = read(traffic("bytes=300k/1h"));

    assertThat(part).isEqualTo(Arrays.copyOfRange(blob, 100_000, 800_000));
    assertThat(openings).hasSize(3).first().isEqualTo(100_000L);
    assertThat(timer.now()).isBetween(Duration.ofHours(2), Duration.ofMinutes(124));
  }

  @Test
  void theLastByteOfAPartIsNotWaitedBehind() throws IOException {
    end = 300_000;
    assertThat(read(traffic("bytes=300k/d"))).hasSize(300_000);
    assertThat(timer.sleeps()).isZero();
  }

  @Test
  void theWholeInPlaceOfAPartIsReadToItsEnd() throws IOException {
    end = 300_000;
    Traffic traffic = traffic("bytes=1M/d");
    byte[] read =
        read(
            traffic,
            (from, to) ->
                new PausableBlob.Opened(
                    traffic.metered(new ByteArrayInputStream(blob)), true, blob.length));
    assertThat(read).isEqualTo(blob);
  }

  private byte[] read(Traffic traffic) throws IOException {
    return read(
        traffic,
        (from, end) -> {
          int start = (int) from;
          return new PausableBlob.Opened(
              traffic.metered(new ByteArrayInputStream(blob, start, (int) end - start)), true, end);
        });
  }

  private byte[] read(Traffic traffic, PausableBlob.Opening opening) throws IOException {
    new Random(1).nextBytes(blob);
    try (InputStream in =
        new PausableBlob(
            (from, end) -> {
              openings.add(from);
              return opening.from(from, end);
            },
            new Limits(
                new HostGate(HostBudget.unlimited("h"), timer, notices),
                traffic,
                new PullQuota(timer, notices),
                Limits.FOREVER),
            begin,
            end)) {
      return in.readAllBytes();
    }
  }

  private Traffic traffic(String limits) {
    return new Traffic(
        HostBudget.unlimited("h").with(limits),
        new Pace(OptionalLong.empty(), timer),
        timer,
        notices);
  }
}
