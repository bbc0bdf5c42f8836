package io.mirrorimages.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * A server whose clock is wrong: it answers every request with 200, nothing, and a Date of its own,
 * which the JDK's server does not let one choose. Plain http on loopback.
 */
public final class OtherClock implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Duration ahead;

  /** Starts one whose clock is so far before this machine's. */
  public OtherClock(Duration ahead) throws IOException {
    this.ahead = ahead;
    Thread.ofVirtual().start(this::serve);
  }

  /** {@code 127.0.0.1:port}. */
  public String name() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        answer(socket);
      } catch (IOException e) {
        // A client that went away, or the end of the test.
      }
    }
  }

  private void answer(Socket socket) throws IOException {
    BufferedReader head =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    for (String line = head.readLine(); line != null && !line.isEmpty(); line = head.readLine()) {
      // What is asked does not matter.
    }
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plus(ahead));
    socket
        .getOutputStream()
        .write(
            "HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .formatted(date)
                .getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
