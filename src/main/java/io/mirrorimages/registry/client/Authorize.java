package io.mirrorimages.registry.client;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.auth.Access;
import io.mirrorimages.registry.auth.Authenticator;
import io.mirrorimages.registry.auth.Challenge;
import io.mirrorimages.registry.http.ErrorText;
import io.mirrorimages.registry.http.Exchange;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.http.Response;
import io.mirrorimages.registry.http.Url;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The stage that gives requests the right Authorization: sends a request once, and once more with a
 * fresh token after a 401. What goes to another server than the registry's own gets none.
 */
final class Authorize implements Exchange {
  private final RegistryClient client;
  private final Authenticator authenticator;
  private final Access access;
  private final Exchange next;

  /** Asks for {@code access} at the registry of {@code client}. */
  Authorize(RegistryClient client, Access access, Exchange next) {
    this.client = client;
    this.authenticator = client.authenticator();
    this.access = access;
    this.next = next;
  }

  @Override
  public Response send(Request call) throws IOException {
    Response answer = authorized(call);
    boolean refused = isRefusal(answer) && isOwn(answer);
    if (refused && wasBasic(answer)) {
      checkLogin(answer);
    }
    return settled(
        refused ? authenticator.advice(access).map(answer::advising).orElse(answer) : answer);
  }

  private static boolean isRefusal(Response answer) {
    return answer.status() == 401 || answer.status() == 403;
  }

  private static boolean wasBasic(Response answer) {
    return answer.call().authorization().filter(value -> value.startsWith("Basic ")).isPresent();
  }

  /** A 403 to a few too many requests is no affair of the login. */
  private void checkLogin(Response answer) throws IOException {
    if (answer.status() == 403 && HeadRefusals.isLimit(answer)) {
      return;
    }
    try {
      authenticator.checkBasic(
          client.registry(),
          access,
          authorization -> !access.scopes().isEmpty() && lets(authorization));
    } catch (IOException | RuntimeException e) {
      answer.close();
      throw e;
    }
  }

  private boolean lets(String authorization) throws IOException {
    Response ping = next.send(client.call("GET", "").as(Optional.of(authorization)));
    ping.finish();
    return !isRefusal(ping);
  }

  private static boolean isOwn(Response answer) {
    return !answer.isFromElsewhere();
  }

  private Response authorized(Request call) throws IOException {
    Url server = client.found();
    boolean ours = call.url().sameOrigin(server);
    Optional<String> wanted =
        ours ? authenticator.authorization(server, access, Optional.empty()) : Optional.empty();
    refuseWeak(wanted);
    boolean unasked = ours && wanted.isEmpty() && !authenticator.knows();
    Optional<String> first =
        unasked && authenticator.hidesFromOthers() ? authenticator.basic(access) : wanted;
    Response answer = next.send(call.as(first));
    if (unasked && first.isEmpty() && isHidden(answer, call)) {
      Optional<String> shown = authenticator.basic(access);
      if (shown.isPresent()) {
        answer.finish();
        first = shown;
        answer = again(call, first);
        if (answer.status() < 400) {
          authenticator.setHidesFromOthers();
        }
      }
    }
    return ours && answer.status() == 401 && isOwn(answer)
        ? challenged(call, answer, wanted, first)
        : answer;
  }

  /** Answers the challenge, if there is another Authorization to show than {@code first}. */
  private Response challenged(
      Request call, Response answer, Optional<String> wanted, Optional<String> first)
      throws IOException {
    try {
      Url server = client.found();
      Access asked = access.and(namedScopes(answer));
      Optional<String> second =
          wanted.isEmpty()
              ? authenticator.authorization(server, asked, challenges(answer))
              : authenticator.authorization(server, asked, wanted);
      if (second.isEmpty() || second.equals(first) || !call.isRepeatable()) {
        return answer;
      }
      answer.finish();
      return again(call, second);
    } catch (IOException | RuntimeException e) {
      answer.close();
      throw e;
    }
  }

  private Response again(Request call, Optional<String> authorization) throws IOException {
    return next.send(call.heldUp(Duration.ZERO).as(authorization));
  }

  /**
   * Some registries send no challenge: what is private does not exist there, or is forbidden. Then
   * credentials that are at hand are sent without a challenge.
   */
  private static boolean isHidden(Response answer, Request call) {
    return (answer.status() == 404 || answer.status() == 403)
        && isOwn(answer)
        && call.isRepeatable();
  }

  /** Below a root of its own only the server knows what it calls a repository. */
  private Set<String> namedScopes(Response answer) {
    return client.isAtUsualRoot()
        ? Set.of()
        : Challenge.parse(answer.headers("WWW-Authenticate")).stream()
            .flatMap(challenge -> Stream.of(challenge.parameter("scope").split(" ")))
            .filter(scope -> scope.startsWith("repository:") && scope.endsWith(":pull"))
            .collect(Collectors.toSet());
  }

  /** Harbor's challenge can be empty, for example where a project is missing; /v2/ has it. */
  private List<Challenge> challenges(Response answer) throws IOException {
    List<Challenge> named = Challenge.parse(answer.headers("WWW-Authenticate"));
    if (!named.isEmpty() || authenticator.knows()) {
      return named;
    }
    Response ping = client.ping();
    ping.finish();
    return ping.status() == 401 ? Challenge.parse(ping.headers("WWW-Authenticate")) : named;
  }

  /**
   * A Harbor whose database is away knows no user: it answers 401 without a challenge, where it
   * asks for a name otherwise.
   */
  private Response settled(Response answer) throws TransferException {
    boolean unnamed =
        authenticator.isSettled()
            && answer.status() == 401
            && isOwn(answer)
            && answer.headers("WWW-Authenticate").stream().allMatch(String::isBlank);
    if (!unnamed) {
      return answer;
    }
    String said = ErrorText.of(answer).suffix();
    if (said.endsWith("not found")) {
      throw new TransferException(
          FailureKind.DENIED,
          client.registry()
              + " denies access to "
              + access.repository()
              + said
              + " (request "
              + answer.requestId()
              + ")");
    }
    throw passing("knows nobody at the moment (request " + answer.requestId() + ")");
  }

  private void refuseWeak(Optional<String> authorization) throws TransferException {
    if (authenticator.isSettled()
        && authorization.filter(value -> Authenticator.isWeak(value, access)).isPresent()) {
      String path = access.repository().path();
      authenticator.forget(path.indexOf('/') < 0 ? path : path.substring(0, path.indexOf('/')));
      throw passing("gives no right at the moment");
    }
  }

  private TransferException passing(String what) {
    return TransferException.passing(
        FailureKind.NETWORK,
        client.registry() + " " + what + ", as a Harbor whose database is away",
        null,
        Optional.empty());
  }
}
