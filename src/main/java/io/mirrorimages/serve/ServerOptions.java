package io.mirrorimages.serve;

import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How an archive is served.
 *
 * @param tls the server's certificate and key; without it plain HTTP is spoken
 * @param passwords who may pull; without it everybody may
 * @param patience after how long a connection is closed whose client takes nothing
 */
public record ServerOptions(
    Optional<SSLContext> tls, Optional<Passwords> passwords, Duration patience) {
  /**
   * A client that unpacks to a slow disk while it pulls, with megabytes underway in the system's
   * buffers, takes nothing for a minute or two; one that has taken nothing for so long is gone.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Plain HTTP, for everybody. */
  public static ServerOptions defaults() {
    return new ServerOptions(Optional.empty(), Optional.empty(), PATIENCE);
  }

  /** The same over TLS. */
  public ServerOptions with(SSLContext context) {
    return new ServerOptions(Optional.of(context), passwords, patience);
  }

  /** The same for those with a password. */
  public ServerOptions with(Passwords who) {
    return new ServerOptions(tls, Optional.of(who), patience);
  }
}
