package io.mirrorimages.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.write.ArchiveWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that send no request, and more of them than there may be. */
@Timeout(120)
class ConnectionAcceptorTest {
  private static final String PING = "GET /v2/ HTTP/1.1\r\nHost: a\r\n\r\n";

  @TempDir private Path folder;
  private ArchiveReader archive;
  private StallGuard guard;
  private ServerSocket listener;

  @BeforeEach
  void listen() throws IOException {
    Path file = folder.resolve("empty.tar");
    try (ArchiveWriter writer = ArchiveWriter.create(file, List.of())) {
      writer.finish(List.of());
    }
    archive = ArchiveReader.open(file);
    guard = new StallGuard(Duration.ofMinutes(1));
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    listener.close();
    guard.close();
    archive.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "G", "GET /v2/ HTTP/1.1\r\nHost: a\r\n"})
  void aRequestThatDoesNotComeIsEnded(String begun) throws IOException {
    try (ConnectionAcceptor _ = start(Optional.empty(), Duration.ofMillis(200), 10);
        Socket socket = connect(begun)) {
      assertThat(socket.getInputStream().readAllBytes()).isEmpty();
    }
  }

  @Test
  void aTlsHandshakeThatDoesNotGoOnIsEnded() throws Exception {
    try (ConnectionAcceptor _ =
            start(Optional.of(SSLContext.getDefault()), Duration.ofMillis(200), 10);
        Socket socket = connect("\u0016")) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void plainHttpWhereTlsIsExpectedGetsAPlainResponse() throws Exception {
    try (ConnectionAcceptor _ =
            start(Optional.of(SSLContext.getDefault()), Duration.ofSeconds(20), 10);
        Socket socket = connect(PING)) {
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 400 Bad Request\r\n")
          .contains("this port is for https");
    }
  }

  @Test
  void aConnectionTooManyIsClosedUntilAnotherHasEnded() throws IOException {
    try (ConnectionAcceptor _ = start(Optional.empty(), Duration.ofSeconds(20), 1)) {
      try (Socket first = connect(PING)) {
        assertThat(first.getInputStream().read()).isEqualTo('H');
        try (Socket second = connect("")) {
          assertThat(second.getInputStream().read()).isEqualTo(-1);
        }
      }
      while (!answers()) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void closingItEndsAllConnections() throws IOException {
    try (Socket silent = new Socket();
        Socket idle = new Socket()) {
      try (ConnectionAcceptor _ = start(Optional.empty(), Duration.ofSeconds(20), 10)) {
        silent.connect(listener.getLocalSocketAddress());
        idle.connect(listener.getLocalSocketAddress());
        idle.getOutputStream().write(PING.getBytes(StandardCharsets.US_ASCII));
        assertThat(idle.getInputStream().read()).isEqualTo('H');
      }
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
      assertThat(new String(idle.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .endsWith("{}");
    }
  }

  private boolean answers() {
    try (Socket socket = connect(PING)) {
      return socket.getInputStream().read() == 'H';
    } catch (IOException e) {
      return false;
    }
  }

  private ConnectionAcceptor start(Optional<SSLContext> tls, Duration headLimit, int most) {
    RegistryHandler handler =
        new RegistryHandler(archive, Optional.empty(), guard, new ClientShares(10));
    return ConnectionAcceptor.start(listener, tls, handler, headLimit, most);
  }

  private Socket connect(String text) throws IOException {
    Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort());
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }
}
