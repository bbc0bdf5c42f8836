package io.mirrorimages.serve;

import com.sun.net.httpserver.HttpServer;
import io.mirrorimages.archive.ArchiveReader;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A read-only registry over an archive: the pull half of OCI distribution-spec v1.1, plain HTTP.
 *
 * <p>A repository is found under its path ({@code rancher/shell}; of several registries the first
 * in the archive that has it, or the one named by {@code ?ns=}) and under its full name ({@code
 * docker.io/rancher/shell}). Content is served only below a repository whose images lead to it.
 *
 * <p>Thread-safe. One virtual thread and one buffer per request, so memory does not depend on the
 * size of blobs. The reader belongs to the caller, who closes it after the server.
 */
public final class ArchiveServer implements Closeable {
  static {
    // Read once, when the server's classes load. Without it small answers wait for the client's
    // delayed acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads;

  private ArchiveServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Starts serving; port 0 takes any free one.
   *
   * @throws MirrorException {@link Reason#NETWORK} if the address can't be listened on
   */
  public static ArchiveServer start(ArchiveReader archive, InetSocketAddress address)
      throws IOException {
    if (address.isUnresolved()) {
      throw cannotListen(address, "the host is not known", null);
    }
    HttpServer server;
    try {
      server = HttpServer.create(address, 0);
    } catch (BindException e) {
      throw cannotListen(address, e.getMessage(), e);
    }
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(threads);
    server.createContext("/", new RegistryHandler(archive));
    server.start();
    return new ArchiveServer(server, threads);
  }

  /** Where it listens, with the real port. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Stops at once; running answers are cut off. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    threads.close();
  }

  private static MirrorException cannotListen(
      InetSocketAddress address, String why, IOException cause) {
    return new MirrorException(
        Reason.NETWORK,
        "can't listen on %s:%d (%s): give another address or port"
            .formatted(address.getHostString(), address.getPort(), why),
        cause);
  }
}
