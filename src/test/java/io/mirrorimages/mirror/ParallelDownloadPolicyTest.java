package io.mirrorimages.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.mirror.ByteRanges.Range;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code -Dmirror-images.seed} repeats a failure. */
class ParallelDownloadPolicyTest {
  private static final long SEED = Long.getLong("mirror-images.seed", System.nanoTime());

  private static Descriptor blob(long size) {
    return new Descriptor(MediaTypes.OCI_CONFIG, Digest.sha256(new byte[0]), size);
  }

  @ParameterizedTest
  @CsvSource({"1, 100, false", "2, 19, false", "2, 20, true", "2, 0, false"})
  void aBlobOfTwoPartsOrMoreIsWorthIt(int atOnce, long size, boolean suits) {
    assertThat(new ParallelDownloadPolicy(atOnce, 10).suit(blob(size))).isEqualTo(suits);
  }

  @Test
  void partsAreMebibytesLarge() {
    assertThat(ParallelDownloadPolicy.of(4)).isEqualTo(new ParallelDownloadPolicy(4, 16 << 20));
    assertThat(ParallelDownloadPolicy.OFF.suit(blob(1L << 40))).isFalse();
  }

  @Test
  void cutsEqualPartsWithinBounds() {
    assertThat(new ParallelDownloadPolicy(4, 10).cut(blob(80), new ByteRanges()))
        .containsExactly(new Range(0, 20), new Range(20, 40), new Range(40, 60), new Range(60, 80));
    assertThat(new ParallelDownloadPolicy(4, 10).cut(blob(25), new ByteRanges()))
        .as("none is smaller than the least, but the last")
        .containsExactly(new Range(0, 10), new Range(10, 20), new Range(20, 25));
    assertThat(new ParallelDownloadPolicy(2, 10).cut(blob(100), new ByteRanges()))
        .as("none is larger than four times the least")
        .containsExactly(new Range(0, 40), new Range(40, 80), new Range(80, 100));
    assertThat(new ParallelDownloadPolicy(3, 10).cut(blob(100), new ByteRanges()))
        .as("rounded up, so that there is no fourth")
        .containsExactly(new Range(0, 34), new Range(34, 68), new Range(68, 100));
  }

  @Test
  void partsAreExactlyWhatIsMissing() {
    Random random = new Random(SEED);
    for (int round = 0; round < 200; round++) {
      long size = random.nextLong(1, 500);
      ByteRanges there = new ByteRanges();
      for (int i = random.nextInt(5); i > 0; i--) {
        long from = random.nextLong(size);
        there.add(from, Math.min(size, from + random.nextLong(60)));
      }
      List<Range> parts =
          new ParallelDownloadPolicy(1 + random.nextInt(5), 10).cut(blob(size), there);

      ByteRanges all = new ByteRanges(there);
      long missing = 0;
      for (Range part : parts) {
        assertThat(part.length()).isBetween(1L, 40L);
        missing += part.length();
        all.add(part.from(), part.to());
      }
      assertThat(missing).as("-Dmirror-images.seed=" + SEED).isEqualTo(size - there.bytes());
      assertThat(all.all()).as("-Dmirror-images.seed=" + SEED).containsExactly(new Range(0, size));
    }
  }
}
