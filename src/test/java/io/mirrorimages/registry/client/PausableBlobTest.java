package io.mirrorimages.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.mirror.Wait;
import io.mirrorimages.registry.limit.HostBudgets;
import io.mirrorimages.registry.limit.HostLimits;
import io.mirrorimages.registry.limit.Limits;
import io.mirrorimages.registry.limit.time.BandwidthThrottle;
import io.mirrorimages.registry.limit.time.FakeTimer;
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
  private final List<Long> openings = new ArrayList<>();
  private final byte[] blob = new byte[1_000_000];
  private long begin;
  private long end = blob.length;

  @Test
  void aLongWaitGivesTheConnectionUpAndGoesOnAtTheByteWhereItStopped() throws IOException {
    Limits limits = limits("bytes=300k/1h");
    assertThat(read(limits)).isEqualTo(blob);
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
    Limits limits = limits("bytes=300k/4s");
    assertThat(read(limits)).isEqualTo(blob);
    assertThat(openings).containsExactly(0L);
    assertThat(timer.now()).isBetween(Duration.ofSeconds(12), Duration.ofMillis(12_300));
    assertThat(waits).hasSize(1);
  }

  @Test
  void aServerThatSendsEverythingAgainIsHeldOnTo() throws IOException {
    Limits limits = limits("bytes=300k/1h");
    byte[] read =
        read(
            limits,
            (from, end) -> {
              InputStream whole = limits.traffic().metered(new ByteArrayInputStream(blob));
              whole.skipNBytes(from);
              return new PausableBlob.Opened(whole, from == 0, end);
            });
    assertThat(read).isEqualTo(blob);
    assertThat(openings).hasSize(2);
  }

  @Test
  void theLastByteIsNotWaitedBehind() throws IOException {
    Limits limits = limits("bytes=1M/d");
    assertThat(read(limits)).isEqualTo(blob);
    assertThat(timer.sleeps()).isZero();
  }

  @Test
  void aPartIsGoneOnWithUpToItsOwnEnd() throws IOException {
    begin = 100_000;
    end = 800_000;

    byte[] part = read(limits("bytes=300k/1h"));

    assertThat(part).isEqualTo(Arrays.copyOfRange(blob, 100_000, 800_000));
    assertThat(openings).hasSize(3).first().isEqualTo(100_000L);
    assertThat(timer.now()).isBetween(Duration.ofHours(2), Duration.ofMinutes(124));
  }

  @Test
  void theLastByteOfAPartIsNotWaitedBehind() throws IOException {
    end = 300_000;
    assertThat(read(limits("bytes=300k/d"))).hasSize(300_000);
    assertThat(timer.sleeps()).isZero();
  }

  @Test
  void theWholeInPlaceOfAPartIsReadToItsEnd() throws IOException {
    end = 300_000;
    Limits limits = limits("bytes=1M/d");
    byte[] read =
        read(
            limits,
            (from, to) ->
                new PausableBlob.Opened(
                    limits.traffic().metered(new ByteArrayInputStream(blob)), true, blob.length));
    assertThat(read).isEqualTo(blob);
  }

  private byte[] read(Limits limits) throws IOException {
    return read(
        limits,
        (from, end) -> {
          int start = (int) from;
          return new PausableBlob.Opened(
              limits.traffic().metered(new ByteArrayInputStream(blob, start, (int) end - start)),
              true,
              end);
        });
  }

  private byte[] read(Limits limits, PausableBlob.Opening opening) throws IOException {
    new Random(1).nextBytes(blob);
    try (InputStream in =
        new PausableBlob(
            (from, end) -> {
              openings.add(from);
              return opening.from(from, end);
            },
            limits,
            begin,
            end)) {
      return in.readAllBytes();
    }
  }

  private Limits limits(String limits) {
    HostBudgets budgets = HostBudgets.none().with("h:" + limits);
    return new HostLimits(
            budgets, waits::add, timer, new BandwidthThrottle(OptionalLong.empty(), timer))
        .of("h");
  }
}
