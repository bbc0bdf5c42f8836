package io.mirrorimages.harbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.registry.http.wire.Timeouts;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A Harbor is known by its ping, and nothing else is taken for one. */
class HarborTest {
  private static final String PING = "^/api/v2[.]0/ping$";

  private final Registries registries =
      new Registries(RegistrySettings.defaults().with(new Retries(2, Duration.ofMillis(1))));
  private FaultyRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = new FaultyRegistry();
  }

  @AfterEach
  void stop() {
    registries.close();
    registry.close();
  }

  @Test
  void isKnownByItsPing() throws IOException {
    registry.on("GET", PING, FaultyRegistry.status(200, "Pong"));

    assertThat(Harbor.at(registries, registry.name())).isPresent();
    assertThat(registry.seen("GET", "/ping").getFirst().header("Authorization")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "200, <html>Pong</html>",
    "200, ''",
    "401, Pong",
    "403, no",
    "404, not found",
    "405, no"
  })
  void anythingElseIsNone(int status, String body) throws IOException {
    registry.on("GET", PING, FaultyRegistry.status(status, body));

    assertThat(Harbor.at(registries, registry.name())).isEmpty();
    assertThat(registry.seen("GET", "/ping")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, 504})
  void aRegistryWithARouteForItsOwnPathsOnlyIsNone(int status) throws IOException {
    registry.on("GET", PING, FaultyRegistry.status(status, "<html>"));
    registries.check(registry.name());

    assertThat(Harbor.at(registries, registry.name())).isEmpty();
    assertThat(registry.seen("GET", "/ping")).hasSize(1);
  }

  @Test
  void aRegistryThatNeverAnswersThePingIsNoneAfterAShortTime() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    registry.on("GET", PING, exchange -> await(end));
    Timeouts timeouts =
        new Timeouts(Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ofSeconds(5));
    RegistrySettings settings = RegistrySettings.defaults().with(timeouts);
    try (Registries hasty = new Registries(settings)) {
      hasty.check(registry.name());
      assertThat(Harbor.at(hasty, registry.name())).isEmpty();
      assertThat(registry.seen("GET", "/ping")).hasSize(1);
    } finally {
      end.countDown();
    }
  }

  private static void await(CountDownLatch end) throws IOException {
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void sendsUsersToHarborsTokenService() throws IOException {
    registry.on(
        "GET",
        "^/v2/$",
        FaultyRegistry.status(
            401,
            "",
            "Www-Authenticate: Bearer realm=\"http://"
                + registry.name()
                + "/service/token\",service=\"harbor-registry\""));
    registry.on("GET", "^/service/token", FaultyRegistry.status(200, "{\"token\":\"t\"}"));
    registries.check(registry.name());
  }

  @Test
  void redirectsWithoutEndAreNone() throws IOException {
    registry.on("GET", PING, FaultyRegistry.status(302, "", "Location: /api/v2.0/ping"));

    assertThat(Harbor.at(registries, registry.name())).isEmpty();
  }

  @Test
  void oneThatIsOutOfOrderIsAskedAgain() throws IOException {
    sendsUsersToHarborsTokenService();
    registry.on("GET", PING, 2, FaultyRegistry.status(503, "<html>"));
    registry.on("GET", PING, FaultyRegistry.status(200, "Pong\n"));

    assertThat(Harbor.at(registries, registry.name())).isPresent();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 429, 500, 502, 503, 504})
  void whateverKeepsItFromAnsweringOnceIsTriedAgain(int status) throws IOException {
    sendsUsersToHarborsTokenService();
    FaultyRegistry.Behaviour reset =
        exchange -> {
          throw new IOException("reset by the test");
        };
    registry.on("GET", PING, 1, status == 0 ? reset : FaultyRegistry.status(status, "not now"));
    registry.on("GET", PING, FaultyRegistry.status(200, "Pong"));

    assertThat(Harbor.at(registries, registry.name())).isPresent();
    assertThat(registry.seen("GET", "/ping")).hasSize(2);
  }

  @Test
  void oneThatStaysOutOfOrderIsNotTakenForSomethingElse() throws IOException {
    sendsUsersToHarborsTokenService();
    registry.on("GET", PING, FaultyRegistry.status(502, ""));

    assertThatThrownBy(() -> Harbor.at(registries, registry.name()))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("502");
  }
}
