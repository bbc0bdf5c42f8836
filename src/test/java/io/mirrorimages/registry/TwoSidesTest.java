package io.mirrorimages.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.registry.limit.outage.Patience;
import io.mirrorimages.testing.FaultyRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TwoSidesTest {
  private final Queue<Wait> told = new ConcurrentLinkedQueue<>();

  @Test
  void aHostThatIsAwayIsWaitedForAndReportedOnceForBothSides() throws Exception {
    FaultyRegistry registry = new FaultyRegistry();
    Reference image = Reference.parse(registry.name() + "/rancher/a:1");
    registry.addManifest("rancher/a", "1", new byte[] {'{', '}'}, "application/json");
    RegistrySettings settings =
        TestSettings.quick()
            .with(new Patience(Duration.ofMillis(200), false))
            .reportingTo(waits(told));
    try (Registries from = new Registries(settings);
        Registries to = new Registries(settings, from)) {
      assertThat(from.asSource().resolve(image)).isPresent();
      registry.close();

      assertThatThrownBy(() -> from.asSource().resolve(image))
          .hasMessageContaining("no answer for");
      assertThatThrownBy(() -> to.asTarget().resolve(image)).hasMessageContaining("no answer for");

      assertThat(told).extracting(Wait::kind).containsExactly(Wait.Kind.GIVEN_UP);
    }
  }

  private static RunListener waits(Collection<Wait> told) {
    return event -> {
      if (event instanceof RunEvent.Waiting waiting) {
        told.add(waiting.details());
      }
    };
  }
}
