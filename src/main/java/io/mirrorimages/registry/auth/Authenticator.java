package io.mirrorimages.registry.auth;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.credential.Credentials;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.registry.http.Transport;
import io.mirrorimages.registry.http.Url;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How one host wants to be convinced. What it wants is taken from its answer to a request
 * <em>without</em> Authorization, and kept: Harbor answers {@code Basic} to a Bearer token that has
 * run out. Thread-safe.
 */
public final class Authenticator {
  private final Credentials credentials;
  private final TokenService service;
  private final TokenCache tokens;
  private final RefusedLogins refusedLogins = new RefusedLogins();
  private volatile @Nullable Challenge challenge;
  private volatile Optional<Realm> withheldFrom = Optional.empty();
  private volatile boolean settled;
  private volatile boolean hidesFromOthers;

  /** Asks for tokens where {@code clock} says that the last ones have run out. */
  public Authenticator(Credentials credentials, TokenService service, InstantSource clock) {
    this.credentials = credentials;
    this.service = service;
    this.tokens = new TokenCache(clock);
  }

  /** Whether the host has said what it wants. */
  public boolean knows() {
    return challenge != null;
  }

  /**
   * The host is a Harbor, its projects are there, and the rights in them are known: a token is good
   * for all of a project, and one without a right is no answer.
   */
  public void settle() {
    settled = true;
  }

  /** Whether that is so. */
  public boolean isSettled() {
    return settled;
  }

  /** The host sends no challenge, and shows to credentials what it does not show without. */
  public void setHidesFromOthers() {
    hidesFromOthers = true;
  }

  /** Whether that is so. */
  public boolean hidesFromOthers() {
    return hidesFromOthers;
  }

  /** Whether an Authorization gives no right at all where one was asked for, as far as it tells. */
  public static boolean isWeak(String authorization, Access access) {
    return !access.scopes().isEmpty()
        && authorization.startsWith("Bearer ")
        && TokenClaims.actions(authorization.substring("Bearer ".length()), name -> true)
            .filter(Set::isEmpty)
            .isPresent();
  }

  /** What the host has said it wants; empty if nothing yet, or nothing that can be given. */
  public Optional<Challenge> challenge() {
    return Optional.ofNullable(challenge);
  }

  /** Keeps the challenge to a request without Authorization; Bearer goes before Basic. */
  public void learn(List<Challenge> challenges) {
    best(challenges).ifPresent(c -> challenge = c);
  }

  private static Optional<Challenge> best(List<Challenge> challenges) {
    return Stream.of("bearer", "basic")
        .flatMap(scheme -> challenges.stream().filter(c -> c.scheme().equals(scheme)))
        .filter(c -> !c.scheme().equals("bearer") || !c.parameter("realm").isEmpty())
        .findFirst();
  }

  /**
   * The Authorization that these challenges to a request without one want; empty if there is none
   * to show. They are kept only when that works: one repository may name a token service that is of
   * no use, and others need none.
   *
   * @param server the registry's own address
   */
  public Optional<String> authorization(Url server, Access access, List<Challenge> challenges)
      throws IOException {
    Optional<Challenge> wanted = best(challenges).or(this::challenge);
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> authorization = authorization(server, access, Optional.empty(), wanted.get());
    challenge = wanted.get();
    return authorization;
  }

  /** Who asks for a repository; {@link FailureKind#DENIED} if that can't be found out. */
  public Optional<Credential> credential(Access access) throws TransferException {
    try {
      return credentials.find(access.repository());
    } catch (InvalidContentException e) {
      throw new TransferException(FailureKind.DENIED, e.getMessage(), e);
    }
  }

  /**
   * The Authorization for a request; empty while nothing is known to be wanted, or there is nothing
   * to show.
   *
   * @param server the registry's own address
   * @param rejected an Authorization that was refused, so that another one is wanted
   */
  public Optional<String> authorization(Url server, Access access, Optional<String> rejected)
      throws IOException {
    Challenge wanted = challenge;
    return wanted == null ? Optional.empty() : authorization(server, access, rejected, wanted);
  }

  private Optional<String> authorization(
      Url server, Access access, Optional<String> rejected, Challenge wanted) throws IOException {
    if (wanted.scheme().equals("basic")) {
      return basic(access);
    }
    Optional<Credential> credential = credential(access);
    Access asked = access.scopes().isEmpty() ? access : access.and(furtherScopes(wanted));
    Optional<String> token = rejected.map(value -> value.substring(value.indexOf(' ') + 1));
    return Optional.of(
        "Bearer "
            + tokens
                .get(
                    settled ? asked.perProject() : asked,
                    token,
                    () -> fetch(server, wanted, credential, asked))
                .value());
  }

  private Token fetch(Url server, Challenge wanted, Optional<Credential> credential, Access access)
      throws IOException {
    Realm realm = service.realm(server, wanted);
    if (credential.isEmpty() || !realm.trusted()) {
      withheldFrom = credential.map(c -> realm);
      return service.fetch(server, wanted, credential, access.scopes(), () -> missing(access));
    }
    refusedLogins.check(credential.get());
    try {
      return service.fetch(server, wanted, credential, access.scopes(), () -> "");
    } catch (TransferException e) {
      if (e.reason() == FailureKind.DENIED) {
        checkLogin(server, wanted, credential.get(), access, e);
      }
      throw e;
    }
  }

  /** Some refuse a token for what one repository does not allow: that is no refused login. */
  private void checkLogin(
      Url server, Challenge wanted, Credential credential, Access access, TransferException refusal)
      throws IOException {
    refusedLogins.isRefused(
        credential,
        refusal,
        () -> !access.scopes().isEmpty() && givesToken(server, wanted, credential));
  }

  private boolean givesToken(Url server, Challenge wanted, Credential credential)
      throws IOException {
    try {
      service.fetch(server, wanted, Optional.of(credential), Set.of(), () -> "");
      return true;
    } catch (TransferException e) {
      return e.reason() != FailureKind.DENIED;
    }
  }

  /**
   * After a refusal (401, 403) of a request that had the user's name and password as Basic: finds
   * out whether that means the login itself, which is not sent again then.
   *
   * @param registry its name, for the message
   * @param probe asks with an Authorization whether the host lets one in
   * @throws TransferException {@link FailureKind#DENIED} if it is the login
   */
  public void checkBasic(String registry, Access access, LoginProbe probe) throws IOException {
    Optional<Credential> shown = credential(access).filter(c -> !c.identityToken());
    if (shown.isEmpty()) {
      return;
    }
    Credential credential = shown.get();
    TransferException refusal =
        new TransferException(
            FailureKind.DENIED, Refusals.ofLogin(registry, credential, service.side()));
    if (refusedLogins.isRefused(
        credential, refusal, () -> probe.isAccepted(Transport.basic(credential)))) {
      throw refusal;
    }
  }

  /** Asks a registry whether it lets a login in. */
  public interface LoginProbe {
    /** Whether it does, or that can't be told. */
    boolean isAccepted(String authorization) throws IOException;
  }

  /** A remedy after a refused access, if there is a better one than to check the credentials. */
  public Optional<String> advice(Access access) {
    try {
      if (credential(access).isEmpty()) {
        return Optional.of("check that it exists; " + missing(access));
      }
    } catch (TransferException e) {
      return Optional.of(e.getMessage());
    }
    if (challenge == null) {
      return Optional.of(
          "it does not say what it wants to be shown (no WWW-Authenticate): ask its administrator");
    }
    return withheldFrom.map(
        realm ->
            "the credentials were not sent to its token service, which is of another domain: "
                + realm.remedy());
  }

  private String missing(Access access) {
    return Refusals.missing(access.repository().registry(), credentials.places(), service.side());
  }

  /**
   * The name and password as Basic; empty if there are none.
   *
   * @throws TransferException {@link FailureKind#DENIED} if the host has refused them before
   */
  public Optional<String> basic(Access access) throws TransferException {
    Optional<Credential> login = credential(access).filter(c -> !c.identityToken());
    if (login.isPresent()) {
      refusedLogins.check(login.get());
    }
    return login.map(Transport::basic);
  }

  /** Forgets the tokens that have anything to do with repositories below {@code path}. */
  public void forget(String path) {
    tokens.forget(
        access -> access.scopes().stream().anyMatch(s -> s.startsWith("repository:" + path + "/")));
  }

  /** Some hosts want a scope of their own, which no specification names, with every token. */
  private static Set<String> furtherScopes(Challenge challenge) {
    return Stream.of(challenge.parameter("scope").split(" "))
        .filter(scope -> !scope.isEmpty())
        .filter(scope -> !scope.startsWith("repository:") && !scope.startsWith("registry:"))
        .collect(Collectors.toSet());
  }
}
