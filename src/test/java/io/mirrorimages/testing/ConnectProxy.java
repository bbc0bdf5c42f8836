package io.mirrorimages.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A proxy that makes tunnels for who knows its password; wherever they are asked for, they all lead
 * to one port of loopback.
 */
public final class ConnectProxy implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final String wanted;
  private final int port;

  /** Starts one for {@code user:password}. */
  public ConnectProxy(String credential, int port) throws IOException {
    byte[] plain = credential.getBytes(StandardCharsets.UTF_8);
    this.wanted = "proxy-authorization: basic " + Base64.getEncoder().encodeToString(plain);
    this.port = port;
    Thread.ofVirtual().start(this::serve);
  }

  /** {@code 127.0.0.1:port}. */
  public String name() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> tunnel(client));
      } catch (IOException e) {
        // The end of the test.
      }
    }
  }

  private void tunnel(Socket client) {
    try (client) {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = client.getInputStream().read();
        if (next < 0) {
          return;
        }
        head.append((char) next);
      }
      if (!head.toString()
          .regionMatches(true, head.indexOf("Proxy-A"), wanted, 0, wanted.length())) {
        String refusal =
            "HTTP/1.1 407 Proxy Authentication Required\r\n"
                + "Proxy-Authenticate: Basic realm=\"p\"\r\n"
                + "Content-Length: 0\r\n"
                + "Connection: close\r\n\r\n";
        client.getOutputStream().write(refusal.getBytes(StandardCharsets.ISO_8859_1));
        return;
      }
      try (Socket there = new Socket(InetAddress.getLoopbackAddress(), port)) {
        client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        Thread back = Thread.ofVirtual().start(() -> copy(there, client));
        copy(client, there);
        back.join();
      }
    } catch (IOException | InterruptedException e) {
      // One side hung up.
    }
  }

  private static void copy(Socket from, Socket to) {
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException e) {
      // One side hung up.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
