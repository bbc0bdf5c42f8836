package io.mirrorimages.registry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.testing.RawServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kept connections that the other side has closed, of which it says nothing. */
@Timeout(120)
class StaleConnectionTest {
  private final Transport transport = TestSettings.transport(TestSettings.quick());

  @AfterEach
  void close() {
    transport.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "DELETE"})
  void aRequestThatMeetsOneGoesOutOnAFreshOne(String method) throws IOException {
    AtomicInteger connections = new AtomicInteger();
    try (RawServer server =
        new RawServer(
            c -> {
              connections.incrementAndGet();
              c.request();
              c.send(RawServer.answer(200, "well"));
              // The next one finds out: what it sends is answered by a reset.
              if (!c.request().isEmpty()) {
                c.reset();
              }
            })) {
      get(server);
      assertThat(text(send(server, method, Optional.empty()))).isEqualTo("well");
      assertThat(connections).hasValue(2);
    }
  }

  @Test
  void aBodyThatCanBeReadAgainIsSentAgain() throws IOException {
    try (RawServer server = resetting(100_000)) {
      get(server);
      InputStream content = new ByteArrayInputStream(new byte[1 << 20]);
      Response answer = send(server, "PUT", Optional.of(new Request.Once(content, 1 << 20)));
      assertThat(text(answer)).isEqualTo("1048576");
    }
  }

  @Test
  void aBodyThatCanBeReadOnceIsSentAgainWhileItsBeginIsHeld() throws IOException {
    try (RawServer server = resetting(0)) {
      get(server);
      Response answer = send(server, "PUT", Optional.of(new Request.Once(once(5000), 5000)));
      assertThat(text(answer)).isEqualTo("5000");
    }
  }

  @Test
  void noConnectionIsTakenBeforeTheContentBegins() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    try (RawServer server =
        new RawServer(
            c -> {
              String head = c.request();
              if (head.startsWith("PUT")) {
                c.body().readNBytes(10);
                c.send(RawServer.answer(201, "stored"));
              } else {
                c.send(RawServer.answer(200, "well"));
                gone.countDown();
              }
            })) {
      get(server);
      InputStream late =
          new InputStream() {
            private int left = 10;

            @Override
            public int read() throws IOException {
              try {
                gone.await();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              return left-- > 0 ? 'x' : -1;
            }
          };
      Response answer = send(server, "PUT", Optional.of(new Request.Once(late, 10)));
      assertThat(text(answer)).isEqualTo("stored");
    }
  }

  @Test
  void allThatAreIdleAreDroppedTogether() throws Exception {
    int many = 8;
    CountDownLatch all = new CountDownLatch(many);
    AtomicInteger connections = new AtomicInteger();
    try (RawServer server =
        new RawServer(
            c -> {
              boolean early = connections.incrementAndGet() <= many;
              c.request();
              if (early) {
                all.countDown();
                all.await();
              }
              c.send(RawServer.answer(200, "well"));
              if (!c.request().isEmpty()) {
                c.reset();
              }
            })) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        threads.add(Thread.ofVirtual().start(() -> getQuietly(server)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(text(send(server, "GET", Optional.empty()))).isEqualTo("well");
      // One of those that were kept, and a fresh one.
      assertThat(server.requests()).hasSize(many + 2);
    }
  }

  @Test
  void aFreshConnectionThatBreaksIsAFailure() throws IOException {
    try (RawServer server =
        new RawServer(
            c -> {
              c.request();
              c.reset();
            })) {
      assertThatThrownBy(() -> get(server)).isInstanceOf(IOException.class);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aChunkThatWentOutAsAWholeIsNotRepeated() throws IOException {
    try (RawServer server = resetting(0)) {
      get(server);
      Request.Once chunk = new Request.Once(new ByteArrayInputStream(new byte[10]), 10);
      assertThatThrownBy(() -> send(server, "PATCH", Optional.of(chunk)))
          .isInstanceOf(IOException.class);
      assertThat(server.requests()).hasSize(2);
    }
  }

  /** Resets the second request of its first connection after so many bytes; counts other bodies. */
  private static RawServer resetting(int after) throws IOException {
    AtomicInteger connections = new AtomicInteger();
    return new RawServer(
        c -> {
          boolean first = connections.incrementAndGet() == 1;
          String head = c.request();
          while (!head.isEmpty()) {
            int length =
                head.lines()
                    .filter(line -> line.startsWith("Content-Length: "))
                    .mapToInt(line -> Integer.parseInt(line.substring(16)))
                    .findFirst()
                    .orElse(0);
            if (first && length > 0) {
              c.body().readNBytes(after);
              c.reset();
              return;
            }
            c.send(RawServer.answer(200, "" + c.body().readNBytes(length).length));
            head = c.request();
          }
        });
  }

  private static InputStream once(int length) {
    ByteArrayInputStream bytes = new ByteArrayInputStream(new byte[length]);
    return new InputStream() {
      @Override
      public int read() {
        return bytes.read();
      }

      @Override
      public int read(byte[] buffer, int offset, int count) {
        return bytes.read(buffer, offset, count);
      }
    };
  }

  private void getQuietly(RawServer server) {
    try {
      get(server);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void get(RawServer server) throws IOException {
    text(send(server, "GET", Optional.empty()));
  }

  private static String text(Response answer) throws IOException {
    try (answer) {
      String text = new String(answer.body().readAllBytes());
      answer.finish();
      return text;
    }
  }

  private Response send(RawServer server, String method, Optional<Request.Once> body)
      throws IOException {
    Request call =
        Request.of(
            method, Url.parse("http://" + server.name() + "/x"), java.time.Duration.ofSeconds(5));
    return transport.send(body.isPresent() ? call.with(body.get()) : call);
  }
}
