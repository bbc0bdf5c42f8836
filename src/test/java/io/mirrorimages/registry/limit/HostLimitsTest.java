package io.mirrorimages.registry.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.mirror.Wait;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.limit.time.BandwidthThrottle;
import io.mirrorimages.registry.limit.time.FakeTimer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostLimitsTest {
  private final FakeTimer timer = new FakeTimer();
  private final List<Wait> waits = new ArrayList<>();

  private HostLimits limits(RegistrySettings settings) {
    return new HostLimits(
        settings.budgets(), waits::add, timer, new BandwidthThrottle(OptionalLong.empty(), timer));
  }

  @ParameterizedTest
  @CsvSource({
    "docker.io, registry-1.docker.io",
    "docker.io, index.docker.io",
    "quay.io, quay.io:443",
    "quay.io, Quay.io"
  })
  void allNamesOfAHostShareItsBudget(String one, String other) {
    HostLimits limits = limits(RegistrySettings.defaults());
    assertThat(limits.of(one)).isEqualTo(limits.of(other));
  }

  @Test
  void anotherPortIsAnotherHost() {
    HostLimits limits = limits(RegistrySettings.defaults());
    assertThat(limits.of("127.0.0.1:5000").gate()).isNotSameAs(limits.of("127.0.0.1:5001").gate());
  }

  @Test
  void aLimitForTheServerOfDockerHubHoldsForDockerHub() {
    HostBudgets budgets = HostBudgets.presets().with("registry-1.docker.io:concurrency=3");
    assertThat(budgets.of("docker.io").concurrency()).isEqualTo(3);
  }

  @Test
  void contentThatIsToBeSentHoldsNoConnectionWhileItWaitsLongForBytes() throws IOException {
    assertThat(heldForBytes("bytes=100k/1h")).isFalse();
    assertThat(timer.now()).isGreaterThan(Duration.ofMinutes(59));
  }

  @Test
  void contentThatIsToBeSentHoldsItsConnectionThroughAShortWaitForBytes() throws IOException {
    assertThat(heldForBytes("bytes=100k/1s")).isTrue();
    assertThat(timer.now()).isPositive();
  }

  /** Whether a content was not rewound before all bytes were used up, and waited for. */
  private boolean heldForBytes(String limit) throws IOException {
    HostBudgets budgets = HostBudgets.none().with("h:" + limit);
    Limits limits = limits(RegistrySettings.defaults().with(budgets)).of("h");
    InputStream content = new ByteArrayInputStream(new byte[2]);
    limits.awaitTraffic(new Request.Once(content, 2).held());
    content.skipNBytes(1);
    limits.traffic().moved(100 << 10);
    timer.pass(Duration.ofMillis(500));

    limits.awaitTraffic(new Request.Once(content, 2).held());
    return content.available() == 1;
  }
}
