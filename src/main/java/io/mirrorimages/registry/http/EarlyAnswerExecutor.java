package io.mirrorimages.registry.http;

import java.io.IOException;
import java.net.SocketException;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.Closer;

/**
 * Reads the answer also when the server hung up while the body was still being sent: a refusal,
 * such as Harbor's of a full quota, is already in the receive buffer then, and says more than
 * "broken pipe".
 */
final class EarlyAnswerExecutor extends HttpRequestExecutor {
  private static final String BODY = SizedBody.class.getName();

  /** Tells the request of this context to be an upload. */
  static void announce(SizedBody body, HttpContext context) {
    context.setAttribute(BODY, body);
  }

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request,
      HttpClientConnection connection,
      HttpResponseInformationCallback informed,
      HttpContext context)
      throws IOException, HttpException {
    // The request has the body in a wrapper of the client's.
    if (!(context.getAttribute(BODY) instanceof SizedBody body)) {
      return super.execute(request, connection, informed, context);
    }
    try {
      connection.sendRequestHeader(request);
      SocketException hungUp = null;
      try {
        connection.sendRequestEntity(request);
        connection.flush();
      } catch (SocketException e) {
        if (body.readFailure().isPresent()) {
          throw e;
        }
        hungUp = e;
      }
      return answer(connection, hungUp);
    } catch (IOException | HttpException | RuntimeException e) {
      Closer.closeQuietly(connection);
      throw e;
    }
  }

  private static ClassicHttpResponse answer(HttpClientConnection connection, SocketException hungUp)
      throws IOException, HttpException {
    try {
      ClassicHttpResponse response;
      do {
        response = connection.receiveResponseHeader();
      } while (response.getCode() < 200);
      connection.receiveResponseEntity(response);
      if (hungUp != null || !connection.isConsistent()) {
        response.setHeader(HttpHeaders.CONNECTION, "close");
      }
      return response;
    } catch (IOException | HttpException e) {
      if (hungUp != null) {
        hungUp.addSuppressed(e);
        throw hungUp;
      }
      throw e;
    }
  }
}
