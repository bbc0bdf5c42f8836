package io.mirrorimages.registry.http;

import io.mirrorimages.tls.TlsOptions;
import java.io.IOException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLSocket;

/**
 * What a server shows of itself in a TLS handshake, not judged yet.
 *
 * @param chain the certificates that were sent, its own first
 * @param protocol as in {@code TLSv1.3}
 */
public record TlsHandshake(List<X509Certificate> chain, String protocol) {
  /** Copies the list. */
  public TlsHandshake {
    chain = List.copyOf(chain);
  }

  /**
   * Makes a connection with any certificate, sends nothing on it, and ends it.
   *
   * @param tls the client's certificate, if it has one
   * @throws io.mirrorimages.image.InvalidContentException with a line for the user, if a
   *     certificate file can't be used
   */
  public static TlsHandshake with(Url url, TlsOptions tls, Connector connector) throws IOException {
    try (Socket plain = connector.open(url, new ArrayList<>());
        SSLSocket socket =
            (SSLSocket)
                tls.takingAny()
                    .registryContext(url.bareHost(), url.port())
                    .getSocketFactory()
                    .createSocket(plain, url.bareHost(), url.port(), true)) {
      socket.startHandshake();
      return new TlsHandshake(
          Arrays.stream(socket.getSession().getPeerCertificates())
              .map(X509Certificate.class::cast)
              .toList(),
          socket.getSession().getProtocol());
    }
  }
}
