package io.mirrorimages.mirror.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.DamagedBlobException;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ByteRanges;
import io.mirrorimages.mirror.ParallelDownloadPolicy;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.BlobPart;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.ForwardingImageSource;
import io.mirrorimages.mirror.port.LocalSource;
import io.mirrorimages.mirror.port.RandomAccessBlob;
import io.mirrorimages.mirror.port.RandomAccessUpload;
import io.mirrorimages.mirror.port.RangeSource;
import io.mirrorimages.mirror.port.ResumableUpload;
import io.mirrorimages.mirror.work.Scheduler;
import io.mirrorimages.testing.MemoryRegistry;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A blob in one stream or in parts, continued and damaged, between fakes of both sides. */
class BlobTransferTest {
  private static final int SIZE = 10_000;
  private static final Repository FROM = new Repository("h.io", "a/b");
  private static final ParallelDownloadPolicy FOUR = new ParallelDownloadPolicy(4, 1000);

  private final byte[] bytes = new byte[SIZE];
  private final Descriptor blob;
  private final Source source = new Source();
  private final Upload upload = new Upload();
  private final Scheduler scheduler = new Scheduler(2);
  private final AtomicLong moved = new AtomicLong();
  private int retries;

  BlobTransferTest() {
    new Random(7).nextBytes(bytes);
    blob = new Descriptor(MediaTypes.OCI_CONFIG, Digest.sha256(bytes), SIZE);
  }

  @AfterEach
  void stop() {
    scheduler.close();
  }

  /** Sends any bytes; each connection breaks off after some, if that is wanted. */
  private final class Source extends ForwardingImageSource implements RangeSource {
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final AtomicInteger damaged = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private byte[] content = bytes;
    private int partsSent = Integer.MAX_VALUE;
    private boolean whole;
    private int breakingAfter = Integer.MAX_VALUE;

    Source() {
      super(new MemoryRegistry());
    }

    @Override
    public InputStream open(Repository repository, Descriptor wanted, long offset) {
      asked.add("OPEN " + offset);
      return connection(offset, SIZE);
    }

    @Override
    public Optional<BlobPart> part(Repository repository, Descriptor wanted, long from, long to) {
      asked.add("PART " + from + "-" + to);
      if (whole) {
        return from > 0 ? Optional.empty() : Optional.of(new BlobPart(connection(0, SIZE), SIZE));
      }
      synchronized (this) {
        if (partsSent-- <= 0) {
          return Optional.empty();
        }
      }
      return Optional.of(new BlobPart(connection(from, to), to));
    }

    @Override
    public void wasDamaged(Descriptor wanted) {
      damaged.incrementAndGet();
      content = bytes;
    }

    private InputStream connection(long from, long to) {
      open.incrementAndGet();
      InputStream part = new ByteArrayInputStream(content, (int) from, (int) (to - from));
      return new FilterInputStream(part) {
        private int left = breakingAfter;

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
          if (left == 0) {
            throw new IOException("connection reset");
          }
          int count = in.read(buffer, offset, Math.min(left, length));
          left -= Math.max(0, count);
          return count;
        }

        @Override
        public void close() {
          open.decrementAndGet();
        }
      };
    }
  }

  /** Takes bytes in order and in parts. */
  private static final class Upload implements BlobUpload, RandomAccessUpload, ResumableUpload {
    private final byte[] there = new byte[SIZE];
    private final Queue<String> noted = new ConcurrentLinkedQueue<>();
    private ByteRanges kept = new ByteRanges();
    private boolean showing = true;
    private boolean random = true;
    private boolean completed;
    private byte[] sent = new byte[0];
    private int discarded;

    @Override
    public boolean mounted() {
      return false;
    }

    @Override
    public void send(InputStream content) throws IOException {
      sent = content.readAllBytes();
    }

    @Override
    public void close() {}

    @Override
    public <A> Optional<A> ability(Class<A> ability) {
      return ability == RandomAccessUpload.class && !random
          ? Optional.empty()
          : BlobUpload.super.ability(ability);
    }

    @Override
    public long kept() {
      return kept.front();
    }

    @Override
    public Optional<InputStream> keptBytes() {
      return showing
          ? Optional.of(new ByteArrayInputStream(there, 0, (int) kept.front()))
          : Optional.empty();
    }

    @Override
    public void discard() {
      discarded++;
      kept = new ByteRanges();
    }

    void keep(byte[] content, int from, int to) {
      System.arraycopy(content, from, there, from, to - from);
      kept.add(from, to);
    }

    @Override
    public RandomAccessBlob place() {
      return new RandomAccessBlob() {
        @Override
        public ByteRanges kept() {
          return new ByteRanges(kept);
        }

        @Override
        public synchronized void write(byte[] buffer, int length, long at) {
          System.arraycopy(buffer, 0, there, (int) at, length);
        }

        @Override
        public synchronized int read(byte[] buffer, int offset, int length, long at) {
          System.arraycopy(there, (int) at, buffer, offset, length);
          return length;
        }

        @Override
        public void note(long from, long to) {
          noted.add(from + "-" + to);
        }

        @Override
        public void complete() {
          completed = true;
        }
      };
    }
  }

  private long send(ParallelDownloadPolicy segments) throws IOException {
    RunListener listener =
        event -> {
          if (event instanceof RunEvent.BlobRead read) {
            moved.addAndGet(read.bytes());
          }
        };
    return new BlobTransfer(source, new Retries(retries, Duration.ofMillis(1)), segments, scheduler)
        .reportingTo(listener)
        .send(FROM, blob, upload);
  }

  private void assertInParts() {
    assertThat(upload.completed).isTrue();
    assertThat(upload.there).isEqualTo(bytes);
    assertThat(upload.sent).isEmpty();
    assertThat(source.open).as("all connections are closed").hasValue(0);
  }

  private void assertInOrder(int from) {
    assertThat(upload.sent).isEqualTo(Arrays.copyOfRange(bytes, from, SIZE));
    assertThat(upload.completed).isFalse();
    assertThat(source.open).as("all connections are closed").hasValue(0);
  }

  @Test
  void aSmallBlobIsOneStream() throws IOException {
    assertThat(send(ParallelDownloadPolicy.OFF)).isEqualTo(SIZE);

    assertInOrder(0);
    assertThat(source.asked).containsExactly("OPEN 0");
    assertThat(moved).hasValue(SIZE);
  }

  @Test
  void aTargetThatTakesNoPartsGetsOneStream() throws IOException {
    upload.random = false;
    send(FOUR);
    assertInOrder(0);
  }

  @Test
  void aLargeBlobIsFetchedInParts() throws IOException {
    assertThat(send(FOUR)).isEqualTo(SIZE);

    assertInParts();
    assertThat(source.asked)
        .containsExactlyInAnyOrder(
            "PART 0-2500", "PART 2500-5000", "PART 5000-7500", "PART 7500-10000");
    assertThat(upload.noted)
        .containsExactlyInAnyOrder("0-2500", "2500-5000", "5000-7500", "7500-10000");
    assertThat(moved).hasValue(SIZE);
  }

  @Test
  void aPartThatBreaksOffIsContinuedAtItsByte() throws IOException {
    source.breakingAfter = 700;
    retries = 1;
    assertThat(send(FOUR)).isEqualTo(SIZE);

    assertInParts();
    assertThat(source.asked)
        .hasSize(16)
        .contains("PART 0-2500", "PART 700-2500", "PART 9600-10000");
  }

  @Test
  void onlyWhatIsMissingIsFetched() throws IOException {
    upload.keep(bytes, 1000, 9000);
    assertThat(send(FOUR)).isEqualTo(2000);

    assertInParts();
    assertThat(source.asked).containsExactlyInAnyOrder("PART 0-1000", "PART 9000-10000");
  }

  @Test
  void whereOneStreamBringsTheSameThereAreNoParts() throws IOException {
    upload.keep(bytes, 0, 8500);
    assertThat(send(FOUR)).isEqualTo(1500);

    assertInOrder(8500);
    assertThat(source.asked).containsExactly("OPEN 8500");
    assertThat(moved).hasValue(1500);
  }

  @Test
  void whoSendsNoPartsSendsTheWholeInOneConnection() throws IOException {
    source.whole = true;
    assertThat(send(FOUR)).isEqualTo(SIZE);

    assertInOrder(0);
    assertThat(source.asked).hasSize(1);
  }

  @Test
  void whatCameInPartsIsKeptWhereNoMoreAreSent() throws IOException {
    source.partsSent = 0;
    upload.keep(bytes, 0, 1000);
    upload.keep(bytes, 2000, 3000);
    assertThat(send(FOUR)).isEqualTo(9000);

    assertInOrder(1000);
    assertThat(source.asked).containsExactly("PART 1000-2000", "OPEN 1000");
  }

  @Test
  void aSourceThatCeasesToSendPartsIsReadInOrder() throws IOException {
    source.partsSent = 1;
    long fetched = send(FOUR);

    assertThat(upload.sent).isEqualTo(bytes);
    assertThat(fetched).isEqualTo(moved.get()).isBetween((long) SIZE, SIZE + 2500L);
    assertThat(source.open).hasValue(0);
  }

  @Test
  void keptBytesThatAreWrongAreFetchedAgain() throws IOException {
    byte[] wrong = bytes.clone();
    wrong[1500] ^= 1;
    upload.keep(wrong, 1000, 2000);
    send(FOUR);

    assertInParts();
    assertThat(upload.discarded).isOne();
    assertThat(source.damaged).hasValue(1);
  }

  @Test
  void keptBytesThatAreWrongAreSentAgainInOrder() throws IOException {
    byte[] wrong = bytes.clone();
    wrong[10] ^= 1;
    upload.keep(wrong, 0, 4000);
    assertThat(send(ParallelDownloadPolicy.OFF)).isEqualTo(SIZE);

    assertInOrder(0);
    assertThat(upload.discarded).isOne();
    assertThat(source.asked).containsExactly("OPEN 4000", "OPEN 0");
  }

  @Test
  void aDamagedSourceIsAFailure() {
    source.content = bytes.clone();
    source.content[5] ^= 1;
    assertThatThrownBy(() -> send(ParallelDownloadPolicy.OFF))
        .isInstanceOf(DamagedBlobException.class);
    assertThat(upload.discarded).isOne();

    source.asked.clear();
    assertThatThrownBy(() -> send(FOUR)).isInstanceOf(DamagedBlobException.class);
    assertThat(source.damaged).as("it is told").hasValue(1);
    assertThat(upload.completed).isFalse();
    assertThat(source.open).hasValue(0);
  }

  /** What costs no line is hashed; the rest is the target's to prove. */
  @Test
  void goesOnBehindWhatTheTargetKeptAndDoesNotShow() throws IOException {
    upload.showing = false;
    upload.keep(bytes, 0, 4000);
    assertThat(send(ParallelDownloadPolicy.OFF)).isEqualTo(6000);
    assertInOrder(4000);
    assertThat(source.asked).containsExactly("OPEN 4000");
  }

  @Test
  void aSourceOnThisMachineHashesWhatTheTargetKept() throws IOException {
    class Local extends ForwardingImageSource implements LocalSource {
      Local() {
        super(source);
      }
    }

    upload.showing = false;
    upload.keep(bytes, 0, 4000);
    new BlobTransfer(
            new Local(), new Retries(0, Duration.ZERO), ParallelDownloadPolicy.OFF, scheduler)
        .send(FROM, blob, upload);

    assertInOrder(4000);
    assertThat(source.asked).containsExactly("OPEN 0", "OPEN 4000");
  }

  @Test
  void aPartThatDoesNotComeIsAFailureOfTheWhole() {
    source.breakingAfter = 100;
    assertThatThrownBy(() -> send(FOUR))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("connection reset");
    assertThat(upload.completed).isFalse();
    assertThat(source.open).hasValue(0);
    assertThat(upload.noted)
        .as("what came before the line broke")
        .isNotEmpty()
        .allMatch(note -> note.matches("0-100|2500-2600|5000-5100|7500-7600"));
  }

  @Test
  void aPartOfWhichNothingCameIsNotNoted() {
    source.breakingAfter = 0;
    assertThatThrownBy(() -> send(FOUR)).hasMessageContaining("connection reset");
    assertThat(upload.noted).isEmpty();
  }
}
