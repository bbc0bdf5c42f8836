package io.mirrorimages.mirror.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.DamagedBlobException;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.RunListener;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
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

  private static VerifyingStream over(byte[] bytes) {
    return new VerifyingStream(new ByteArrayInputStream(bytes), BLOB);
  }

  private static byte[] bytes() {
    byte[] bytes = new byte[10_000];
    new Random(7).nextBytes(bytes);
    return bytes;
  }
}
