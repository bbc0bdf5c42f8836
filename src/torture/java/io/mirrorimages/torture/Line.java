package io.mirrorimages.torture;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A way to a registry that breaks: a proxy on a port of loopback. With signed addresses it has a
 * second port, where blobs are redirected to. Closing it cuts all connections.
 */
final class Line implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  /**
   * How a line is.
   *
   * @param name {@code source} or {@code target}
   * @param registryPort of the real one, on loopback
   * @param tokens who gives them, where they are wanted
   * @param signed whether blobs are redirected to signed addresses
   * @param stall the silence that the tool bears
   * @param pace how long each 32 KiB of a body take
   * @param brittle whether a chunk that breaks off is the end of its upload, as at Harbor
   */
  record Terms(
      String name,
      int registryPort,
      Optional<Tokens> tokens,
      boolean signed,
      Duration stall,
      Duration pace,
      boolean brittle) {
    boolean isTarget() {
      return name.equals("target");
    }
  }

  private final Terms terms;
  private final Faults faults;
  private final Ledger ledger;
  private final Blackout blackout;
  private final ServerSocket door;
  private final ServerSocket storage;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  /** Opens it. */
  Line(Terms terms, Faults faults, Ledger ledger, Blackout blackout) throws IOException {
    this.terms = terms;
    this.faults = faults;
    this.ledger = ledger;
    this.blackout = blackout;
    this.door = listen(false);
    this.storage = listen(true);
  }

  /** {@code localhost:port}, as in image names. */
  String name() {
    return "localhost:" + door.getLocalPort();
  }

  Terms terms() {
    return terms;
  }

  Faults faults() {
    return faults;
  }

  Ledger ledger() {
    return ledger;
  }

  Blackout blackout() {
    return blackout;
  }

  int storagePort() {
    return storage.getLocalPort();
  }

  private ServerSocket listen(boolean signed) throws IOException {
    ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(
            () -> {
              while (!server.isClosed()) {
                try {
                  Socket socket = server.accept();
                  ledger.connection(true);
                  sockets.add(socket);
                  Thread.ofVirtual().start(() -> serve(socket, signed));
                } catch (IOException e) {
                  // Closed, or a client that is gone again.
                }
              }
            });
    return server;
  }

  private void serve(Socket socket, boolean signed) {
    try (socket) {
      if (blackout.breaks()) {
        reset(socket);
        return;
      }
      socket.setTcpNoDelay(true);
      socket.setSendBufferSize(BUFFER);
      BufferedInputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER);
      OutputStream out = socket.getOutputStream();
      Optional<Head> request = Head.read(in);
      while (request.isPresent()) {
        ledger.request();
        if (blackout.begins() && blackout.breaks()) {
          sockets.forEach(Line::reset);
        }
        if (blackout.breaks()) {
          reset(socket);
          break;
        }
        blackout.hold();
        if (!new Exchange(this, request.get(), in, out, signed).run()) {
          break;
        }
        request = Head.read(in);
      }
    } catch (Body.CutException e) {
      reset(socket);
    } catch (IOException e) {
      // The other end is gone.
    } catch (RuntimeException e) {
      ledger.violation("the harness failed: " + e);
    } finally {
      sockets.remove(socket);
      ledger.connection(false);
    }
  }

  /** Some lines end in order (FIN), some do not (RST). */
  private static void reset(Socket socket) {
    try {
      if (socket.getPort() % 2 == 0) {
        socket.setSoLinger(true, 0);
      }
      socket.close();
    } catch (IOException e) {
      // As good as closed.
    }
  }

  /** No more faults: what was agreed on holds. */
  void calm() {
    faults.stop();
    blackout.end();
    terms.tokens().ifPresent(Tokens::calm);
  }

  @Override
  public void close() throws IOException {
    door.close();
    storage.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
