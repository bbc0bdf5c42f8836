package io.mirrorimages.mirror.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.mirror.ByteRanges;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.RandomAccessBlob;
import io.mirrorimages.mirror.stream.ResumingStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Bytes that are put in any order and read in theirs, and the parts that put them. */
class ReassembledStreamTest {
  private static final int SIZE = 3 * 1024 * 1024 + 5;

  private final byte[] bytes = new byte[SIZE];
  private final Descriptor blob;
  private final Place place = new Place();
  private final ReassembledStream arrived;

  ReassembledStreamTest() {
    new Random(7).nextBytes(bytes);
    blob = new Descriptor(MediaTypes.OCI_CONFIG, Digest.sha256(bytes), SIZE);
    arrived = new ReassembledStream(blob, place, new ByteRanges());
  }

  private static final class Place implements RandomAccessBlob {
    private final byte[] there = new byte[SIZE];
    private final List<String> noted = new ArrayList<>();

    @Override
    public ByteRanges kept() {
      return new ByteRanges();
    }

    @Override
    public void write(byte[] buffer, int length, long at) {
      System.arraycopy(buffer, 0, there, (int) at, length);
    }

    @Override
    public int read(byte[] buffer, int offset, int length, long at) {
      System.arraycopy(there, (int) at, buffer, offset, length);
      return length;
    }

    @Override
    public void note(long from, long to) {
      noted.add(from + "-" + to);
    }

    @Override
    public void complete() {}
  }

  private void put(int from, int to) {
    place.write(Arrays.copyOfRange(bytes, from, to), to - from, from);
    arrived.add(from, to);
  }

  private CompletableFuture<byte[]> reading() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return arrived.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Test
  void readsWhatIsThereUpToTheNextGap() throws IOException {
    put(0, 10);
    put(20, 30);
    byte[] buffer = new byte[100];

    assertThat(arrived.read(buffer, 5, 95)).isEqualTo(10);
    assertThat(Arrays.copyOfRange(buffer, 5, 15)).isEqualTo(Arrays.copyOf(bytes, 10));
    put(10, 20);
    assertThat(arrived.read(buffer, 0, 100)).isEqualTo(20);
    assertThat(arrived.added()).isEqualTo(30);
  }

  @Test
  void waitsForTheNextBytes() throws Exception {
    CompletableFuture<byte[]> whole = reading();
    put(1_000_000, SIZE);
    put(10, 1_000_000);
    assertThat(whole).isNotDone();
    put(0, 10);

    assertThat(whole.get(120, TimeUnit.SECONDS)).isEqualTo(bytes);
    assertThat(arrived.read(new byte[1], 0, 1)).isEqualTo(-1);
  }

  @Test
  void whoWaitsLearnsThatNothingWillCome() {
    CompletableFuture<byte[]> whole = reading();
    put(0, 10);
    assertThat(arrived.isGivenUp()).isFalse();
    assertThat(arrived.giveUp()).as("news").isTrue();
    assertThat(arrived.giveUp()).as("no news").isFalse();
    assertThat(arrived.isGivenUp()).isTrue();

    assertThatThrownBy(() -> whole.get(120, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseInstanceOf(TransferException.class)
        .rootCause()
        .hasMessage("a part of " + blob.digest() + " did not come");
  }

  @Test
  void whoWaitsCanBeInterrupted() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(arrived::read).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).as("the exception says so").isFalse();
  }

  private RangeDownload part(int from, int to) {
    return new RangeDownload(
        new ByteRanges.Range(from, to),
        new ResumingStream(
            at -> new ByteArrayInputStream(bytes, (int) at, to - (int) at),
            blob,
            to,
            new Retries(0, Duration.ZERO),
            RunListener.NONE),
        place,
        arrived);
  }

  /** So much may have to be fetched again after a kill. */
  @Test
  void aPartNotesEachMebibyteAndItsEnd() throws IOException {
    RangeDownload copy = part(5, SIZE);
    assertThat(copy.isBegun()).isFalse();
    copy.run();

    assertThat(copy.isBegun()).isTrue();
    assertThat(place.noted).containsExactly("5-1048581", "5-2097157", "5-" + SIZE);
    assertThat(arrived.added()).isEqualTo(SIZE - 5);
    put(0, 5);
    assertThat(arrived.readAllBytes()).isEqualTo(bytes);
  }

  @Test
  void aPartOfAnOddLengthIsNotedAtItsEnd() throws IOException {
    part(0, 1_500_000).run(new ByteArrayInputStream(bytes));

    assertThat(place.noted).containsExactly("0-1048576", "0-1500000");
    assertThat(arrived.added()).isEqualTo(1_500_000);
  }

  @Test
  void aPartThatIsNotWantedEnds() throws IOException {
    arrived.giveUp();
    part(0, SIZE).run();

    assertThat(arrived.added()).isZero();
  }
}
