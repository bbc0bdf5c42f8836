package io.mirrorimages.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The line to a server, which can be cut in two ways, as often as wanted: the host refuses
 * connections and breaks those there are, as one that was stopped; or it is silent, as behind a
 * router that restarts: connections stand, or can be made, but no byte comes. Thread-safe.
 */
public final class Cable implements Closeable {
  private static final String HOST = "localhost";

  private final int server;
  private final int port;
  private final AtomicLong passed = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private ServerSocket listener;
  private volatile boolean silent;
  private volatile long bytesPerSecond = Long.MAX_VALUE;
  private volatile long mostPerConnection = Long.MAX_VALUE;

  /** A line to {@code localhost:server}. */
  public Cable(int server) throws IOException {
    this.server = server;
    this.listener = new ServerSocket(0, 50, InetAddress.getByName(HOST));
    this.port = listener.getLocalPort();
    accept(listener);
  }

  /** Its end, {@code localhost:port}. */
  public String name() {
    return HOST + ":" + port;
  }

  /** How many bytes a second each connection brings from now on. */
  public Cable at(long rate) {
    bytesPerSecond = rate;
    return this;
  }

  /** From now on each connection breaks when it has brought so many bytes to the server. */
  public Cable cutAfter(long bytes) {
    mostPerConnection = bytes;
    return this;
  }

  /** How many bytes it has brought to the server. */
  public long sent() {
    return sent.get();
  }

  /** How many bytes it has brought from the server. */
  public long passed() {
    return passed.get();
  }

  /** How many connections were made over it, so far. */
  public long connections() {
    return connections.get();
  }

  /** From now on connections are refused, and those there are break. */
  public synchronized void refuse() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      reset(socket);
    }
    sockets.clear();
  }

  /** Closes it as a host does that knows nothing of it. */
  private static void reset(Socket socket) throws IOException {
    try {
      socket.setSoLinger(true, 0);
    } catch (SocketException e) {
      // It is closed already.
    }
    socket.close();
  }

  /** From now on no byte passes. */
  public void silence() {
    silent = true;
  }

  /** All is well again. */
  public synchronized void restore() throws IOException {
    silent = false;
    if (listener.isClosed()) {
      listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(HOST, port));
      accept(listener);
    }
  }

  private void accept(ServerSocket from) {
    Thread.ofVirtual()
        .start(
            () -> {
              while (!from.isClosed()) {
                try {
                  Socket near = from.accept();
                  connections.incrementAndGet();
                  Socket far = new Socket(HOST, server);
                  if (!join(from, near, far)) {
                    continue;
                  }
                  Thread.ofVirtual().start(() -> pump(near, far, sent));
                  Thread.ofVirtual().start(() -> pump(far, near, passed));
                } catch (IOException e) {
                  // It was cut.
                }
              }
            });
  }

  /** False, and both are closed, if the line was cut since the connection was accepted. */
  private synchronized boolean join(ServerSocket from, Socket near, Socket far) throws IOException {
    if (from.isClosed()) {
      reset(near);
      reset(far);
      return false;
    }
    sockets.add(near);
    sockets.add(far);
    return true;
  }

  private void pump(Socket from, Socket to, AtomicLong counter) {
    boolean upwards = counter == sent;
    long brought = 0;
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] buffer = new byte[8192];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        while (silent) {
          Thread.sleep(20);
        }
        counter.addAndGet(count);
        if (!upwards) {
          Thread.sleep(count * 1000L / bytesPerSecond);
        }
        out.write(buffer, 0, count);
        brought += count;
        if (upwards && brought >= mostPerConnection) {
          reset(from);
          return;
        }
      }
    } catch (IOException e) {
      // It was cut, or one side has enough.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  @Override
  public void close() {
    try {
      silent = false;
      refuse();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
