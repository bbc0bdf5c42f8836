package io.mirrorimages.registry.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.registry.limit.time.Rate;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostBudgetTest {
  private final HostBudgets none = HostBudgets.none();

  @Test
  void allPartsAreRead() {
    String limit = "Harbor.lan:8443:requests=20/5m,bytes=1G/2h,concurrency=6";
    assertThat(none.with(limit).of("harbor.lan:8443"))
        .isEqualTo(
            new HostBudget(
                "harbor.lan:8443",
                Optional.of(new Rate(20, Duration.ofMinutes(5))),
                Optional.of(new Rate(1_000_000_000, Duration.ofHours(2))),
                6));
  }

  @Test
  void eachPartMayBeAbsent() {
    assertThat(none.with("docker.io:requests=100/6h").of("docker.io"))
        .isEqualTo(
            new HostBudget(
                "docker.io",
                Optional.of(new Rate(100, Duration.ofHours(6))),
                Optional.empty(),
                HostBudget.DEFAULT_CONCURRENCY));
    assertThat(none.with("quay.io:concurrency=2").of("quay.io").requests()).isEmpty();
    assertThat(none.with("quay.io:bytes=5M/s").of("quay.io").bytes())
        .contains(new Rate(5_000_000, Duration.ofSeconds(1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "requests=20/m,bytes=1G/2h,concurrency=6",
        "bytes=1500k/90s,concurrency=16",
        "requests=1/d,concurrency=1",
        "concurrency=16"
      })
  void itIsShownAsItIsGiven(String limits) {
    assertThat(none.with("h:" + limits).of("h").limits()).isEqualTo(limits);
  }

  @Test
  void theUserChangesThePartsOfAPresetThatHeNames() {
    HostBudgets presets = HostBudgets.presets();
    assertThat(presets.all())
        .extracting(HostBudget::registry)
        .hasSize(2)
        .allSatisfy(registry -> assertThat(HostBudgets.reason(registry)).isPresent());
    String given = presets.of("m.daocloud.io").limits();
    assertThat(given).isEqualTo("requests=20/m,bytes=1G/2h,concurrency=6");
    assertThat(presets.with("m.daocloud.io:concurrency=9").of("m.daocloud.io").limits())
        .isEqualTo("requests=20/m,bytes=1G/2h,concurrency=9");
    assertThat(
            presets
                .with("m.daocloud.io:requests=none")
                .with("m.daocloud.io:bytes=none,concurrency=3")
                .of("m.daocloud.io")
                .limits())
        .isEqualTo("concurrency=3");
    assertThat(presets.of("quay.io")).isEqualTo(HostBudget.unlimited("quay.io"));
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
        "h:requests=1k/s",
        "h:bytes=1G",
        "h:bytes=0/s",
        "h:bytes=1X/s",
        "h:bytes=/s",
        "h:concurrency=0",
        "h:concurrency=x",
        "h:concurrency=none",
        "h:speed=1",
        "h:requests=1/s,",
        "a b:concurrency=1"
      })
  void anythingElseIsAnErrorInOneLine(String text) {
    assertThatThrownBy(() -> none.with(text))
        .isInstanceOf(InvalidContentException.class)
        .message()
        .hasLineCount(1);
  }
}
