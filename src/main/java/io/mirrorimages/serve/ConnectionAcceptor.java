package io.mirrorimages.serve;

import java.io.Closeable;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.HttpException;

/**
 * Takes the connections that come to a port, each into a virtual thread of its own, up to a number;
 * those beyond are closed at once. Thread-safe.
 */
final class ConnectionAcceptor implements Closeable {
  private static final Duration PAUSE_AFTER_ERROR = Duration.ofMillis(100);

  private final ServerSocket listener;
  private final Optional<SSLContext> tls;
  private final RegistryHandler handler;
  private final StallGuard heads;
  private final Semaphore free;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private ConnectionAcceptor(
      ServerSocket listener,
      Optional<SSLContext> tls,
      RegistryHandler handler,
      Duration headLimit,
      int most) {
    this.listener = listener;
    this.tls = tls;
    this.handler = handler;
    this.heads = new StallGuard(headLimit);
    this.free = new Semaphore(most);
  }

  /**
   * Starts to take connections.
   *
   * @param listener bound already; closed by {@link #close}
   * @param headLimit how long the TLS handshake, and the head of a request, may take
   * @param most how many connections there may be at once
   */
  static ConnectionAcceptor start(
      ServerSocket listener,
      Optional<SSLContext> tls,
      RegistryHandler handler,
      Duration headLimit,
      int most) {
    ConnectionAcceptor acceptor = new ConnectionAcceptor(listener, tls, handler, headLimit, most);
    Thread.ofPlatform().daemon().name("connections").start(acceptor::acceptAll);
    return acceptor;
  }

  /** Takes no more connections, interrupts the threads of all there are, and waits for them. */
  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
    threads.close();
    heads.close();
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        accept(listener.accept());
      } catch (IOException e) {
        // Closed, or no file is free for it: others will end.
        pause();
      } catch (OutOfMemoryError e) {
        // Costs one client, not all that come later.
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        pause();
      }
    }
  }

  private void accept(Socket socket) throws IOException {
    if (!free.tryAcquire()) {
      socket.close();
      return;
    }
    boolean taken = false;
    try {
      threads.execute(() -> serve(socket));
      taken = true;
    } catch (RejectedExecutionException e) {
      // Closed meanwhile.
    } finally {
      if (!taken) {
        free.release();
        socket.close();
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      ServerConnection.serve(socket, tls, heads, handler);
    } catch (IOException | HttpException e) {
      // The client has gone, or took nothing.
    } finally {
      free.release();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_AFTER_ERROR);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
