package io.mirrorimages.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.ByteRanges.Range;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteRangesTest {
  private static final long SEED = Long.getLong("mirror-images.seed", System.nanoTime());
  private static final int SIZE = 60;

  @Test
  void knowsWhatIsThereAsASetOfSingleBytesWould() {
    System.out.println("ExtentsTest: -Dmirror-images.seed=" + SEED);
    Random random = new Random(SEED);
    for (int round = 0; round < 2000; round++) {
      ByteRanges extents = new ByteRanges();
      BitSet bytes = new BitSet(SIZE);
      for (int i = random.nextInt(8); i >= 0; i--) {
        int from = random.nextInt(SIZE);
        int to = from + random.nextInt(SIZE - from + 1);
        int before = bytes.cardinality();
        long added = extents.add(from, to);
        bytes.set(from, to);
        assertThat(added).isEqualTo(bytes.cardinality() - before);
      }
      int position = random.nextInt(SIZE);

      assertThat(extents.bytes()).isEqualTo(bytes.cardinality());
      assertThat(extents.front()).isEqualTo(bytes.nextClearBit(0));
      assertThat(extents.endFrom(position)).isEqualTo(bytes.nextClearBit(position));
      BitSet missing = new BitSet(SIZE);
      for (Range gap : extents.gaps(SIZE)) {
        assertThat(gap.length()).isPositive();
        assertThat(missing.get((int) Math.max(0, gap.from() - 1))).isFalse();
        missing.set((int) gap.from(), (int) gap.to());
      }
      missing.flip(0, SIZE);
      assertThat(missing).isEqualTo(bytes);
    }
  }

  @Test
  void whatIsNoStretchIsPassedOver() {
    ByteRanges extents = new ByteRanges();
    extents.add(5, 5);
    extents.add(7, 3);
    extents.add(-5, 3);

    assertThat(extents.all()).isEmpty();
  }

  @Test
  void aBlobIsCutIntoEqualPartsAndALargeOneIntoMore() {
    ParallelDownloadPolicy segments = new ParallelDownloadPolicy(4, 100);

    assertThat(segments.cut(blob(1000), new ByteRanges()))
        .extracting(Range::length)
        .containsExactly(250L, 250L, 250L, 250L);
    assertThat(segments.cut(blob(250), new ByteRanges()))
        .extracting(Range::length)
        .containsExactly(100L, 100L, 50L);
    assertThat(segments.cut(blob(4000), new ByteRanges()))
        .extracting(Range::length)
        .hasSize(10)
        .containsOnly(400L);
  }

  @Test
  void onlyWhatIsMissingIsCut() {
    ByteRanges there = new ByteRanges();
    there.add(0, 300);
    there.add(500, 900);

    assertThat(new ParallelDownloadPolicy(4, 100).cut(blob(1000), there))
        .isEqualTo(List.of(new Range(300, 500), new Range(900, 1000)));
  }

  @Test
  void smallBlobsAreNotWorthIt() {
    assertThat(ParallelDownloadPolicy.OFF.suit(blob(Long.MAX_VALUE))).isFalse();
    assertThat(ParallelDownloadPolicy.of(4).suit(blob(32 * 1024 * 1024 - 1))).isFalse();
    assertThat(ParallelDownloadPolicy.of(4).suit(blob(32 * 1024 * 1024))).isTrue();
  }

  private static Descriptor blob(long size) {
    return new Descriptor("a/b", Digest.sha256(new byte[0]), size);
  }
}
