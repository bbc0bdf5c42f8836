package io.mirrorimages.registry.http;

import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Reason;
import java.io.IOException;
import java.util.Optional;

/**
 * Follows redirects, at most five, with the rule that matters: Authorization goes to the scheme,
 * host and port it was made for and nowhere else (GHSA-vh4v-2xq2-g5cg). All other headers, Range
 * and Accept above all, go along. Thread-safe.
 */
public final class Redirects {
  private static final int MOST = 5;

  private final Transport transport;

  /** Follows them by way of {@code transport}. */
  public Redirects(Transport transport) {
    this.transport = transport;
  }

  /** Sends a request to where it ends up; the caller closes the answer. */
  public Answer send(Call call, Optional<String> authorization, String requestId)
      throws IOException {
    Url asked = call.url();
    Call next = call;
    for (int hops = 0; hops <= MOST; hops++) {
      boolean home = next.url().sameOrigin(asked);
      Answer answer = transport.send(next, home ? authorization : Optional.empty(), requestId);
      Optional<String> location = answer.header("Location");
      if (!mayFollow(answer, call) || location.isEmpty()) {
        return home ? answer : answer.fromElsewhere();
      }
      answer.finish();
      next = next.to(target(next.url(), location.get()));
    }
    throw new MirrorException(Reason.NETWORK, asked + " redirects more than " + MOST + " times");
  }

  /** A read may go anywhere; what carries a body only where the server says to send it again. */
  private static boolean mayFollow(Answer answer, Call call) {
    return switch (answer.status()) {
      case 301, 302, 303 -> call.isRead();
      case 307, 308 -> call.isRepeatable();
      default -> false;
    };
  }

  private static Url target(Url from, String location) throws MirrorException {
    Url to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new MirrorException(
          Reason.NETWORK, from + " redirects to something that is no address", e);
    }
    if (from.isHttps() && !to.isHttps()) {
      throw new MirrorException(
          Reason.NETWORK, from + " redirects from https to http: " + to + "; refused");
    }
    return to;
  }
}
