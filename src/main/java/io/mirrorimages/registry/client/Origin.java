package io.mirrorimages.registry.client;

import io.mirrorimages.image.DockerHub;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.http.Response;
import io.mirrorimages.registry.http.Transport;
import io.mirrorimages.registry.http.Url;
import io.mirrorimages.route.Loopback;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where a registry is reached: https, or http where the user asks for it. On loopback, where many
 * test registries speak http and no one else can listen, the first use finds it out. Thread-safe.
 */
public final class Origin {

  private final String server;
  private final Transport transport;
  private final RegistrySettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Url found;

  /** The origin of a registry as images name it. */
  public Origin(String registry, Transport transport, RegistrySettings settings) {
    this.server = DockerHub.serverOf(registry);
    this.transport = transport;
    this.settings = settings;
    Url https = Url.origin("https", server);
    transport.isRegistry(https);
    if (settings.tls().plainHttp()) {
      this.found = Url.origin("http", server);
    } else if (settings.tls().asksForTls() || !Loopback.covers(https.host())) {
      this.found = https;
    }
  }

  /** One whose scheme is known. */
  public Origin(Url server, Transport transport, RegistrySettings settings) {
    this.server = server.authority();
    this.transport = transport;
    this.settings = settings;
    this.found = server;
  }

  /** Whether {@link #url} sends no request. */
  boolean isFound() {
    return found != null;
  }

  /** Whom {@link #url} asks first. */
  Url firstAsked() {
    return Url.origin("http", server);
  }

  /** The registry's scheme, host and port. */
  Url url() throws IOException {
    if (found == null) {
      lock.lock();
      try {
        if (found == null) {
          found = find();
        }
      } finally {
        lock.unlock();
      }
    }
    return found;
  }

  /**
   * Asks in plain text first, without any secret: that gets an answer at once, while a server of
   * plain http may wait for ever for the rest of a TLS greeting.
   */
  private Url find() throws IOException {
    Url http = firstAsked();
    Request ping = Request.of("GET", http.at("/v2/"), settings.timeouts().connect());
    try (Response answer = transport.send(ping)) {
      answer.finish();
      // A server that wants TLS answers a plain request with 400 or not at all.
      return answer.status() == 400 ? Url.origin("https", server) : http;
    } catch (java.net.ConnectException e) {
      throw Failures.of(e, http, transport);
    } catch (IOException e) {
      return Url.origin("https", server);
    }
  }
}
