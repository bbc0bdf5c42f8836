package io.mirrorimages.benchmark.line;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A line to servers of this machine. All connections share its rate, to whichever of the servers;
 * the two directions do not share theirs. Each connection has four threads, platform ones: they
 * wake closer to their time than virtual ones. TCP's slow start and lost packets are not simulated:
 * a connection has its full rate from its first byte on.
 */
public final class ShapedLine implements AutoCloseable {
  /** Receive buffers, so that what a sender has got rid of is on the line and not in a buffer. */
  static final int BUFFER = 128 * 1024;

  private static final int BACKLOG = 256;

  private final LineSettings settings;
  private final Random random;
  private final Pace up;
  private final Pace down;
  private final Set<ServerSocket> listeners = ConcurrentHashMap.newKeySet();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  /**
   * A line without a server.
   *
   * @param seed of which requests are lost
   */
  public ShapedLine(LineSettings settings, long seed) {
    this.settings = settings;
    this.random = new Random(seed);
    long now = System.nanoTime();
    this.up = new Pace(settings.rate(), now);
    this.down = new Pace(settings.rate(), now);
  }

  /** What it is like. */
  public LineSettings settings() {
    return settings;
  }

  /** The near end of the line to a port of loopback: itself a port there. */
  public int to(int port) throws IOException {
    ServerSocket listener = new ServerSocket();
    listener.setReceiveBufferSize(BUFFER);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    listeners.add(listener);
    Thread.ofPlatform().daemon().start(() -> accept(listener, port));
    return listener.getLocalPort();
  }

  private void accept(ServerSocket listener, int port) {
    try (listener) {
      while (true) {
        Connection connection = new Connection(listener.accept(), settings, this::loses);
        connections.add(connection);
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    connection.run(port, up, down);
                  } finally {
                    connections.remove(connection);
                  }
                });
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private boolean loses() {
    synchronized (random) {
      return settings.lost() > 0 && random.nextDouble() < settings.lost();
    }
  }

  /** Takes it away: no further connections; those that are there are reset. */
  @Override
  public void close() {
    for (ServerSocket listener : listeners) {
      try {
        listener.close();
      } catch (IOException e) {
        // Nobody is to connect there any more.
      }
    }
    connections.forEach(Connection::reset);
  }
}
