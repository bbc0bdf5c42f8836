package io.mirrorimages.registry.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EndpointHealthTest {
  /** One that rests for as long as there is: no test here takes so long. */
  private EndpointHealth health = new EndpointHealth("e", Duration.ofMinutes(1));

  @Test
  void twoFailuresInARowAreTroubleAndOneIsNot() {
    fail();
    succeed();
    fail();
    assertThat(health.mayAsk()).isTrue();
    health.troubled(Optional.empty());
    assertThat(health.mayAsk()).isFalse();
  }

  @Test
  void itIsTriedAgainByOneAfterAWhile() throws InterruptedException {
    health = new EndpointHealth("e", Duration.ofMillis(200));
    fail();
    health.troubled(Optional.empty());
    while (!health.mayAsk()) {
      Thread.sleep(10);
    }
    assertThat(health.mayAsk()).isFalse();
    health.well();
    assertThat(health.mayAsk()).isTrue();
  }

  @Test
  void whoAsksToBeLeftAloneIs() {
    assertThat(health.mayAsk()).isTrue();
    health.troubled(Optional.of(Duration.ofMinutes(10)));
    assertThat(health.mayAsk()).isFalse();
  }

  @Test
  void evenWhoRestsAlready() throws InterruptedException {
    health = new EndpointHealth("e", Duration.ofMillis(200));
    fail();
    fail();
    health.troubled(Optional.of(Duration.ofMinutes(10)));
    Thread.sleep(600);
    assertThat(health.mayAsk()).isFalse();
  }

  @Test
  void whatBreaksOffIsTroubleThoughItBegan() {
    succeed();
    health.brokeOff();
    assertThat(health.mayAsk()).isFalse();
  }

  @Test
  void anAnswerOutOfTurnBringsItBack() {
    fail();
    fail();
    health.well();
    assertThat(health.mayAsk()).isTrue();
  }

  private void fail() {
    assertThat(health.mayAsk()).isTrue();
    health.troubled(Optional.empty());
  }

  private void succeed() {
    assertThat(health.mayAsk()).isTrue();
    health.well();
  }
}
