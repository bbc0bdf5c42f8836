package io.mirrorimages.registry.auth;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Side;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.http.Response;
import io.mirrorimages.registry.http.Transport;
import io.mirrorimages.registry.http.Url;
import io.mirrorimages.registry.http.wire.Timeouts;
import io.mirrorimages.secret.Secrets;
import io.mirrorimages.tls.Trust;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Fetches Bearer tokens (distribution, "Token Authentication Specification" and "OAuth2 Token
 * Authentication"): by GET with the credential as Basic, or anonymously; by POST for identity
 * tokens. Thread-safe.
 */
public final class TokenService {
  private static final int LONGEST_ANSWER = 1024 * 1024;
  private static final long USUAL_SECONDS = 60;
  private static final Set<Integer> NO_POST = Set.of(400, 404, 405, 415, 501);

  private final Transport transport;
  private final Trust trust;
  private final Timeouts timeouts;
  private final InstantSource clock;

  /**
   * Asks by way of {@code transport}.
   *
   * @param trust which hosts a user said may be told credentials
   * @param clock tells how long a token is good
   */
  public TokenService(Transport transport, Timeouts timeouts, Trust trust, InstantSource clock) {
    this.transport = transport;
    this.timeouts = timeouts;
    this.trust = trust;
    this.clock = clock;
  }

  /**
   * A token of the service that {@code challenge} names.
   *
   * @param registry the server that made the challenge
   * @param credential the login; not sent to a host that it does not belong to
   * @param missing the message where there is no credential
   * @throws TransferException {@link FailureKind#DENIED} if the service refuses
   */
  Token fetch(
      Url registry,
      Challenge challenge,
      Optional<Credential> credential,
      Set<String> scopes,
      Supplier<String> missing)
      throws IOException {
    Realm realm = realm(registry, challenge);
    realm.refuseInternal(registry, transport);
    Optional<Credential> sent = credential.filter(c -> realm.trusted());
    Instant asked = clock.instant();
    String service = challenge.parameter("service");
    try (Response answer = ask(registry, realm.url(), service, sent, scopes)) {
      if (answer.status() == 401 || answer.status() == 403) {
        Optional<TransferException> limit = Failures.ofLimit(answer, subject(registry));
        throw limit.orElseGet(
            () ->
                new TransferException(
                    FailureKind.DENIED,
                    credential.isEmpty()
                        ? registry.authority()
                            + " gives no token to the anonymous: "
                            + missing.get()
                        : refusal(registry, realm, sent)));
      }
      if (answer.status() / 100 != 2) {
        throw notOfAnImage(Failures.of(answer, subject(registry)));
      }
      return parse(answer, asked);
    } catch (IOException e) {
      throw realm.explained(Failures.of(e, realm.url(), transport), registry);
    }
  }

  /** What a token service does not have, or does not do, says nothing of the image. */
  private static TransferException notOfAnImage(TransferException failure) {
    return failure.reason() == FailureKind.MISSING || failure.reason() == FailureKind.UNSUPPORTED
        ? new TransferException(FailureKind.SERVICE, failure.getMessage(), failure)
        : failure;
  }

  private static String subject(Url registry) {
    return "a token for " + registry.authority();
  }

  /** The token service that {@code challenge} names, judged. */
  Realm realm(Url registry, Challenge challenge) throws TransferException {
    return Realm.of(challenge.parameter("realm"), registry, trust);
  }

  private Response ask(
      Url registry, Url url, String service, Optional<Credential> credential, Set<String> scopes)
      throws IOException {
    if (credential.isPresent() && credential.get().identityToken()) {
      Response answer = post(url, service, credential.get(), scopes);
      if (!NO_POST.contains(answer.status())) {
        return answer;
      }
      // Harbor and others know the GET form only; some of them take the token as a password.
      answer.finish();
    }
    Url query = service.isEmpty() ? url : url.with("service", service);
    for (String scope : scopes) {
      query = query.with("scope", scope);
    }
    Request call = Request.of("GET", query, timeouts.stall()).with("Accept", "application/json");
    return Realm.redirects(registry, trust, transport)
        .send(call.as(credential.map(TokenService::asBasic)));
  }

  /** The secret is in the body here, so no redirect is followed. */
  private Response post(Url url, String service, Credential credential, Set<String> scopes)
      throws IOException {
    Secrets.add(credential.secret());
    String form =
        "grant_type=refresh_token&client_id=mirror-images&service="
            + encode(service)
            + "&refresh_token="
            + encode(credential.secret())
            + (scopes.isEmpty() ? "" : "&scope=" + encode(String.join(" ", scopes)));
    Request call =
        Request.of("POST", url, timeouts.stall())
            .with("Accept", "application/json")
            .with(
                new Request.Bytes(
                    form.getBytes(StandardCharsets.UTF_8), "application/x-www-form-urlencoded"));
    return transport.send(call);
  }

  private static String asBasic(Credential credential) {
    return Transport.basic(
        credential.identityToken()
            ? Credential.password("<token>", credential.secret())
            : credential);
  }

  private static Token parse(Response answer, Instant asked) throws IOException {
    JsonNode root;
    try {
      root = Json.parse(answer.bytes(LONGEST_ANSWER), "the token");
    } catch (InvalidContentException e) {
      throw Failures.garbled(answer, "sent something else than a token");
    }
    String value = root.path("token").asString("");
    if (value.isEmpty()) {
      value = root.path("access_token").asString("");
    }
    if (value.isEmpty() || !value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw Failures.garbled(answer, "sent no token");
    }
    long seconds = root.path("expires_in").asLong(0);
    return Token.lasting(value, asked, seconds > 0 ? seconds : USUAL_SECONDS);
  }

  /** The side whose registries it is asked for. */
  Side side() {
    return transport.side();
  }

  private String refusal(Url registry, Realm realm, Optional<Credential> sent) {
    String by = realm.url().authority();
    if (sent.isPresent()) {
      return by
          + " refuses "
          + sent.get()
          + (by.equals(registry.authority()) ? "" : " for " + registry.authority())
          + "; "
          + Refusals.remedy(sent.get(), side());
    }
    return by
        + " gives no token for "
        + registry.authority()
        + "; the credentials were not sent there, since it is not of the registry's domain: "
        + realm.remedy();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
