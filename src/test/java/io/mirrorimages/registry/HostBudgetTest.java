package io.mirrorimages.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.registry.HostBudget.Rate;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostBudgetTest {

  @Test
  void bothPartsAreRead() {
    assertThat(HostBudget.parse("Harbor.lan:8443:requests=20/5m,concurrency=6"))
        .isEqualTo(
            new HostBudget("harbor.lan:8443", Optional.of(new Rate(20, Duration.ofMinutes(5))), 6));
  }

  @Test
  void eitherPartMayBeAbsent() {
    assertThat(HostBudget.parse("docker.io:requests=100/6h"))
        .isEqualTo(
            new HostBudget(
                "docker.io",
                Optional.of(new Rate(100, Duration.ofHours(6))),
                HostBudget.DEFAULT_CONCURRENCY));
    assertThat(HostBudget.parse("quay.io:concurrency=2").requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "h",
        "h:",
        ":requests=1/s",
        "h:requests=0/s",
        "h:requests=1",
        "h:requests=1/w",
        "h:concurrency=0",
        "h:concurrency=x",
        "h:speed=1",
        "h:requests=1/s,",
        "a b:concurrency=1"
      })
  void anythingElseIsAnErrorInOneLine(String text) {
    assertThatThrownBy(() -> HostBudget.parse(text)).isInstanceOf(InvalidContentException.class);
  }
}
