package io.mirrorimages.registry.http;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.http.wire.ContentException;
import io.mirrorimages.secret.Secrets;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Follows redirects, at most five, with the rule that matters: Authorization goes to the scheme,
 * host and port it was made for and nowhere else (GHSA-vh4v-2xq2-g5cg), also not when another
 * server sends a request back there (CVE-2024-45336). All other headers, Range and Accept above
 * all, go along. Thread-safe.
 */
public final class Redirects implements Exchange {
  private static final int MOST = 5;

  /** A URL whose last part is the digest: the content proves itself, whichever server sends it. */
  private static final Pattern BY_DIGEST =
      Pattern.compile("[^?]*/(?:blobs|manifests)/sha(?:256|512):[0-9a-f]+(?:[?].*)?");

  private final Transport transport;
  private final Rule rule;

  /** Judges where a redirect may lead, beside what holds for all. */
  @FunctionalInterface
  public interface Rule {
    /** Throws if {@code call}, which has come to {@code from}, must not go on to {@code to}. */
    void check(Request call, Url from, Url to) throws IOException;
  }

  /** Follows them by way of {@code transport}; from https to https only. */
  public Redirects(Transport transport) {
    this(transport, false);
  }

  /**
   * Follows them by way of {@code transport}.
   *
   * @param toHttp whether https may lead to http, where a digest proves what is read
   */
  public Redirects(Transport transport, boolean toHttp) {
    this(transport, (call, from, to) -> checkScheme(call, from, to, toHttp));
  }

  /** Follows them where {@code rule} lets it. */
  public Redirects(Transport transport, Rule rule) {
    this.transport = transport;
    this.rule = rule;
  }

  /** Sends a request to where it ends up. */
  @Override
  public Response send(Request call) throws IOException {
    Url asked = call.url();
    Request next = call;
    boolean home = true;
    for (int hops = 0; hops <= MOST; hops++) {
      home &= next.url().sameOrigin(asked);
      Response answer = send(next, home);
      Optional<String> location = answer.header("Location");
      if (!mayFollow(answer, call) || location.isEmpty()) {
        return home ? answer : answer.fromElsewhere();
      }
      answer.finish();
      Url to = target(next.url(), location.get());
      Secrets.addQuery(to.target());
      rule.check(call, next.url(), to);
      next = next.to(to);
    }
    throw new TransferException(
        FailureKind.NETWORK, asked + " redirects more than " + MOST + " times");
  }

  /** What fails is named by the server that was asked last, not by the one that redirected. */
  private Response send(Request call, boolean home) throws IOException {
    try {
      return transport.send(home ? call : call.asNobody());
    } catch (ContentException e) {
      throw e;
    } catch (IOException e) {
      throw home ? e : Failures.of(e, call.url(), transport);
    }
  }

  /** A read may go anywhere; what carries a body only where the server says to send it again. */
  private static boolean mayFollow(Response answer, Request call) {
    return switch (answer.status()) {
      case 301, 302, 303 -> call.isRead();
      case 307, 308 -> call.isRepeatable();
      default -> false;
    };
  }

  /**
   * Where a redirect leads. Behind a TLS terminator a server names the http it sees: it is asked by
   * https. What listens on another port of its host is another server, as a storage beside it.
   */
  public static Url target(Url from, String location) throws TransferException {
    try {
      Url to = from.resolve(location);
      return to.port() == 80 || to.port() == from.port() ? to.keepingHttpsOf(from) : to;
    } catch (IllegalArgumentException e) {
      throw new TransferException(
          FailureKind.NETWORK, from + " redirects to something that is no address", e);
    }
  }

  /** Refuses a way from https to http unless it is wanted, and a digest proves what comes. */
  private static void checkScheme(Request call, Url from, Url to, boolean toHttp)
      throws TransferException {
    if (!from.isHttps() || to.isHttps()) {
      return;
    }
    String how = from.authority() + " redirects from https to http, at " + to.authority();
    boolean proved = call.isRead() && BY_DIGEST.matcher(call.url().target()).matches();
    if (!proved) {
      throw new TransferException(
          FailureKind.NETWORK, how + "; refused, since nothing proves what comes from there");
    }
    if (!toHttp) {
      throw new TransferException(
          FailureKind.NETWORK,
          how
              + "; refused: "
              + Setting.ALLOW_HTTP_REDIRECT
              + " follows it for what a digest proves");
    }
  }
}
