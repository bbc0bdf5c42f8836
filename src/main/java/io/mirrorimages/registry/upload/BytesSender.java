package io.mirrorimages.registry.upload;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.auth.Access;
import io.mirrorimages.registry.client.RegistryClient;
import io.mirrorimages.registry.http.Redirects;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.http.Response;
import io.mirrorimages.registry.http.Url;
import io.mirrorimages.registry.http.wire.ContentException;
import io.mirrorimages.secret.Secrets;
import java.io.IOException;
import java.util.Optional;

/**
 * Sends bytes that are read from a stream, and follows redirects that ask for them once more (RFC
 * 9110, 15.4.8 and 15.4.9), if the stream can be rewound to its mark. Only the registry itself may
 * redirect: another server could send the request back, which would get the registry's credentials.
 */
final class BytesSender {
  private static final int MOST_REDIRECTS = 5;

  private final RegistryClient client;
  private final Access access;

  BytesSender(RegistryClient client, Access access) {
    this.client = client;
    this.access = access;
  }

  /** The answer of the last server, which may be a redirect; the caller closes it. */
  Response send(Request call, Request.Body body) throws IOException {
    Request next = call.with(body);
    for (int hops = 0; ; hops++) {
      Response answer = client.send(next, access);
      Optional<String> location = answer.header("Location");
      if (hops == MOST_REDIRECTS || location.isEmpty() || !mayFollow(next, answer)) {
        return answer;
      }
      answer.finish();
      Url to = target(next.url(), location.get());
      rewind(body);
      next = next.to(to);
    }
  }

  private boolean mayFollow(Request call, Response answer) throws IOException {
    return (answer.status() == 307 || answer.status() == 308)
        && call.body() instanceof Request.Once once
        && once.content().markSupported()
        && call.url().sameOrigin(client.url(""));
  }

  private Url target(Url from, String location) throws TransferException {
    Url to = Redirects.target(from, location);
    Secrets.addQuery(to.target());
    if (from.isHttps() && !to.isHttps()) {
      throw new TransferException(
          FailureKind.NETWORK, client.registry() + " wants a blob sent over plain http; refused");
    }
    return to;
  }

  private static void rewind(Request.Body body) throws ContentException {
    try {
      if (body instanceof Request.Once once) {
        once.rewind();
      }
    } catch (IOException e) {
      throw new ContentException(e);
    }
  }
}
