package io.mirrorimages.registry.client;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.auth.Access;
import io.mirrorimages.registry.auth.Challenge;
import io.mirrorimages.registry.auth.Refusals;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Response;
import io.mirrorimages.registry.http.Url;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.UnsupportedHttpVersionException;

/**
 * Asks a registry, before work begins, whether it is one and takes the credentials (end-1 of the
 * distribution-spec). Once and by one thread, since Harbor locks a user for a while after a wrong
 * password.
 */
public final class RegistryPing {
  private static final int MOST_REFUSALS = 2;

  private final RegistryClient client;

  /** A probe of one registry; makes no request yet. */
  public RegistryPing(RegistryClient client) {
    this.client = client;
  }

  /** Returns if the registry is usable, or throws with a line that says what to do. */
  public void run() throws IOException {
    int[] refused = {0};
    try {
      client.retrying(
          () -> {
            try {
              once();
            } catch (TransferException first) {
              TransferException e = waitedFor(first);
              throw isUnreachable(e) && refused[0]++ >= patience(e) ? lasting(e) : e;
            }
            return true;
          });
    } catch (TransferException e) {
      // Whatever a status means for an image, here it means that there is no way in.
      throw e.reason() == FailureKind.DENIED
          ? e
          : new TransferException(FailureKind.NETWORK, e.getMessage(), e);
    }
  }

  /** A host that was never there is waited for only where the user asks for it. */
  private TransferException waitedFor(TransferException e) throws IOException {
    return client.limits().outages().waitFromTheStart()
            && client.survived(e) instanceof TransferException survived
        ? survived
        : e;
  }

  private static boolean isUnreachable(TransferException e) {
    return e.isTransient()
        && !e.isAfterOutage()
        && (e.getCause() instanceof ConnectException
            || e.getCause() instanceof UnknownHostException
            || e.getCause() instanceof ConnectTimeoutException);
  }

  /**
   * A mistyped name or port should be known in a few seconds. Half a minute without any answer has
   * had the operating system's own tries in it already.
   */
  private static int patience(TransferException e) {
    return e.getCause() instanceof ConnectTimeoutException ? 0 : MOST_REFUSALS;
  }

  private static TransferException lasting(TransferException e) {
    return new TransferException(e.reason(), e.getMessage(), e);
  }

  private void once() throws IOException {
    String registry = client.registry();
    try (Response answer = ask()) {
      refuseMove(answer);
      boolean html = answer.isHtml();
      if (answer.status() == 401) {
        client.authenticator().learn(Challenge.parse(answer.headers("WWW-Authenticate")));
        answer.finish();
        login(answer);
      } else if (Failures.isPassing(answer.status())) {
        throw Failures.of(answer, "the registry");
      } else if (html || answer.status() != 200) {
        throw new TransferException(
            FailureKind.NETWORK,
            registry
                + " answers "
                + answer.call().url()
                + " with "
                + (html ? "a web page" : "status " + answer.status())
                + (answer.status() == 400 && !answer.call().url().isHttps()
                    ? ": if it speaks https, leave out " + client.side().mark(Setting.PLAIN_HTTP)
                    : ": it is not a registry; check the host and the port"));
      } else {
        answer.finish();
      }
    }
  }

  /**
   * Harbor sends plain http on to https. Each request would go there without a password, which is
   * for the registry that was named.
   */
  private void refuseMove(Response answer) throws IOException {
    Url there = answer.call().url();
    if (there.isHttps() && !client.url("").isHttps()) {
      answer.finish();
      throw new TransferException(
          FailureKind.NETWORK,
          client.registry()
              + " sends all requests on to https: name it as "
              + there.authority()
              + ", without "
              + client.side().mark(Setting.PLAIN_HTTP));
    }
  }

  /**
   * The response to one anonymous request; the caller closes it. With TLS 1.3 a server that misses
   * a client certificate may just hang up on it.
   */
  Response ask() throws IOException {
    try {
      return client.ping();
    } catch (TransferException e) {
      if (e.getCause() instanceof SocketException broken
          && !(broken instanceof ConnectException)
          && client.url("").isHttps()) {
        throw TransferException.passing(
            e.reason(),
            e.getMessage()
                + "; if it wants a client certificate: "
                + client.side().mark(Setting.CERT_FILE)
                + " and "
                + client.side().mark(Setting.KEY_FILE),
            e,
            e.retryAfter());
      }
      if (hasHungUp(e) && !client.url("").isHttps()) {
        throw TransferException.passing(
            e.reason(),
            e.getMessage()
                + "; if it speaks https: leave out "
                + client.side().mark(Setting.PLAIN_HTTP),
            e,
            e.retryAfter());
      }
      throw e;
    }
  }

  /** Or said something that is no HTTP, as an alert of TLS. */
  private static boolean hasHungUp(TransferException e) {
    return e.getCause() instanceof NoHttpResponseException
        || e.getCause() instanceof ClientProtocolException
        || e.getCause() instanceof UnsupportedHttpVersionException
        || (e.getCause() instanceof SocketException broken
            && !(broken instanceof ConnectException));
  }

  /**
   * For Bearer a token without scope: with one, Harbor gives a weaker token to a wrong password. A
   * registry that is open to anyone may well refuse a token for nothing, so the anonymous do not
   * ask.
   */
  private void login(Response challenge) throws IOException {
    Access access = Access.none(client.registry());
    Optional<Credential> credential = client.authenticator().credential(access);
    if (!client.authenticator().knows()) {
      throw new TransferException(
          FailureKind.DENIED,
          client.registry()
              + (challenge.header("WWW-Authenticate").isEmpty()
                  ? " refuses access (401) and does not say what it wants to be shown: is it a"
                      + " registry, or does something in between want a login?"
                  : " asks for a kind of authentication that is neither Basic nor Bearer"));
    }
    if (credential.isEmpty()) {
      return;
    }
    Optional<String> authorization =
        client.authenticator().authorization(client.url(""), access, Optional.empty());
    if (authorization.filter(value -> value.startsWith("Bearer ")).isPresent()) {
      return;
    }
    try (Response answer = client.send(client.call("GET", ""), access)) {
      if (answer.status() == 401 || answer.status() == 403) {
        throw new TransferException(
            FailureKind.DENIED,
            client.registry()
                + " refuses "
                + credential.get()
                + "; "
                + Refusals.remedy(credential.get(), client.side())
                + answer.remedy(code -> false));
      }
      if (answer.status() != 200) {
        throw Failures.of(answer, "the registry");
      }
      answer.finish();
    }
  }
}
