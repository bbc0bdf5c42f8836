package io.mirrorimages.registry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.registry.http.wire.Timeouts;
import io.mirrorimages.registry.http.wire.TooSlowException;
import io.mirrorimages.testing.RawServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Servers that are never silent for long, and would hold a worker for ever. */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class SlowServerTest {
  /** A busy machine may keep a server from its next byte for less than a second. */
  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(1));

  private static final String ENDLESS = "a".repeat(100_000);

  private final Transport transport = TestSettings.transport(TestSettings.quick().with(TIMEOUTS));

  @AfterEach
  void close() {
    transport.close();
  }

  @Test
  void aHeadThatTricklesIsCut() throws IOException {
    try (RawServer server = trickling("HTTP/1.1 200 OK\r\nX-A: ")) {
      assertThatThrownBy(() -> get(server)).isInstanceOf(TooSlowException.class);
    }
  }

  @Test
  void aDocumentThatTricklesIsCut() throws IOException {
    try (RawServer server = trickling("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        Response answer = get(server)) {
      assertThatThrownBy(() -> answer.document(1000)).isInstanceOf(TooSlowException.class);
    }
  }

  @Test
  void theLengthOfAChunkThatTricklesIsCut() throws IOException {
    try (RawServer server = trickling("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=");
        Response answer = get(server)) {
      assertThatThrownBy(() -> answer.body().read()).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aBlobThatTricklesIsCut() throws IOException {
    try (RawServer server = trickling("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        Response answer = get(server)) {
      assertThatThrownBy(() -> answer.body().readAllBytes()).isInstanceOf(TooSlowException.class);
    }
  }

  @Test
  void whatNobodyWantsIsNotWaitedForLong() throws IOException {
    try (RawServer server = trickling("HTTP/1.1 307 so\r\nContent-Length: 100000\r\n\r\n")) {
      long began = System.nanoTime();
      get(server).finish();
      // All of it would take more than an hour.
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMinutes(1));
    }
  }

  @Test
  void aBodyAtTheLeastRateComesThrough() throws IOException {
    // It takes longer than a body may be slow, which is three times the stall timeout. 64 bytes a
    // second are the least: on a busy machine 100 may take half as long again.
    int tenths = 35;
    try (RawServer server =
            new RawServer(
                c -> {
                  c.request();
                  c.send("HTTP/1.1 200 OK\r\nContent-Length: " + tenths * 10 + "\r\n\r\n");
                  for (int i = 0; i < tenths; i++) {
                    Thread.sleep(100);
                    c.send("b".repeat(10));
                  }
                });
        Response answer = get(server)) {
      assertThat(answer.body().readAllBytes()).hasSize(tenths * 10);
    }
  }

  @Test
  void whoReadsSlowlyIsNotTheServersFault() throws Exception {
    try (RawServer server =
            new RawServer(
                c -> {
                  c.request();
                  c.send(RawServer.answer(200, "abcdef"));
                  c.request();
                });
        Response answer = get(server)) {
      InputStream body = answer.body();
      for (int i = 0; i < 6; i++) {
        // All together more than a server may be slow.
        Thread.sleep(600);
        assertThat(body.read()).isEqualTo('a' + i);
      }
    }
  }

  @Test
  void interimAnswersWithoutEndAreNotWaitedFor() throws IOException {
    try (RawServer server =
        new RawServer(
            c -> {
              c.request();
              while (true) {
                c.send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".repeat(100));
              }
            })) {
      assertThatThrownBy(() -> get(server)).hasMessageContaining("interim");
      assertThatThrownBy(() -> put(server, 10)).hasMessageContaining("interim");
    }
  }

  @Test
  void someInterimAnswersArePassedOver() throws IOException {
    try (RawServer server =
            new RawServer(
                c -> {
                  c.request();
                  c.send("HTTP/1.1 102 Processing\r\n\r\n".repeat(3));
                  c.send(RawServer.answer(201, ""));
                });
        Response answer = put(server, 10)) {
      assertThat(answer.status()).isEqualTo(201);
    }
  }

  @Test
  void anUploadThatIsTakenByteByByteIsCut() throws IOException {
    try (RawServer server =
        new RawServer(
            c -> {
              c.request();
              while (c.body().read() >= 0) {
                Thread.sleep(50);
              }
            })) {
      assertThatThrownBy(() -> put(server, 1 << 25)).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aHandshakeThatTricklesIsCut() throws IOException {
    Timeouts impatience =
        new Timeouts(Duration.ofMillis(300), Duration.ofMillis(200), Duration.ofSeconds(1));
    try (Transport impatient = TestSettings.transport(TestSettings.quick().with(impatience));
        RawServer server =
            new RawServer(
                c -> {
                  // A record of a handshake that is 16 KiB long, which never comes to its end.
                  c.send("\u0016\u0003\u0003\u0040\u0000\u0002\u0000\u003f\u00fc");
                  c.trickle(ENDLESS, 50);
                })) {
      assertThatThrownBy(() -> send(impatient, "GET", "https://" + server.name(), Optional.empty()))
          .isInstanceOf(IOException.class);
    }
  }

  private static RawServer trickling(String begin) throws IOException {
    return new RawServer(
        c -> {
          c.request();
          c.send(begin);
          c.trickle(ENDLESS, 50);
        });
  }

  private Response get(RawServer server) throws IOException {
    return send(transport, "GET", "http://" + server.name(), Optional.empty());
  }

  private Response put(RawServer server, int bytes) throws IOException {
    return send(
        transport,
        "PUT",
        "http://" + server.name(),
        Optional.of(new Request.Once(new ByteArrayInputStream(new byte[bytes]), bytes)));
  }

  private static Response send(
      Transport transport, String method, String url, Optional<Request.Once> body)
      throws IOException {
    Request call = Request.of(method, Url.parse(url + "/x"), TIMEOUTS.stall());
    return transport.send(body.isPresent() ? call.with(body.get()) : call);
  }
}
