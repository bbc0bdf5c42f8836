package io.mirrorimages.serve;

import java.io.IOException;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.NotImplementedException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.impl.DefaultContentLengthStrategy;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.RequestValidateHost;

/**
 * What the parser lets pass, and a proxy in front may read in another way: a request of which the
 * two see different ends can carry a second one past the proxy (RFC 9112, section 11.2).
 */
final class RequestCheck {
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0A-\\x1F\\x7F]");
  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

  private RequestCheck() {}

  /**
   * Checks the head of a request.
   *
   * @throws NotImplementedException if its body has another transfer coding than chunked
   * @throws ProtocolException if it breaks another rule of RFC 9112 (sections 3.2, 5 and 6) or RFC
   *     9110 (section 5.5)
   */
  static void check(ClassicHttpRequest request) throws HttpException, IOException {
    for (Header header : request.getHeaders()) {
      // The whole line: the value comes with spaces for control characters.
      if (!NAME.matcher(header.getName()).matches() || CONTROL.matcher(header.toString()).find()) {
        throw new ProtocolException("a header has characters that none may have");
      }
    }
    RequestValidateHost.INSTANCE.process(request, null, HttpCoreContext.create());
    checkBody(request);
  }

  private static void checkBody(ClassicHttpRequest request) throws HttpException {
    Header[] codings = request.getHeaders(HttpHeaders.TRANSFER_ENCODING);
    Header[] lengths = request.getHeaders(HttpHeaders.CONTENT_LENGTH);
    if (codings.length > 0 && lengths.length > 0) {
      throw new ProtocolException("a body has either a length or a transfer coding");
    }
    if (codings.length > 1
        || (codings.length == 1 && !codings[0].getValue().equalsIgnoreCase("chunked"))) {
      throw new NotImplementedException("no transfer coding but chunked");
    }
    for (Header length : lengths) {
      if (!LENGTH.matcher(length.getValue()).matches()) {
        throw new ProtocolException("a length is a number");
      }
    }
    DefaultContentLengthStrategy.INSTANCE.determineLength(request);
  }
}
