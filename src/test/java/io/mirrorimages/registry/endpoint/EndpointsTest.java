package io.mirrorimages.registry.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.registry.http.Transport;
import io.mirrorimages.registry.limit.HostLimits;
import io.mirrorimages.registry.limit.Limits;
import io.mirrorimages.registry.limit.time.BandwidthThrottle;
import io.mirrorimages.registry.limit.time.FakeTimer;
import io.mirrorimages.route.MirrorRule;
import io.mirrorimages.route.Routes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class EndpointsTest {
  private final FakeTimer timer = new FakeTimer();
  private final List<Wait> waits = new ArrayList<>();

  @Test
  void allPathsOfAMirrorShareItsBudgetThoughNotWhatTheirRegistriesCount() throws IOException {
    Routes routes =
        Routes.of(
            List.of(
                MirrorRule.parse("docker.io=https://m.daocloud.io/docker.io"),
                MirrorRule.parse("quay.io=https://m.daocloud.io/quay.io"),
                MirrorRule.parse("quay.io=https://m.example.com/quay.io")),
            Optional.empty(),
            true);
    RegistrySettings settings = RegistrySettings.defaults();
    try (Transport transport = TestSettings.transport(settings)) {
      Endpoints endpoints =
          new Endpoints(
              new Routing(routes, settings.credentials(), Resolve.MIRROR, RunListener.NONE),
              transport,
              settings,
              new HostLimits(
                  settings.budgets(),
                  waits::add,
                  timer,
                  new BandwidthThrottle(OptionalLong.empty(), timer)));
      Limits hub = limitsOf(endpoints, "docker.io/library/nginx:1");
      Limits quay = limitsOf(endpoints, "quay.io/team/app:1");

      assertThat(hub.gate()).isSameAs(quay.gate());
      assertThat(hub.traffic()).isSameAs(quay.traffic());
      assertThat(hub.quota()).isNotSameAs(quay.quota());
      for (int i = 0; i < 21; i++) {
        (i % 2 == 0 ? hub : quay).enter(Optional.empty()).leave();
      }
    }
    assertThat(timer.now()).isGreaterThan(Duration.ofSeconds(59));
    assertThat(waits).extracting(Wait::registry).containsExactly("m.daocloud.io");
  }

  private static Limits limitsOf(Endpoints endpoints, String image) {
    return endpoints.candidates(Reference.parse(image).repository()).getFirst().client().limits();
  }
}
