package io.mirrorimages.registry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.Retries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.registry.WaitProfile;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestLogTest {
  private final List<SentRequest> log = new CopyOnWriteArrayList<>();
  private FaultyRegistry registry;
  private Transport transport;

  @BeforeEach
  void start() throws IOException {
    registry = new FaultyRegistry();
    transport = TestSettings.transport(TestSettings.quick());
    transport.insert(next -> new RequestLog(log::add, next));
  }

  @AfterEach
  void stop() {
    transport.close();
    registry.close();
  }

  private Request get(String target) {
    return Request.of("GET", Url.parse(registry.url(target)), Duration.ofSeconds(10));
  }

  @Test
  void aRequestIsOneLineWhenItsAnswerIsClosed() throws IOException {
    registry.on("GET", "^/x", FaultyRegistry.status(200, "twelve bytes"));
    Request call = get("/x?sig=CANARY").heldUp(Duration.ofMillis(1500));
    try (Response answer = transport.send(call)) {
      assertThat(answer.body().readAllBytes()).hasSize(12);
      assertThat(log).isEmpty();
    }

    assertThat(log).hasSize(1);
    assertThat(log.getFirst().line())
        .contains(" method=GET host=" + registry.name() + " path=/x?*** status=200 ms=")
        .endsWith(
            " received=12 sent=0 waited_ms=1500 retry=0 id="
                + registry.seen("GET", "/x").getFirst().header("X-Request-ID"));
  }

  @Test
  void aRedirectIsARequestOfItsOwnThatWasNotHeldUp() throws IOException {
    registry.on("GET", "^/from", FaultyRegistry.status(307, "", "Location: /to"));
    registry.on("GET", "^/to", FaultyRegistry.status(404, ""));
    new Redirects(transport).send(get("/from").heldUp(Duration.ofSeconds(1))).close();

    assertThat(log).extracting(sent -> sent.url().target()).containsExactly("/from", "/to");
    assertThat(log).extracting(sent -> sent.waited().toSeconds()).containsExactly(1L, 0L);
    assertThat(log.get(0).requestId()).isEqualTo(log.get(1).requestId());
  }

  @Test
  void aBodyIsCountedByItsLength() throws IOException {
    byte[] body = "a body".getBytes(StandardCharsets.UTF_8);
    transport.send(get("/x").asHead().with(new Request.Bytes(body, "text/plain"))).close();

    assertThat(log).extracting(SentRequest::sent).containsExactly(6L);
  }

  @Test
  void aRequestWithoutAnAnswerSaysWhy() {
    registry.close();

    assertThatThrownBy(() -> transport.send(get("/x"))).isInstanceOf(IOException.class);

    assertThat(log).hasSize(1);
    assertThat(log.getFirst().line()).contains(" status=- ").contains(" failure=");
  }

  @Test
  void aRetryHasItsNumber() throws IOException {
    registry.on("GET", "^/x", 2, FaultyRegistry.status(503, ""));
    registry.on("GET", "^/x", FaultyRegistry.status(200, ""));

    new Retries(5, Duration.ZERO)
        .call(
            () -> {
              try (Response answer = transport.send(get("/x"))) {
                if (answer.status() != 200) {
                  throw new IOException("again");
                }
                return Optional.empty();
              }
            });

    assertThat(log).extracting(SentRequest::retry).containsExactly(0, 1, 2);
  }

  @Test
  void profileSaysForEachHostWhatWasWaitedForAndNoPath() throws IOException {
    WaitProfile profile = new WaitProfile(log::add);
    transport.insert(next -> new RequestLog(profile, next));
    registry.on("GET", "^/x", FaultyRegistry.status(200, "twelve bytes"));
    for (int i = 0; i < 3; i++) {
      try (Response answer = transport.send(get("/x?sig=CANARY").heldUp(Duration.ofSeconds(2)))) {
        answer.body().readAllBytes();
      }
    }

    assertThat(profile.lines()).hasSize(1);
    assertThat(profile.lines().getFirst())
        .startsWith("profile=" + registry.name() + " seconds=")
        .contains(" requests=3 opened=", " at_once=1 busy=", " limited_s=6.00 ")
        .endsWith(" received=36 sent=0")
        .doesNotContain("CANARY", "/x");
    assertThat(log.getFirst().waits().opened()).isTrue();
    assertThat(log.getFirst().waits().firstByte()).isPositive();
  }

  @Test
  void requestWithoutAnAnswerCountsInTheProfileAndIsUnderWayNoMore() throws IOException {
    WaitProfile profile = new WaitProfile(log::add);
    transport.insert(next -> new RequestLog(profile, next));
    registry.close();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> transport.send(get("/x"))).isInstanceOf(IOException.class);
    }

    assertThat(profile.lines().getFirst()).contains(" requests=2 opened=0 at_once=1 ");
  }
}
