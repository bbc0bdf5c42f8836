package io.mirrorimages.serve;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A read-only registry over an archive: the pull half of OCI distribution-spec v1.1 with referrers,
 * over HTTP or TLS, for everybody or by Basic authentication.
 *
 * <p>A repository is found under its path ({@code rancher/shell}; of several registries the first
 * in the archive that has it, or the one named by {@code ?ns=}) and under its full name ({@code
 * docker.io/rancher/shell}). Content is served only below a repository whose images lead to it.
 *
 * <p>Thread-safe. One virtual thread and one buffer per request, so memory does not depend on the
 * size of blobs. Connections beyond what the heap has room for (with 256 MB about 1000, over TLS
 * 400) are closed at once, and clients try again. One client address has at most half of the
 * answers that may be on their way; more get 429. The reader belongs to the caller, who closes it
 * after the server.
 */
public final class ArchiveServer implements Closeable {
  /** How long running answers may go on after {@link #close}. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  /** What a connection whose client is slow has in memory, in bytes, measured and rounded up. */
  private static final long PER_CONNECTION = 256 * 1024;

  private static final long PER_TLS_CONNECTION = 640 * 1024;

  private final HttpServer server;
  private final ExchangeThreads threads;
  private final StallGuard guard;
  private final RegistryHandler handler;

  private ArchiveServer(
      HttpServer server, ExchangeThreads threads, StallGuard guard, RegistryHandler handler) {
    this.server = server;
    this.threads = threads;
    this.guard = guard;
    this.handler = handler;
  }

  /** As {@link #start(ArchiveReader, InetSocketAddress, ServerOptions)}, for everybody. */
  public static ArchiveServer start(ArchiveReader archive, InetSocketAddress address)
      throws IOException {
    return start(archive, address, ServerOptions.defaults());
  }

  /**
   * Starts serving; port 0 takes any free one.
   *
   * @throws TransferException {@link FailureKind#NETWORK} if the address can't be listened on
   */
  public static ArchiveServer start(
      ArchiveReader archive, InetSocketAddress address, ServerOptions options) throws IOException {
    return start(archive, address, options, Math.max(1, mostConnections(options) / 2));
  }

  /**
   * The same.
   *
   * @param share how many answers one client address may have on their way
   */
  static ArchiveServer start(
      ArchiveReader archive, InetSocketAddress address, ServerOptions options, int share)
      throws IOException {
    if (address.isUnresolved()) {
      throw cannotListen(address, "the host is not known", null);
    }
    HttpServer server;
    try {
      server = create(address, options);
    } catch (SocketException e) {
      throw cannotListen(address, String.valueOf(e.getMessage()), e);
    }
    ExchangeThreads threads = new ExchangeThreads(options.tls().isEmpty());
    StallGuard guard = new StallGuard(options.patience());
    server.setExecutor(threads);
    RegistryHandler handler =
        new RegistryHandler(archive, options.passwords(), guard, threads, new ClientShares(share));
    server.createContext("/", handler);
    server.start();
    return new ArchiveServer(server, threads, guard, handler);
  }

  /** Where it listens, with the real port. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Takes no more requests; running answers have three seconds, then they are cut off. */
  @Override
  public void close() {
    handler.stop();
    try {
      guard.awaitNone(GRACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // Closes the connections of those that stall; the server itself would wait for them over TLS.
    threads.shutdownNow();
    server.stop(0);
    threads.close();
    guard.close();
  }

  private static HttpServer create(InetSocketAddress address, ServerOptions options)
      throws IOException {
    // The server reads these once, when its classes load. Without this one small answers wait for
    // the client's delayed acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    // From the connection on: with hundreds of clients at once on a busy machine one second was too
    // little, though a request is one packet. A real TLS greeting takes several, and work. What has
    // begun and does not go on, ExchangeThreads ends earlier.
    System.setProperty("sun.net.httpserver.maxReqTime", options.tls().isPresent() ? "20" : "3");
    System.setProperty("sun.net.httpserver.timerMillis", "250");
    System.setProperty("jdk.httpserver.maxConnections", Integer.toString(mostConnections(options)));
    if (options.tls().isEmpty()) {
      return HttpServer.create(address, 0);
    }
    HttpsServer server = HttpsServer.create(address, 0);
    server.setHttpsConfigurator(new HttpsConfigurator(options.tls().get()));
    return server;
  }

  private static int mostConnections(ServerOptions options) {
    long each = options.tls().isPresent() ? PER_TLS_CONNECTION : PER_CONNECTION;
    return Math.clamp(Runtime.getRuntime().maxMemory() / each, 1, Integer.MAX_VALUE);
  }

  private static TransferException cannotListen(
      InetSocketAddress address, String why, @Nullable IOException cause) {
    return new TransferException(
        FailureKind.ADDRESS,
        "can't listen on %s:%d (%s): give another address or port"
            .formatted(address.getHostString(), address.getPort(), why),
        cause);
  }
}
