package io.mirrorimages.registry.http.wire;

import io.mirrorimages.image.ErrorWords;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request over one connection and reads the head of its answer.
 *
 * <ul>
 *   <li>The answer is read also when the server hung up while the body was still being sent: a
 *       refusal, such as Harbor's of a full quota, is already in the receive buffer then, and says
 *       more than "broken pipe".
 *   <li>Whatever a server sends in place of HTTP is an {@link IOException}; the parser throws
 *       others too. Interim answers (1xx) are passed over, but not without end.
 *   <li>The whole head has to come in time.
 *   <li>A connection is closed in place of another use when it has carried what its host's {@link
 *       ConnectionLimit} allows.
 *   <li>A kept connection that turns out to be closed is a {@link StaleConnectionException}.
 * </ul>
 */
public final class WireExecutor extends HttpRequestExecutor {
  private static final int MOST_INTERIM = 5;
  private static final String WATCH = ExchangeWatch.class.getName();
  private static final String LIMIT = ConnectionLimit.class.getName();

  private final Timeouts timeouts;

  public WireExecutor(Timeouts timeouts) {
    this.timeouts = timeouts;
  }

  /** Sets the watch of the exchange in this context, and the limit of its host's connections. */
  public static void announce(ExchangeWatch watch, ConnectionLimit limit, HttpContext context) {
    context.setAttribute(WATCH, watch);
    context.setAttribute(LIMIT, limit);
  }

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request,
      HttpClientConnection connection,
      HttpResponseInformationCallback informed,
      HttpContext context)
      throws IOException, HttpException {
    HttpClientContext ours = HttpClientContext.cast(context);
    ExchangeWatch watch = (ExchangeWatch) ours.getAttribute(WATCH);
    ConnectionLimit limit = (ConnectionLimit) ours.getAttribute(LIMIT);
    long body = request.getEntity() == null ? 0 : request.getEntity().getContentLength();
    boolean kept = isKept(connection, ours);
    long received = connection.getEndpointDetails().getReceivedBytesCount();
    watch.times().connected(!kept);
    boolean answered = false;
    try {
      SocketException hungUp = send(request, connection);
      watch.times().sent();
      watch.allow(timeouts.head(ours.getRequestConfig().getResponseTimeout().toDuration()));
      watch.waiting();
      ClassicHttpResponse response = answer(request, connection, hungUp);
      answered = true;
      watch.times().answered();
      if (hungUp == null) {
        limit.took(body);
      }
      if (limit.isUsedUp(carried(connection))) {
        response.setHeader(HttpHeaders.CONNECTION, "close");
      }
      return response;
    } catch (IOException e) {
      if (isTheServers(e, watch)) {
        limit.broke(carried(connection), unsent(connection), body);
      }
      boolean silent = connection.getEndpointDetails().getReceivedBytesCount() == received;
      throw kept && silent && isTheServers(e, watch) ? new StaleConnectionException(e) : e;
    } finally {
      watch.moved(0);
      if (!answered) {
        // At once: an orderly end would send on what is left in the buffers.
        connection.close(CloseMode.IMMEDIATE);
      }
    }
  }

  private static long carried(HttpClientConnection connection) {
    return connection.getEndpointDetails().getSentBytesCount();
  }

  /** At most so many of the bytes that it was given have not reached the other end. */
  private static long unsent(HttpClientConnection connection) {
    if (connection instanceof ManagedHttpClientConnection managed && managed.getSocket() != null) {
      try {
        return managed.getSocket().getSendBufferSize();
      } catch (SocketException e) {
        // It is closed already.
      }
    }
    return 0;
  }

  /** Whether it has carried a request before; the one that opened a tunnel is none. */
  private static boolean isKept(HttpClientConnection connection, HttpClientContext context) {
    boolean tunnel = context.getHttpRoute() != null && context.getHttpRoute().isTunnelled();
    return connection.getEndpointDetails().getRequestCount() > (tunnel ? 1 : 0);
  }

  /** Whether it was neither this side that ended the connection, nor the content of a body. */
  private static boolean isTheServers(IOException e, ExchangeWatch watch) {
    return !(e instanceof SocketTimeoutException)
        && !(e instanceof ContentException)
        && !watch.hasStruck()
        && !Thread.currentThread().isInterrupted();
  }

  private static @Nullable SocketException send(
      ClassicHttpRequest request, HttpClientConnection connection)
      throws IOException, HttpException {
    connection.sendRequestHeader(request);
    try {
      connection.sendRequestEntity(request);
      connection.flush();
      return null;
    } catch (SocketException e) {
      return e;
    }
  }

  private static ClassicHttpResponse answer(
      ClassicHttpRequest request, HttpClientConnection connection, @Nullable SocketException hungUp)
      throws IOException {
    try {
      ClassicHttpResponse response = connection.receiveResponseHeader();
      for (int interim = 1; response.getCode() < 200; interim++) {
        if (interim > MOST_INTERIM) {
          throw new IOException("more than " + MOST_INTERIM + " interim answers (1xx)");
        }
        response = connection.receiveResponseHeader();
      }
      if (MessageSupport.canResponseHaveBody(request.getMethod(), response)) {
        connection.receiveResponseEntity(response);
      }
      if (hungUp != null || !connection.isConsistent()) {
        response.setHeader(HttpHeaders.CONNECTION, "close");
      }
      return response;
    } catch (IOException | HttpException | RuntimeException e) {
      if (hungUp != null) {
        hungUp.addSuppressed(e);
        throw hungUp;
      }
      throw e instanceof IOException io ? io : new IOException("no HTTP: " + ErrorWords.of(e), e);
    }
  }
}
