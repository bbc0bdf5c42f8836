package io.mirrorimages.mirror.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A source that breaks off at any byte. {@code -Dmirror-images.seed} repeats a failure. */
class ResumingStreamTest {
  private static final long SEED = Long.getLong("mirror-images.seed", System.nanoTime());
  private static final int SIZE = 5000;

  private final byte[] content = new byte[SIZE];
  private final Descriptor blob;
  private final List<Long> opened = new ArrayList<>();
  private final List<InputStream> open = new ArrayList<>();
  private long moved;
  private final RunListener listener =
      event -> {
        if (event instanceof RunEvent.BlobRead read) {
          moved += read.bytes();
        }
      };

  ResumingStreamTest() {
    new Random(SEED).nextBytes(content);
    blob = new Descriptor(MediaTypes.OCI_CONFIG, Digest.sha256(content), SIZE);
  }

  private static Retries retries(int count) {
    return new Retries(count, Duration.ofMillis(1));
  }

  /** What a connection sends before something happens to it. */
  private interface Fate {
    int read(long left, InputStream in, byte[] buffer, int offset, int length) throws IOException;
  }

  private InputStream connection(long position, int sends, Fate fate) {
    opened.add(position);
    InputStream bytes = new ByteArrayInputStream(content, (int) position, SIZE - (int) position);
    InputStream connection =
        new FilterInputStream(bytes) {
          private int left = sends;

          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
              return fate.read(left, in, buffer, offset, length);
            }
            int count = in.read(buffer, offset, Math.min(left, length));
            left -= Math.max(0, count);
            return count;
          }

          @Override
          public void close() {
            open.remove(this);
          }
        };
    open.add(connection);
    return connection;
  }

  private InputStream whole(long position) {
    return connection(position, SIZE, (left, in, b, o, l) -> in.read(b, o, l));
  }

  private static int breaks(long left, InputStream in, byte[] b, int o, int l) throws IOException {
    throw new IOException("connection reset");
  }

  private static int ends(long left, InputStream in, byte[] b, int o, int l) {
    return -1;
  }

  private ResumingStream stream(ResumingStream.Opening opening, int retries) {
    return new ResumingStream(opening, blob, SIZE, retries(retries), listener);
  }

  @Test
  void whoReadsDoesNotNoticeThatItBreaksOff() throws IOException {
    Random random = new Random(SEED);
    for (int round = 0; round < 20; round++) {
      opened.clear();
      moved = 0;
      ResumingStream stream =
          stream(
              position ->
                  connection(
                      position,
                      1 + random.nextInt(1500),
                      random.nextBoolean() ? ResumingStreamTest::breaks : ResumingStreamTest::ends),
              1);

      assertThat(stream.readAllBytes()).as("-Dmirror-images.seed=" + SEED).isEqualTo(content);
      assertThat(moved).isEqualTo(SIZE);
      assertThat(opened).isSorted().doesNotHaveDuplicates().startsWith(0L);
      assertThat(open).as("all connections are closed").isEmpty();
      assertThat(stream.read()).isEqualTo(-1);
    }
  }

  @Test
  void eachReadHasAllTries() throws IOException {
    int[] tries = {0};
    ResumingStream stream =
        stream(
            position -> {
              if (++tries[0] % 3 != 0) {
                throw new IOException("connection refused");
              }
              return connection(position, 1000, ResumingStreamTest::breaks);
            },
            3);

    assertThat(stream.readAllBytes()).isEqualTo(content);
    assertThat(opened).containsExactly(0L, 1000L, 2000L, 3000L, 4000L);
  }

  @Test
  void givesUpWhenTheTriesAreSpent() {
    int[] tries = {0};
    ResumingStream stream =
        stream(
            position -> {
              tries[0]++;
              throw new IOException("connection refused");
            },
            2);

    assertThatThrownBy(stream::readAllBytes)
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("connection refused")
        .matches(e -> !Retries.isTransient(e), "nobody above begins with the tries anew");
    assertThat(tries[0]).isEqualTo(3);
  }

  @Test
  void aFailureForGoodIsNotTriedAgain() {
    TransferException missing = new TransferException(FailureKind.MISSING, "not there");
    ResumingStream stream =
        stream(
            position -> {
              opened.add(position);
              throw missing;
            },
            3);

    assertThatThrownBy(stream::read)
        .isInstanceOf(TransferException.class)
        .hasMessage("not there")
        .extracting(e -> ((TransferException) e).reason())
        .isEqualTo(FailureKind.MISSING);
    assertThat(opened).hasSize(1);
  }

  @Test
  void anInterruptionStaysOne() {
    ResumingStream stream =
        stream(
            position -> {
              opened.add(position);
              throw new InterruptedIOException("stopped");
            },
            3);

    assertThatThrownBy(stream::read).isInstanceOf(InterruptedIOException.class);
    assertThat(opened).hasSize(1);
  }

  @Test
  void saysWhereItEndedTooEarly() {
    ResumingStream stream =
        stream(position -> connection(position, 0, ResumingStreamTest::ends), 0);

    assertThatThrownBy(stream::read)
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("ended after 0 of 5000 bytes of " + blob.digest())
        .hasRootCauseInstanceOf(EOFException.class);
    assertThat(open).isEmpty();
  }

  @Test
  void aPartEndsWhereItEnds() throws IOException {
    ResumingStream stream =
        new ResumingStream(
            position ->
                connection(
                    position, (int) Math.min(300, 2000 - position), ResumingStreamTest::ends),
            blob,
            2000,
            retries(1),
            listener);
    stream.startAt(1000);

    assertThat(stream.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 1000, 2000));
    assertThat(opened).containsExactly(1000L, 1300L, 1600L, 1900L);
    assertThat(moved).isEqualTo(1000);
  }

  @Test
  void beginsWithAConnectionThatIsOpen() throws IOException {
    ResumingStream stream = stream(this::whole, 1);
    stream.startAt(4000, connection(4000, 500, ResumingStreamTest::breaks));

    assertThat(stream.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 4000, SIZE));
    assertThat(opened).containsExactly(4000L, 4500L);
    assertThat(open).isEmpty();
  }

  @Test
  void nothingIsAskedForWhereNothingIsLeft() throws IOException {
    ResumingStream stream = stream(this::whole, 1);
    stream.startAt(SIZE);

    assertThat(stream.read()).isEqualTo(-1);
    assertThat(opened).isEmpty();
    assertThat(moved).isZero();
  }

  /** Also an empty blob is proved by the source. */
  @Test
  void anEmptyBlobIsAskedFor() throws IOException {
    ResumingStream stream = new ResumingStream(this::whole, blob, 0, retries(0), listener);
    stream.startAt(0);
    assertThat(stream.read()).isGreaterThanOrEqualTo(0);
    assertThat(opened).containsExactly(0L);
  }

  @Test
  void goesBackToTheMark() throws IOException {
    ResumingStream stream = stream(this::whole, 1);
    assertThat(stream.markSupported()).isTrue();
    stream.readNBytes(1000);
    stream.mark(0);
    stream.readNBytes(3000);
    stream.reset();

    assertThat(open).as("the connection is let go").isEmpty();
    assertThat(stream.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 1000, SIZE));
    assertThat(opened).containsExactly(0L, 1000L);
    assertThat(moved).as("what is read twice counts twice").isEqualTo(SIZE + 3000);
  }

  /** All bytes count once, in order, however the reading goes; small reads share an event. */
  @Test
  void manyReadsAreReportedTogether() throws IOException {
    List<RunEvent.BlobRead> events = new ArrayList<>();
    RunListener noting =
        event -> {
          if (event instanceof RunEvent.BlobRead read) {
            events.add(read);
          }
        };
    int reads = 0;
    ResumingStream.Opening breaking =
        position -> connection(position, 2000, ResumingStreamTest::breaks);
    long began = System.nanoTime();
    try (ResumingStream stream = new ResumingStream(breaking, blob, SIZE, retries(1), noting)) {
      for (byte[] one = new byte[1]; reads < 4500 && stream.read(one) == 1; ) {
        reads++;
      }
      assertThat(reads).isEqualTo(4500);
    }
    long tenths = (System.nanoTime() - began) / Duration.ofMillis(100).toNanos();

    long next = 0;
    for (RunEvent.BlobRead event : events) {
      assertThat(event.position()).isEqualTo(next);
      next += event.bytes();
    }
    assertThat(next).isEqualTo(4500);
    // The first read, the end of each connection, the close, and one each tenth of a second.
    assertThat((long) events.size()).isLessThanOrEqualTo(4 + tenths);
  }

  @Test
  void aLargeReadIsReportedAtOnce() throws IOException {
    byte[] large = new byte[1 << 20];
    Descriptor layer = new Descriptor(MediaTypes.OCI_CONFIG, Digest.sha256(large), large.length);
    ResumingStream.Opening opening = position -> new ByteArrayInputStream(large);
    ResumingStream stream = new ResumingStream(opening, layer, large.length, retries(0), listener);
    for (int read = 1; read <= 3; read++) {
      assertThat(stream.read(new byte[1 << 18], 0, 1 << 18)).isEqualTo(1 << 18);
      assertThat(moved).isEqualTo((long) read << 18);
    }
    stream.close();
  }

  @Test
  void theConnectionIsGivenBackAtTheEnd() throws IOException {
    ResumingStream stream = stream(this::whole, 1);
    assertThat(stream.readNBytes(new byte[SIZE], 0, SIZE)).isEqualTo(SIZE);
    assertThat(open).hasSize(1);
    assertThat(stream.read()).isEqualTo(-1);
    assertThat(open).isEmpty();

    ResumingStream closed = stream(this::whole, 1);
    closed.read();
    closed.close();
    assertThat(open).isEmpty();
  }

  @Test
  void aFailureToCloseDoesNotMatter() throws IOException {
    ResumingStream stream =
        stream(
            position ->
                new ByteArrayInputStream(content) {
                  @Override
                  public void close() throws IOException {
                    throw new IOException("reset at the end");
                  }
                },
            0);

    assertThat(stream.readAllBytes()).isEqualTo(content);
  }
}
