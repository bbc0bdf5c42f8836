package io.mirrorimages.registry.client;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Repository;
import io.mirrorimages.registry.auth.Access;
import io.mirrorimages.registry.auth.TokenClaims;
import io.mirrorimages.registry.http.ErrorText;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.http.Response;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What a registry has beside the protocol: its own API, asked with the user's name and password as
 * Basic, over the same connections and within the same budget. Knows no path and no meaning of it.
 * Requests are repeated as the side's retries want it, so only those may be made that can be.
 * Thread-safe; calls block.
 */
public final class RegistryApi {
  private static final int LARGEST_ANSWER = 4 * 1024 * 1024;
  private static final int FEW = 64;

  /** What stands before a server says so while that is out of order; others have no such path. */
  private static final Set<Integer> OUT_OF_ORDER = Set.of(429, 502, 503, 504);

  private final RegistryClient client;

  /** The API of one registry; makes no request yet. */
  public RegistryApi(RegistryClient client) {
    this.client = client;
  }

  /**
   * An answer, also one that refuses.
   *
   * @param status the HTTP status
   * @param body the bytes of a 2xx answer, at most 4 MiB; else empty
   * @param said the server's own words where it refuses, for the end of a message: empty, or a
   *     colon and one line
   */
  public record Reply(int status, byte[] body, String said) {}

  /** {@code host[:port]}, as in image names. */
  public String registry() {
    return client.registry();
  }

  /** Who asks, without the secret; empty if there is no name and password to ask with. */
  public Optional<String> user() throws TransferException {
    return credential().map(Credential::username);
  }

  /**
   * Asks without credentials and outside of the budget, since it is one small request. A server
   * that stays out of order is a failure; one that stays with 500 has answered: with that some
   * servers mean a path that they do not have.
   */
  public Reply ask(String target) throws IOException {
    AtomicReference<Reply> strange = new AtomicReference<>();
    try {
      return client.retrying(
          () -> {
            strange.set(null);
            try (Response answer = client.askAt(target)) {
              if (Failures.isPassing(answer.status())) {
                if (!OUT_OF_ORDER.contains(answer.status())) {
                  strange.set(new Reply(answer.status(), new byte[0], ""));
                }
                throw Failures.of(answer, target);
              }
              return reply(answer);
            }
          });
    } catch (TransferException e) {
      if (strange.get() != null) {
        return strange.get();
      }
      throw e;
    }
  }

  /**
   * As {@link #ask}, but only once, and only for {@code patience}; empty if no answer comes, or one
   * of more than a few bytes.
   */
  public Optional<Reply> askOnce(String target, Duration patience) throws IOException {
    try (Response answer = client.askAt(target, patience)) {
      byte[] body = answer.status() == 200 ? answer.body().readNBytes(FEW) : new byte[0];
      return body.length < FEW
          ? Optional.of(new Reply(answer.status(), body, ""))
          : Optional.empty();
    } catch (IOException e) {
      if (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** The service that its tokens are for, as far as it has said so; empty if it has not. */
  public Optional<String> tokenService() {
    return client
        .authenticator()
        .challenge()
        .filter(challenge -> challenge.scheme().equals("bearer"))
        .map(challenge -> challenge.parameter("service"));
  }

  /** Reads a path, which begins with a slash. */
  public Reply get(String target) throws IOException {
    return get(target, Map.of());
  }

  /** Reads a path, with further headers. */
  public Reply get(String target, Map<String, String> headers) throws IOException {
    Request call = client.callAt("GET", target);
    for (Map.Entry<String, String> header : headers.entrySet()) {
      call = call.with(header.getKey(), header.getValue());
    }
    return send(call);
  }

  /** Asks whether a path is there. */
  public Reply head(String target) throws IOException {
    return send(client.callAt("HEAD", target));
  }

  /** Sends a JSON document, again if no answer comes. */
  public Reply post(String target, byte[] json) throws IOException {
    return send(client.callAt("POST", target).with(new Request.Bytes(json, "application/json")));
  }

  /**
   * What the registry's token service lets the user do in a repository, asked for pull and push;
   * empty if it does not tell.
   */
  public Optional<Set<String>> granted(Repository repository) throws IOException {
    Optional<String> authorization =
        client.retrying(
            () ->
                client
                    .authenticator()
                    .authorization(client.url(""), Access.push(repository), Optional.empty()));
    return authorization
        .filter(value -> value.startsWith("Bearer "))
        .flatMap(
            value -> TokenClaims.actions(value.substring("Bearer ".length()), repository.path()));
  }

  /**
   * It is a Harbor, whose projects are there, and the user's rights in them are known: from now on
   * one token is asked for all of a project, and a refusal by nobody's name may pass.
   */
  public void settle() {
    client.authenticator().settle();
  }

  /** Forgets the tokens for repositories below {@code path}: what they allow has changed. */
  public void forgetTokens(String path) {
    client.authenticator().forget(path);
  }

  private Reply send(Request call) throws IOException {
    Optional<String> authorization = client.authenticator().basic(Access.none(client.registry()));
    return client.retrying(
        () -> {
          try (Response answer = client.sendAs(call, authorization)) {
            if (Failures.isPassing(answer.status())) {
              throw Failures.of(answer, call.url().toString());
            }
            return reply(answer);
          }
        });
  }

  private Reply reply(Response answer) throws IOException {
    if (answer.status() >= 300) {
      String said = ErrorText.of(answer).suffix() + " (request " + answer.requestId() + ")";
      return new Reply(answer.status(), new byte[0], said);
    }
    try {
      Reply reply = new Reply(answer.status(), answer.bytes(LARGEST_ANSWER), "");
      answer.finish();
      return reply;
    } catch (IOException e) {
      throw Retries.isTransient(e) ? client.failure(e, answer) : e;
    }
  }

  private Optional<Credential> credential() throws TransferException {
    return client
        .authenticator()
        .credential(new Access(new Repository(client.registry(), ""), Set.of()))
        .filter(c -> !c.identityToken());
  }
}
