package io.mirrorimages.benchmark.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What it carries, and that it is never faster than it is to be; how exact it is, it says itself.
 */
@Timeout(30)
class ShapedLineTest {
  private final byte[] sent = new byte[300_000];
  private ServerSocket echo;

  @BeforeEach
  void serve() throws IOException {
    new Random(1).nextBytes(sent);
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::echo);
  }

  private void echo() {
    try {
      while (true) {
        Socket socket = echo.accept();
        Thread.ofVirtual()
            .start(
                () -> {
                  try (socket) {
                    socket.getInputStream().transferTo(socket.getOutputStream());
                  } catch (IOException e) {
                    // The line was cut.
                  }
                });
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  @AfterEach
  void stop() throws IOException {
    echo.close();
  }

  @Test
  void bytesArriveAsTheyWereSentNotBeforeRoundTripAndRateAllow() throws Exception {
    long began = System.nanoTime();

    assertThat(through("rtt=40,rate=1.5")).isEqualTo(sent);

    // Opening and passing: a round trip each; the bytes 200 ms, of which the slack spares 20.
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(250));
  }

  @Test
  void connectionHasNoMoreThanItsRate() throws Exception {
    long began = System.nanoTime();

    assertThat(through("rtt=0,rate=0,each=1.5")).isEqualTo(sent);

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(170));
  }

  @Test
  void connectionIsResetWhenItHasCarriedSoMuch() {
    assertThatThrownBy(() -> through("rtt=0,rate=0,cut=0.1")).isInstanceOf(IOException.class);
  }

  @Test
  void someRequestsAreLostWithTheirConnection() throws Exception {
    int lost = 0;
    try (ShapedLine line = new ShapedLine(LineSettings.parse("rtt=0,rate=0,lost=50"), 1)) {
      int port = line.to(echo.getLocalPort());
      for (int i = 0; i < 40; i++) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
          socket.getOutputStream().write(1);
          lost += socket.getInputStream().read() == 1 ? 0 : 1;
        } catch (IOException e) {
          lost++;
        }
      }
    }

    // The seed's random numbers, whichever connection has which of them.
    Random random = new Random(1);
    assertThat((long) lost).isEqualTo(random.doubles(40).filter(d -> d < 0.5).count());
  }

  @Test
  void settingsAreReadAndSaid() {
    assertThat(LineSettings.parse("rtt=20,each=6,cut=50,lost=1"))
        .isEqualTo(new LineSettings(Duration.ofMillis(20), 12.5e6, 6e6, 50_000_000, 0.01))
        .hasToString(
            "round trip 20 ms, 12.5 MB/s in all, 6.0 MB/s per connection,"
                + " a cut each 50.0 MB of a connection, 1.0 % of requests lost");
    assertThat(LineSettings.USUAL.seconds(25e6)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "rtt", "rtt=x", "rtt=-1", "rate=NaN", "lost=100", "speed=3"})
  void whatIsNoSettingIsRefused(String words) {
    assertThatThrownBy(() -> LineSettings.parse(words))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private byte[] through(String settings) throws Exception {
    try (ShapedLine line = new ShapedLine(LineSettings.parse(settings), 1);
        Socket socket =
            new Socket(InetAddress.getLoopbackAddress(), line.to(echo.getLocalPort()))) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  socket.getOutputStream().write(sent);
                  socket.shutdownOutput();
                } catch (IOException e) {
                  // The line was cut.
                }
              });
      return socket.getInputStream().readAllBytes();
    }
  }
}
