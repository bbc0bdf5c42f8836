package io.mirrorimages.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A few dozen seeds, other ones each time; {@code -Dmirror-images.seed=N} begins with that one, and
 * {@code scripts/torture} goes through as many as wanted.
 */
class TortureIT {
  private static final long SEED =
      Long.getLong("mirror-images.seed", System.currentTimeMillis() % 1_000_000_000);
  private static final int SEEDS = 30;

  @Test
  @Timeout(600)
  void whateverHappensOnTheLinesOrToTheProcessOneMoreRunMakesItRight() throws Exception {
    System.out.println("TortureIT: -Dmirror-images.seed=" + SEED);

    List<Outcome> outcomes = Torture.run(SEEDS, SEED, outcome -> {});

    System.out.println(Torture.summary(outcomes));
    assertThat(outcomes).allMatch(Outcome::isWell);
    assertThat(outcomes).anyMatch(outcome -> !outcome.faults().isEmpty());
    assertThat(outcomes).anyMatch(outcome -> outcome.kills() > 0);
  }
}
