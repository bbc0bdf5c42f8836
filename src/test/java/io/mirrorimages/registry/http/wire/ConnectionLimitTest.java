package io.mirrorimages.registry.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a connection carries after breaks, and after what passes. */
class ConnectionLimitTest {
  private static final int MB = 1_000_000;

  private final ConnectionLimit limit = new ConnectionLimit();

  @Test
  void withoutABreakThereIsNone() {
    limit.took(100L * MB);

    assertThat(limit.body()).isEqualTo(Long.MAX_VALUE);
    assertThat(limit.isUsedUp(1L << 50)).isFalse();
  }

  @Test
  void afterABreakItIsHalfOfWhatTheConnectionCarried() {
    limit.broke(2 * MB, 0, 4 * MB);

    assertThat(limit.body()).isEqualTo(MB);
    assertThat(limit.isUsedUp(MB / 4 - 1)).isFalse();
    assertThat(limit.isUsedUp(MB / 4)).isTrue();
  }

  @Test
  void whatAConnectionCarriesBeforeAndInABodyIsLessThanWhatBroke() {
    limit.broke(2 * MB, 0, 4 * MB);
    long before = limit.body() / 4 - 1;

    assertThat(limit.isUsedUp(before)).isFalse();
    assertThat(before + limit.body()).isLessThan(2 * MB);
  }

  @Test
  void whatMayStillHaveBeenInTheSendBufferIsNotCarried() {
    limit.broke(5 * MB, MB, 8 * MB);

    assertThat(limit.body()).isEqualTo(2 * MB);
  }

  @Test
  void ofAConnectionWhoseBytesAllFitTheSendBufferHalfCount() {
    limit.broke(4 * MB, 6 * MB, 4 * MB);

    assertThat(limit.body()).isEqualTo(MB);
  }

  @Test
  void furtherBreaksLowerItDownToTheLeast() {
    long body = 32 * MB;
    for (int breaks = 0; limit.body() > ConnectionLimit.LEAST; breaks++) {
      limit.broke(body + 60_000, 0, body);
      assertThat(limit.body()).isLessThan(body);
      assertThat(breaks).isLessThan(15);
      body = limit.body();
    }

    limit.broke(ConnectionLimit.LEAST, 0, ConnectionLimit.LEAST);
    assertThat(limit.body()).isEqualTo(ConnectionLimit.LEAST);
  }

  @Test
  void oneBadMomentCostsAFastHostLittle() {
    limit.took(32 * MB);
    limit.broke(10_000, 0, 32 * MB);

    assertThat(limit.body()).isEqualTo(16 * MB);
  }

  @Test
  void whatIsSmallAnywayLowersNothing() {
    limit.broke(3000, 0, 2000);

    assertThat(limit.body()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void whatPassesRaisesItAndEachBreakMakesThatSlower() {
    limit.broke(2 * MB, 0, 2 * MB);
    int first = untilRaised(MB);
    assertThat(limit.body()).isEqualTo(2 * MB);
    limit.broke(2 * MB, 0, 2 * MB);
    assertThat(limit.body()).isEqualTo(MB);

    assertThat(untilRaised(MB)).isEqualTo(2 * first);
  }

  @Test
  void aRaisedLimitLetsConnectionsCarryNoMoreBeforeABodyOfItsSizePassed() {
    limit.broke(2 * MB, 0, 4 * MB);
    untilRaised(MB);

    assertThat(limit.isUsedUp(MB / 4)).isTrue();
    limit.took(2 * MB);
    assertThat(limit.isUsedUp(MB / 4)).isFalse();
    assertThat(limit.isUsedUp(MB / 2)).isTrue();
  }

  @Test
  void smallBodiesDoNotRaiseIt() {
    limit.broke(2 * MB, 0, 2 * MB);
    for (int i = 0; i < 1000; i++) {
      limit.took(MB / 2);
    }

    assertThat(limit.body()).isEqualTo(MB);
  }

  @Test
  void itEndsWhereEverythingPasses() {
    limit.broke(2 * MB, 0, 2 * MB);
    for (int raised = 0; limit.body() < Long.MAX_VALUE; raised++) {
      untilRaised(limit.body());
      assertThat(raised).isLessThan(30);
    }
  }

  /** How many bodies of {@code bytes} have to pass. */
  private int untilRaised(long bytes) {
    long before = limit.body();
    int count = 0;
    while (limit.body() == before) {
      limit.took(bytes);
      count++;
    }
    return count;
  }
}
