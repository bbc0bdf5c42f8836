package io.mirrorimages.mirror.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.DamagedBlobException;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class VerifyingStreamTest {
  private static final byte[] BYTES = bytes();
  private static final Descriptor BLOB = new Descriptor("", Digest.sha256(BYTES), BYTES.length);

  @Test
  void rewoundToAMarkAnyNumberOfTimesItStillVerifiesTheWhole() throws IOException {
    VerifyingStream in = over(BYTES);
    assertThat(in.readNBytes(3000)).hasSize(3000);
    in.mark(0);
    for (int round = 0; round < 3; round++) {
      assertThat(in.readNBytes(2000 * round)).hasSize(2000 * round);
      in.reset();
    }
    assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(BYTES, 3000, BYTES.length));
    in.reset();
    assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(BYTES, 3000, BYTES.length));
  }

  @Test
  void whatIsWrongBehindAMarkIsFoundAfterRewindingToo() throws IOException {
    byte[] wrong = BYTES.clone();
    wrong[9000] ^= 1;
    VerifyingStream in = over(wrong);
    in.readNBytes(3000);
    in.mark(0);
    in.readNBytes(4000);
    in.reset();
    assertThatThrownBy(in::readAllBytes).isInstanceOf(DamagedBlobException.class);
  }

  @Test
  void keptBytesAreHashedAndSoFoundWrong() throws IOException {
    byte[] wrong = BYTES.clone();
    wrong[10] ^= 1;
    VerifyingStream in = over(Arrays.copyOfRange(BYTES, 4000, BYTES.length));
    in.resumeAfter(new ByteArrayInputStream(wrong), 4000);
    assertThat(in.isResumed()).isTrue();
    assertThatThrownBy(in::readAllBytes).isInstanceOf(DamagedBlobException.class);
  }

  @Test
  void behindBytesItHasNotSeenTheLengthIsWhatCounts() throws IOException {
    VerifyingStream right = over(Arrays.copyOfRange(BYTES, 4000, BYTES.length));
    right.resumeUnseen(4000);
    right.mark(0);
    right.readNBytes(10);
    right.reset();
    assertThat(right.readAllBytes()).hasSize(BYTES.length - 4000);

    VerifyingStream longer = over(Arrays.copyOfRange(BYTES, 3999, BYTES.length));
    longer.resumeUnseen(4000);
    assertThatThrownBy(longer::readAllBytes).hasMessageContaining("longer");
  }

  @Test
  void aSourceThatIsRewoundIsReadAgainFromTheMarkOnly() throws IOException {
    TestImages images = new TestImages();
    MemoryRegistry source = new MemoryRegistry();
    TestImages.Layer layer = images.layer("a", 20_000);
    source.add(images, "rancher/a:1", images.image(TestImages.AMD64, layer));
    Descriptor blob = layer.descriptor();
    Retries once = new Retries(0, Duration.ZERO);
    try (VerifyingStream in =
        new VerifyingStream(
            new ResumingStream(
                source, Reference.parse("rancher/a:1").repository(), blob, once, RunListener.NONE),
            blob)) {
      in.readNBytes(5000);
      in.mark(0);
      in.readNBytes(3000);
      in.reset();
      in.readAllBytes();
    }
    assertThat(source.requests("OPEN"))
        .extracting(r -> r.substring(r.lastIndexOf(' ') + 1))
        .containsExactly("0", "5000");
  }

  private static byte[] slice(int from, int to) {
    return Arrays.copyOfRange(BYTES, from, to);
  }

  private static VerifyingStream empty(String digestOf, String content) {
    Digest digest = Digest.sha256(digestOf.getBytes(StandardCharsets.UTF_8));
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return new VerifyingStream(new ByteArrayInputStream(bytes), new Descriptor("", digest, 0));
  }

  @Test
  void handsOutTheRightBytesInAnyPieces() throws IOException {
    for (int piece : new int[] {1, 7, 8192, 9999, 10_000, 20_000}) {
      VerifyingStream in = over(BYTES);
      byte[] read = new byte[20_000];
      int at = 3;
      for (int count = in.read(read, at, piece); count >= 0; count = in.read(read, at, piece)) {
        assertThat(count).isPositive();
        at += count;
        piece = Math.min(piece, read.length - at);
      }
      assertThat(Arrays.copyOfRange(read, 3, at)).isEqualTo(BYTES);
      assertThat(in.isResumed()).isFalse();
      assertThat(in.read(read, 0, 1)).isEqualTo(-1);
      assertThat(in.read(read, 0, 0)).isZero();
    }
  }

  /** So nobody can finish storing a wrong one. */
  @Test
  void theLastBytesOfAWrongBlobAreNotHandedOut() throws IOException {
    byte[] wrong = BYTES.clone();
    wrong[0] ^= 1;
    VerifyingStream in = over(wrong);

    assertThat(in.readNBytes(9999)).hasSize(9999);
    assertThatThrownBy(in::read).isInstanceOf(DamagedBlobException.class);
  }

  @Test
  void aBlobThatEndsTooEarlyIsNone() throws IOException {
    VerifyingStream in = over(slice(0, 9999));
    in.readNBytes(9999);

    assertThatThrownBy(in::read)
        .isInstanceOf(EOFException.class)
        .hasMessage(BLOB.digest() + " ended after 9999 of 10000 bytes");
  }

  @Test
  void aBlobThatIsLongerIsNone() throws IOException {
    VerifyingStream in = over(Arrays.copyOf(BYTES, 10_001));
    in.readNBytes(9999);

    assertThatThrownBy(in::read)
        .isInstanceOf(TransferException.class)
        .hasMessage("blob " + BLOB.digest() + " is longer than the 10000 bytes its manifest says")
        .extracting(e -> ((TransferException) e).reason())
        .isEqualTo(FailureKind.CORRUPT);
    VerifyingStream zeros = over(Arrays.copyOf(BYTES, 20_000));
    assertThatThrownBy(zeros::readAllBytes).hasMessageContaining("longer");
  }

  @Test
  void anEmptyBlobIsVerifiedToo() throws IOException {
    assertThat(empty("", "").read()).isEqualTo(-1);
    assertThatThrownBy(() -> empty("a", "").read()).isInstanceOf(DamagedBlobException.class);
    assertThatThrownBy(() -> empty("", "\0").read()).hasMessageContaining("longer than the 0");
  }

  @Test
  void goesOnBehindKeptBytes() throws IOException {
    VerifyingStream in = over(slice(4000, 10_000));
    in.resumeAfter(new ByteArrayInputStream(BYTES), 4000);

    assertThat(in.readAllBytes()).isEqualTo(slice(4000, 10_000));
  }

  @Test
  void aBlobThatIsKeptAsAWholeIsVerifiedAtOnce() throws IOException {
    VerifyingStream in = over(new byte[0]);
    in.resumeAfter(new ByteArrayInputStream(BYTES), 10_000);
    assertThat(in.read()).isEqualTo(-1);

    byte[] wrong = BYTES.clone();
    wrong[9999] ^= 1;
    assertThatThrownBy(() -> over(new byte[0]).resumeAfter(new ByteArrayInputStream(wrong), 10_000))
        .isInstanceOf(DamagedBlobException.class);
  }

  @Test
  void keptBytesAreAsManyAsWasSaid() {
    assertThatThrownBy(
            () -> over(BYTES).resumeAfter(new ByteArrayInputStream(slice(0, 3999)), 4000))
        .isInstanceOf(EOFException.class)
        .hasMessage("the first 4000 bytes of " + BLOB.digest() + " are fewer");
    assertThatThrownBy(
            () -> over(BYTES).resumeAfter(new ByteArrayInputStream(new byte[10_001]), 10_001))
        .hasMessageContaining("longer");
    assertThatThrownBy(() -> over(BYTES).resumeUnseen(10_001)).hasMessageContaining("longer");
  }

  @Test
  void aMarkIsUpToTheStreamBelow() throws IOException {
    assertThat(over(BYTES).markSupported()).isTrue();
    InputStream none =
        new FilterInputStream(new ByteArrayInputStream(BYTES)) {
          @Override
          public boolean markSupported() {
            return false;
          }
        };
    assertThat(new VerifyingStream(none, BLOB).markSupported()).isFalse();
    VerifyingStream unmarked = over(BYTES);
    unmarked.read();
    assertThatThrownBy(unmarked::reset)
        .isInstanceOf(IOException.class)
        .hasMessage("nothing is marked");
  }

  @Test
  void closesTheStreamBelow() throws IOException {
    AtomicBoolean closed = new AtomicBoolean();
    InputStream below =
        new FilterInputStream(new ByteArrayInputStream(BYTES)) {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    new VerifyingStream(below, BLOB).close();

    assertThat(closed).isTrue();
  }

  private static VerifyingStream over(byte[] bytes) {
    return new VerifyingStream(new ByteArrayInputStream(bytes), BLOB);
  }

  private static byte[] bytes() {
    byte[] bytes = new byte[10_000];
    new Random(7).nextBytes(bytes);
    return bytes;
  }
}
