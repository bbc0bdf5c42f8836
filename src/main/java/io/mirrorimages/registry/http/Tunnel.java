package io.mirrorimages.registry.http;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.route.EnvironmentProxy.Proxy;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A tunnel through a proxy (RFC 9110, 9.3.6) for callers that need the bare connection. The
 * client's own tunnel waits for ever for a silent proxy; here the socket's timeout counts.
 */
final class Tunnel {
  private static final int LONGEST_ANSWER = 64 * 1024;

  private Tunnel() {}

  /**
   * Asks for a connection to {@code server}. What follows on the socket is said to that server.
   *
   * @param socket a connection to the proxy, closed by the caller
   * @param patience for its whole answer
   * @throws TransferException {@link FailureKind#NETWORK} if the proxy refuses
   */
  static void open(Socket socket, Url server, Proxy proxy, Duration patience) throws IOException {
    String target = server.host() + ":" + server.port();
    String authorization =
        proxy
            .credential()
            .map(c -> "Proxy-Authorization: " + Transport.basic(c) + "\r\n")
            .orElse("");
    String request =
        "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n" + authorization + "\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    String answer = head(socket.getInputStream(), System.nanoTime() + patience.toNanos());
    if (!answer.matches("(?s)HTTP/1\\.[01] 2.*")) {
      throw new TransferException(
          FailureKind.NETWORK,
          "the proxy "
              + proxy
              + " makes no connection to "
              + target
              + ": "
              + ErrorText.line(answer.lines().findFirst().orElse(""))
              + (answer.contains(" 407 ")
                  ? "; give user and password in HTTPS_PROXY: http://user:password@host:port"
                  : "; let it, or except the registry in NO_PROXY"));
    }
  }

  /** Up to the empty line, and not a byte more: what follows is the server's. */
  private static String head(InputStream in, long end) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < LONGEST_ANSWER && head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the proxy hung up");
      }
      if (System.nanoTime() - end > 0) {
        throw new SocketTimeoutException("the proxy is too slow");
      }
      head.append((char) next);
    }
    return head.toString();
  }
}
