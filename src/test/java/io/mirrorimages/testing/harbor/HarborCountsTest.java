package io.mirrorimages.testing.harbor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is counted is what a client does, not how long this side takes to see it. */
class HarborCountsTest {
  private final HarborCounts counts = new HarborCounts();

  @Test
  void countsTheBlobsThatComeAtOnce() {
    counts.beginTransfer("a", 0);
    counts.beginTransfer("b", 0);
    counts.endTransfer("a");
    counts.beginTransfer("c", 0);

    assertThat(counts.highestTransfers()).isEqualTo(2);
    assertThat(counts.highestOfOneBlob()).isEqualTo(1);
  }

  @Test
  void aBlobThatIsSentAnewWhileTheRequestThatBrokeIsStillWorkedOnIsOne() {
    counts.beginTransfer("a", 0);
    counts.beginTransfer("b", 0);
    // The connection of the first broke, which is seen here only when it is to be answered.
    counts.beginTransfer("a", 0);

    assertThat(counts.highestTransfers()).isEqualTo(2);
    assertThat(counts.highestOfOneBlob()).isEqualTo(2);
    counts.endTransfer("a");
    counts.beginTransfer("c", 0);
    assertThat(counts.highestTransfers()).as("the second of a is going on").isEqualTo(3);
    counts.endTransfer("a");
    counts.beginTransfer("d", 0);
    assertThat(counts.highestTransfers()).isEqualTo(3);
  }
}
