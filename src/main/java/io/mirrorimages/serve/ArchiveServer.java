package io.mirrorimages.serve;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.ErrorWords;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
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

  /**
   * How long a TLS handshake, or the head of a request, may take: several packets, each of which is
   * lost and sent again on a bad line. What holds connections without a request is bounded by their
   * number.
   */
  private static final Duration HEAD = Duration.ofSeconds(30);

  /** What a connection whose client is slow has in memory, in bytes, measured and rounded up. */
  private static final long PER_CONNECTION = 256 * 1024;

  private static final long PER_TLS_CONNECTION = 640 * 1024;

  /** How many connections may wait to be accepted; the system allows fewer perhaps. */
  private static final int BACKLOG = 1024;

  private final InetSocketAddress address;
  private final ConnectionAcceptor connections;
  private final StallGuard guard;
  private final RegistryHandler handler;

  private ArchiveServer(
      InetSocketAddress address,
      ConnectionAcceptor connections,
      StallGuard guard,
      RegistryHandler handler) {
    this.address = address;
    this.connections = connections;
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
    ServerSocket listener = listen(address);
    StallGuard guard = new StallGuard(options.patience());
    RegistryHandler handler =
        new RegistryHandler(archive, options.passwords(), guard, new ClientShares(share));
    return new ArchiveServer(
        (InetSocketAddress) listener.getLocalSocketAddress(),
        ConnectionAcceptor.start(listener, options.tls(), handler, HEAD, mostConnections(options)),
        guard,
        handler);
  }

  /** Where it listens, with the real port. */
  public InetSocketAddress address() {
    return address;
  }

  /** Takes no more requests; running answers have three seconds, then they are cut off. */
  @Override
  public void close() throws IOException {
    handler.stop();
    try {
      guard.awaitNone(GRACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connections.close();
    guard.close();
  }

  private static ServerSocket listen(InetSocketAddress address) throws IOException {
    ServerSocket listener = new ServerSocket();
    try {
      listener.setReuseAddress(true);
      listener.bind(address, BACKLOG);
      return listener;
    } catch (SocketException e) {
      listener.close();
      throw cannotListen(address, ErrorWords.of(e), e);
    }
  }

  private static int mostConnections(ServerOptions options) {
    long each = options.tls().isPresent() ? PER_TLS_CONNECTION : PER_CONNECTION;
    return Math.clamp(Runtime.getRuntime().maxMemory() / each, 1, Integer.MAX_VALUE);
  }

  /** As {@code HOST:PORT}, with an IPv6 address in brackets (RFC 3986, section 3.2.2). */
  public static String text(InetSocketAddress address) {
    String host = address.getHostString();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  private static TransferException cannotListen(
      InetSocketAddress address, String why, @Nullable IOException cause) {
    return new TransferException(
        FailureKind.ADDRESS,
        "can't listen on %s (%s): give another address or port".formatted(text(address), why),
        cause);
  }
}
