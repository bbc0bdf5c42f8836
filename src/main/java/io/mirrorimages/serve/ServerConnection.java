package io.mirrorimages.serve;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.HeaderElements;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.DefaultContentLengthStrategy;
import org.apache.hc.core5.http.impl.io.DefaultBHttpServerConnection;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.HttpDateGenerator;
import org.apache.hc.core5.util.Timeout;

/**
 * The connection of one client, whose requests are answered one after the other (HTTP/1.1, RFC
 * 9112). Used by one thread, which is interrupted to end it; {@link #close} is called by that
 * thread.
 */
final class ServerConnection extends DefaultBHttpServerConnection {
  /** How long a connection may stay open between two requests. */
  private static final Timeout IDLE = Timeout.ofSeconds(30);

  /** A TLS connection starts with a record of this type (RFC 8446, section 5.1). */
  private static final int TLS_HANDSHAKE = 0x16;

  /** How many bytes that nobody wants are read before a connection is closed. */
  private static final int MOST_UNWANTED = 64 * 1024;

  private static final Http1Config LIMITS =
      Http1Config.custom().setMaxLineLength(16 * 1024).setMaxHeaderCount(200).build();

  private final Socket socket;
  private final StallGuard heads;
  private boolean last;

  private ServerConnection(Socket socket, StallGuard heads) {
    // Without a decoder control characters would be read as question marks.
    super(null, LIMITS, StandardCharsets.ISO_8859_1.newDecoder(), null);
    this.socket = socket;
    this.heads = heads;
  }

  /**
   * Answers the requests that come over {@code socket}, until the client ends the connection or an
   * answer does. The caller closes the socket.
   *
   * <p>Clients that may use plain HTTP often try TLS first. They get a plain HTTP response at once,
   * by which they notice; one that uses plain HTTP where TLS is expected gets the same.
   *
   * @param tls the certificate and key; without it plain HTTP is expected
   * @param heads limits the time for the TLS handshake and for the head of each request
   */
  static void serve(
      Socket socket, Optional<SSLContext> tls, StallGuard heads, RegistryHandler handler)
      throws IOException, HttpException {
    socket.setTcpNoDelay(true);
    ServerConnection connection;
    try (StallGuard.Watched watched = heads.watch()) {
      int first = socket.getInputStream().read();
      if (first < 0) {
        return;
      }
      InputStream read = new ByteArrayInputStream(new byte[] {(byte) first});
      if ((first == TLS_HANDSHAKE) != tls.isPresent()) {
        connection = plain(socket, read, heads);
        connection.refuse(RegistryError.wrongScheme(tls.isPresent() ? "https" : "http"), watched);
        return;
      }
      connection =
          tls.isPresent() ? encrypted(socket, read, tls.get(), heads) : plain(socket, read, heads);
    }
    connection.serve(handler);
  }

  /**
   * @param read what was read already
   */
  private static ServerConnection plain(Socket socket, InputStream read, StallGuard heads)
      throws IOException {
    ServerConnection connection = new ServerConnection(socket, heads);
    connection.bind(
        new SocketHolder(socket) {
          @Override
          protected InputStream getInputStream(Socket from) throws IOException {
            return new SequenceInputStream(read, from.getInputStream());
          }
        });
    return connection;
  }

  private static ServerConnection encrypted(
      Socket socket, InputStream read, SSLContext context, StallGuard heads) throws IOException {
    SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, read, true);
    tls.startHandshake();
    ServerConnection connection = new ServerConnection(tls, heads);
    connection.bind(tls, socket);
    return connection;
  }

  private void serve(RegistryHandler handler) throws IOException, HttpException {
    while (!last && isDataAvailable(IDLE)) {
      ClassicHttpRequest request;
      try (StallGuard.Watched watched = heads.watch()) {
        try {
          request = receiveRequestHeader();
          if (request != null) {
            RequestCheck.check(request);
          }
        } catch (HttpException e) {
          refuse(RegistryError.badRequest(e), watched);
          return;
        }
      }
      if (request == null) {
        return;
      }
      handler.handle(request, socket.getInetAddress(), this);
    }
    if (last) {
      try (StallGuard.Watched _ = heads.watch()) {
        end();
      }
    }
    close();
  }

  /** Answers something that is no request, and ends the connection. */
  private void refuse(RegistryError error, StallGuard.Watched watched)
      throws IOException, HttpException {
    last = true;
    ClassicHttpRequest request = new BasicClassicHttpRequest("GET", "/");
    request.setVersion(HttpVersion.HTTP_1_1);
    new ApiResponse(request, this, watched).error(error);
    end();
  }

  /**
   * Sends a response, its content as the request's method wants it. The connection ends after it if
   * the client or {@code response} says so, and if a body comes with the request: none is read.
   */
  void send(ClassicHttpRequest request, ClassicHttpResponse response)
      throws IOException, HttpException {
    response.setHeader(HttpHeaders.DATE, HttpDateGenerator.INSTANCE.getCurrentDate());
    long body = DefaultContentLengthStrategy.INSTANCE.determineLength(request);
    last |=
        body > 0
            || body == ContentLengthStrategy.CHUNKED
            || request.getVersion().lessEquals(HttpVersion.HTTP_1_0)
            || !DefaultConnectionReuseStrategy.INSTANCE.keepAlive(
                request, response, HttpCoreContext.create());
    if (last) {
      response.setHeader(HttpHeaders.CONNECTION, HeaderElements.CLOSE);
    }
    sendResponseHeader(response);
    if (!request.getMethod().equals("HEAD") && response.getEntity() != null) {
      sendResponseEntity(response);
    }
    flush();
  }

  /**
   * Reads what the client still sends, within limits. Closing a connection of which bytes are not
   * read resets it, and the client may lose the response (RFC 9112, section 9.6).
   */
  private void end() throws IOException {
    socket.shutdownOutput();
    socket.getInputStream().readNBytes(MOST_UNWANTED);
  }
}
