package io.mirrorimages.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server that sends whatever a test wants, byte by byte, also what is no HTTP. On loopback, a
 * free port. Keeps the heads of the requests. Closing it ends all connections.
 */
public final class RawServer implements AutoCloseable {
  private final ServerSocket door;
  private final Behaviour behaviour;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /** What happens on a connection; when it returns, the connection is closed. */
  @FunctionalInterface
  public interface Behaviour {
    /** Does it. */
    void on(Connection connection) throws IOException, InterruptedException;
  }

  /** Starts it. */
  public RawServer(Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket socket = door.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      behaviour.on(new Connection(socket));
    } catch (IOException e) {
      // The client has gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(socket);
    }
  }

  /** {@code 127.0.0.1:port}. */
  public String name() {
    return "127.0.0.1:" + door.getLocalPort();
  }

  /** The first lines of the requests so far. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** One connection; for one thread. */
  public final class Connection {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private Connection(Socket socket) throws IOException {
      this.socket = socket;
      socket.setTcpNoDelay(true);
      this.in = new BufferedInputStream(socket.getInputStream());
      this.out = socket.getOutputStream();
    }

    /** The head of the next request, without its body; empty if the client has hung up. */
    public String request() throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          return "";
        }
        head.append((char) next);
      }
      requests.add(head.substring(0, head.indexOf("\r\n")));
      return head.toString();
    }

    /** The server's {@code 127.0.0.1:port}. */
    public String name() {
      return RawServer.this.name();
    }

    /** The bytes of a request's body as they come. */
    public InputStream body() {
      return in;
    }

    /** Sends a text, whose characters are bytes. */
    public void send(String text) throws IOException {
      send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends bytes. */
    public void send(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }

    /** Sends a text one byte after the other. */
    public void trickle(String text, long millis) throws IOException, InterruptedException {
      for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
        out.write(b);
        out.flush();
        Thread.sleep(millis);
      }
    }

    /** Breaks the connection off (RST). */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  /** An answer with a body of known length. */
  public static String answer(int status, String body, String... headers) {
    return "HTTP/1.1 "
        + status
        + " so\r\nContent-Length: "
        + body.length()
        + "\r\n"
        + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n")
        + "\r\n"
        + body;
  }

  @Override
  public void close() throws IOException {
    door.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
