package io.mirrorimages.registry.http;

import io.mirrorimages.registry.http.wire.Timeouts;
import io.mirrorimages.route.EnvironmentProxy.Proxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * Makes connections that carry no request, outside of the pool: through the proxy if there is one.
 * Thread-safe; calls block.
 */
public final class Connector {
  private final Transport transport;
  private final Timeouts timeouts;

  /** Connects as {@code transport} would, with the side's certificates and proxy. */
  public Connector(Transport transport, Timeouts timeouts) {
    this.transport = transport;
    this.timeouts = timeouts;
  }

  /**
   * Connects to the server of {@code url}.
   *
   * @param silent receives the addresses that did not answer before, where the name has several
   * @return to be closed by the caller; a read from it takes no longer than the longest accepted
   *     silence
   */
  public Socket open(Url url, List<String> silent) throws IOException {
    transport.checkProxy(url);
    Optional<Proxy> proxy = transport.proxyOf(url);
    try {
      Socket socket =
          proxy.isPresent()
              ? dial(proxy.get().host(), proxy.get().port(), silent)
              : dial(url.bareHost(), url.port(), silent);
      boolean opened = false;
      try {
        socket.setSoTimeout((int) timeouts.stall().toMillis());
        if (proxy.isPresent() && url.isHttps()) {
          Tunnel.open(socket, url, proxy.get(), timeouts.head(timeouts.stall()));
        }
        opened = true;
        return socket;
      } finally {
        if (!opened) {
          socket.close();
        }
      }
    } catch (IOException e) {
      throw Failures.of(e, url, transport);
    }
  }

  /** One address after the other, as a transfer does it. */
  private Socket dial(String host, int port, List<String> silent) throws IOException {
    IOException failure = new UnknownHostException(host);
    for (InetAddress address : InetAddress.getAllByName(host)) {
      Socket socket = new Socket();
      try {
        socket.connect(new InetSocketAddress(address, port), (int) timeouts.connect().toMillis());
        return socket;
      } catch (IOException e) {
        socket.close();
        silent.add(address.getHostAddress());
        failure = e;
      }
    }
    throw failure;
  }
}
