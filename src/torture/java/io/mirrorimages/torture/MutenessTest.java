package io.mirrorimages.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MutenessTest {
  private static final String PROGRESS = "1 of 4 images, 2.0 MB of 8.0 MB, 0 B/s\n";

  private final Muteness muteness = new Muteness(Duration.ofSeconds(30));
  private final StringBuilder said = new StringBuilder();
  private long bytes;

  private boolean isMuteAt(int second) {
    return muteness.look(Duration.ofSeconds(second).toNanos(), bytes, said.toString());
  }

  @Test
  void aStandstillWithoutAWordIsMuteAfterItsLimit() {
    assertThat(isMuteAt(100)).isFalse();
    assertThat(isMuteAt(129)).isFalse();
    assertThat(isMuteAt(130)).isTrue();
  }

  @Test
  void aByteBeginsItAnew() {
    isMuteAt(0);
    bytes++;

    assertThat(isMuteAt(29)).isFalse();
    assertThat(isMuteAt(58)).isFalse();
    assertThat(isMuteAt(59)).isTrue();
  }

  @Test
  void linesOfProgressThatRepeatAreNoWord() {
    isMuteAt(0);
    said.append(PROGRESS);
    isMuteAt(10);
    said.append(PROGRESS);

    assertThat(isMuteAt(30)).isTrue();
  }

  @Test
  void aWordExcusesTheStandstillButNotTheNextOne() {
    isMuteAt(0);
    said.append("mirror-images: docker.io: no byte for 5 s; waiting until 12:00:00 (15 min)\n");
    isMuteAt(6);

    assertThat(isMuteAt(200)).isFalse();

    bytes++;
    isMuteAt(201);
    assertThat(isMuteAt(231)).isTrue();
  }

  @Test
  void thatItIsStalledIsAWordAndSoIsTheEndOfAnImage() {
    isMuteAt(0);
    said.append("1 of 4 images, 2.0 MB of 8.0 MB, stalled for 20 s\n");
    assertThat(isMuteAt(20)).isFalse();
    assertThat(isMuteAt(40)).isFalse();

    bytes++;
    isMuteAt(50);
    said.append("copied docker.io/library/a:1\n");
    isMuteAt(60);
    assertThat(isMuteAt(90)).isFalse();
  }
}
