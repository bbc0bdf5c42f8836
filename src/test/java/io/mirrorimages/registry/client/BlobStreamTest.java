package io.mirrorimages.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.stream.ResumingStream;
import io.mirrorimages.mirror.stream.SourcePausedException;
import io.mirrorimages.registry.limit.HostBudgets;
import io.mirrorimages.registry.limit.HostLimits;
import io.mirrorimages.registry.limit.Limits;
import io.mirrorimages.registry.limit.outage.HostWait;
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

class BlobStreamTest {
  private final FakeTimer timer = new FakeTimer();
  private final List<Wait> waits = new ArrayList<>();
  private final List<Long> openings = new ArrayList<>();
  private final byte[] blob = new byte[1_000_000];
  private int closed;
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
            from ->
                stream(limits, new ByteArrayInputStream(blob), 0, blob.length).skippingTo(from));
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
    Limits limits = limits("bytes=1M/d");
    byte[] read =
        read(limits, from -> stream(limits, new ByteArrayInputStream(blob), 0, blob.length));
    assertThat(read).isEqualTo(blob);
  }

  /** What the endpoint is remembered for: its own end, and its own failures. */
  @Test
  void reportsItsEndOnceAndEachFailure() throws IOException {
    List<String> outcomes = new ArrayList<>();
    BlobStream.ReadOutcome outcome =
        new BlobStream.ReadOutcome() {
          @Override
          public void ended() {
            outcomes.add("ended");
          }

          @Override
          public void brokeOff(TransferException failure) {
            outcomes.add(failure.getMessage());
          }
        };
    Limits limits = limits("bytes=300k/1h");
    InputStream few = new ByteArrayInputStream(blob, 0, 10);
    try (BlobStream stream = stream(limits, few, 0, 10).reportingTo(outcome)) {
      assertThat(stream.readAllBytes()).hasSize(10);
      assertThat(stream.read()).isEqualTo(-1);
    }
    InputStream tooFew = new ByteArrayInputStream(blob, 0, 10);
    try (BlobStream stream = stream(limits, tooFew, 0, 11).reportingTo(outcome)) {
      assertThatThrownBy(stream::readAllBytes).isInstanceOf(TransferException.class);
    }
    assertThat(outcomes).containsExactly("ended", "ended a blob 1 bytes early");
  }

  @Test
  void aPauseClosesTheConnectionAndIsNoFailureOfTheEndpoint() throws IOException {
    Limits limits = limits("bytes=300k/1h");
    try (BlobStream stream = stream(limits, new ByteArrayInputStream(blob), 0, blob.length)) {
      assertThatThrownBy(stream::readAllBytes).isInstanceOf(SourcePausedException.class);
    }
    assertThat(closed).isPositive();
    assertThat(timer.now()).isGreaterThan(Duration.ofMinutes(59));
  }

  private byte[] read(Limits limits) throws IOException {
    return read(
        limits,
        from -> {
          int start = (int) from;
          int length = (int) end - start;
          return stream(limits, new ByteArrayInputStream(blob, start, length), from, end);
        });
  }

  /** As the engine reads it. */
  private byte[] read(Limits limits, ResumingStream.Opening opening) throws IOException {
    new Random(1).nextBytes(blob);
    ResumingStream.Opening noting =
        from -> {
          openings.add(from);
          return opening.from(from);
        };
    Descriptor descriptor = new Descriptor(MediaTypes.OCI_CONFIG, Digest.sha256(blob), blob.length);
    Retries none = new Retries(0, Duration.ZERO);
    try (ResumingStream in = new ResumingStream(noting, descriptor, end, none, RunListener.NONE)) {
      in.startAt(begin);
      return in.readAllBytes();
    }
  }

  private BlobStream stream(Limits limits, InputStream body, long from, long to) {
    BlobStream.Connection connection =
        new BlobStream.Connection() {
          @Override
          public HostWait reading() {
            return limits.outages().begin("http://h", "h", false);
          }

          @Override
          public void heard() {}

          @Override
          public IOException failure(IOException e) {
            return e;
          }

          @Override
          public TransferException garbled(String what) {
            return new TransferException(FailureKind.NETWORK, what);
          }

          @Override
          public void finish() {}

          @Override
          public void close() {
            closed++;
          }
        };
    return new BlobStream(connection, limits.traffic().metered(body), limits, from, to);
  }

  private Limits limits(String limits) {
    HostBudgets budgets = HostBudgets.none().with("h:" + limits);
    return new HostLimits(
            budgets, waits::add, timer, new BandwidthThrottle(OptionalLong.empty(), timer))
        .of("h");
  }
}
