package io.mirrorimages.registry.auth;

import static io.mirrorimages.testing.FaultyRegistry.respond;
import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.credential.Credentials;
import io.mirrorimages.credential.DockerCredentials;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.registry.http.Transport;
import io.mirrorimages.route.EnvironmentProxy;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.FaultyRegistry.Behaviour;
import io.mirrorimages.testing.FaultyRegistry.Seen;
import io.mirrorimages.tls.CertifiedKey;
import io.mirrorimages.tls.TlsOptions;
import io.mirrorimages.tls.Trust;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens and passwords: asked for as the server wants it, sent only where they belong. */
@Timeout(120)
class AuthenticationTest {
  private static final byte[] MANIFEST =
      "{\"schemaVersion\":2,\"config\":{\"digest\":\"sha256:%s\",\"size\":2}}"
          .formatted("a".repeat(64))
          .getBytes(StandardCharsets.UTF_8);

  private final AtomicInteger issued = new AtomicInteger();
  private volatile String valid = "";
  private FaultyRegistry server;
  private Reference image;

  @BeforeEach
  void start() throws IOException {
    server = new FaultyRegistry();
    image = Reference.parse(server.name() + "/team/app:1");
    server.addManifest("team/app", "1", MANIFEST, MediaTypes.OCI_MANIFEST);
    server.on("GET", "^/service/token", issuing("token"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aTokenIsFetchedWithTheCredentialsAndUsedAgain() throws IOException {
    likeHarbor(server.url("/service/token"));
    try (Registries side = side()) {
      side.asSource().manifest(image);
      side.asSource().manifest(image);
    }
    assertThat(tokenRequests()).hasSize(1);
    Seen asked = tokenRequests().getFirst();
    assertThat(asked.target())
        .isEqualTo("/service/token?service=harbor-registry&scope=repository%3Ateam%2Fapp%3Apull");
    assertThat(asked.header("Authorization")).isEqualTo(basic("carol:pass"));
    assertThat(server.seen("GET", "/manifests/")).hasSize(3);
  }

  @Test
  void aRefusedUserOfARegistryWithItsOwnTokenServiceIsToldItsNameOnce() throws IOException {
    likeHarbor(server.url("/token/refusing"));
    server.on("GET", "^/token/refusing", status(401, ""));
    try (Registries side = side()) {
      assertThat(
              catchThrowableOfType(TransferException.class, () -> side.asSource().manifest(image)))
          .hasMessageContaining("refuses user carol; ")
          .hasMessageNotContaining(" for " + server.name());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 405, 413})
  void aTokenServiceThatIsNotThereIsNoMissingImage(int code) throws IOException {
    likeHarbor(server.url("/token/gone"));
    server.on("GET", "^/token/gone", status(code, ""));
    try (Registries side = side()) {
      assertThat(
              catchThrowableOfType(TransferException.class, () -> side.asSource().manifest(image)))
          .hasMessageContaining("a token for " + server.name())
          .extracting(TransferException::reason)
          .isEqualTo(FailureKind.SERVICE);
    }
  }

  @Test
  void aRepositoryWhoseTokenServiceIsOfNoUseDoesNotKeepTheOthersFromBeingRead() throws IOException {
    server.on("*", "/v2/team/odd/", status(401, "", bearer("http://a|b/token")));
    try (Registries side = side()) {
      Reference odd = Reference.parse(server.name() + "/team/odd:1");
      assertThat(catchThrowableOfType(TransferException.class, () -> side.asSource().manifest(odd)))
          .hasMessageContaining("no address");
      assertThat(side.asSource().manifest(image).bytes()).isEqualTo(MANIFEST);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372036854775807",
        "1000000000000000000",
        "-1",
        "0",
        "\"soon\"",
        "null",
        "1e400",
        "99999999999999999999999999999999",
        "{}"
      })
  void anAbsurdTimeOfATokenIsNoMatter(String seconds) throws IOException {
    String body = "{\"token\":\"t1\",\"expires_in\":" + seconds + "}";
    server.on("GET", "/odd/token", status(200, body));
    server.unlessAuthorized("Bearer t1"::equals, status(401, "", bearer(server.url("/odd/token"))));
    try (Registries side = side()) {
      assertThat(side.asSource().manifest(image).bytes()).isEqualTo(MANIFEST);
    }
  }

  @Test
  void aTokenThatRanOutIsReplacedThoughTheChallengeSaysBasic() throws IOException {
    likeHarbor(server.url("/service/token"));
    try (Registries side = side()) {
      side.asSource().manifest(image);
      valid = "none";
      side.asSource().manifest(image);
    }
    assertThat(tokenRequests()).hasSize(2);
    assertThat(server.seen("GET", "/manifests/"))
        .noneMatch(seen -> seen.header("Authorization").startsWith("Basic"));
  }

  @Test
  void aFreshTokenThatIsRefusedTooMeansDenied() throws IOException {
    server.unlessAuthorized(
        value -> false,
        status(
            401,
            "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"project p not found\"}]}",
            bearer(server.url("/service/token"))));
    try (Registries side = side()) {
      TransferException e =
          catchThrowableOfType(TransferException.class, () -> side.asSource().manifest(image));
      assertThat(e.reason()).isEqualTo(FailureKind.DENIED);
      assertThat(e).hasMessageContaining("project p not found");
    }
    assertThat(server.seen("GET", "/manifests/").size()).isLessThanOrEqualTo(3);
  }

  @Test
  void aTokenServiceThatSaysForbiddenOfTooManyRequestsIsAskedAgain() throws IOException {
    likeHarbor(server.url("/busy/token"));
    server.on("GET", "^/busy/token", 1, status(403, "", "Retry-After: 0"));
    server.on("GET", "^/busy/token", 1, status(403, "You have exceeded a rate limit"));
    server.on("GET", "^/busy/token", issuing("token"));
    try (Registries side = side()) {
      assertThat(side.asSource().manifest(image).bytes()).isEqualTo(MANIFEST);
    }
    assertThat(server.seen("GET", "/busy/token")).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404})
  void aRegistryThatOnlyHidesWhatIsNotForEverybodyIsShownTheCredentials(int hidden)
      throws IOException {
    String basic = Transport.basic(Credential.password("carol", "pass"));
    server.unlessAuthorized(basic::equals, status(hidden, ""));
    server.addManifest("team/app", "1", MANIFEST, MediaTypes.OCI_MANIFEST);

    try (Registries anyone = new Registries(TestSettings.quick());
        Registries carol = new Registries(TestSettings.quick("carol", "pass"))) {
      assertThat(catchThrowable(() -> anyone.asSource().manifest(image))).isNotNull();
      int before = server.seen("GET", "/manifests/").size();
      carol.asSource().manifest(image);
      assertThat(server.seen("GET", "/manifests/")).hasSize(before + 2);
      carol.asSource().manifest(image);
      // From now on without being refused first.
      assertThat(server.seen("GET", "/manifests/")).hasSize(before + 3);
    }
  }

  /** It was only not there; what is wanted for a push is said later. */
  @Test
  void credentialsThatWereShownInVainAreShownAgainWhenTheyAreAskedFor() throws IOException {
    server.on("POST", "/uploads/", 1, status(401, "", "WWW-Authenticate: Basic realm=\"x\""));
    try (Registries carol = new Registries(TestSettings.quick("carol", "pass"))) {
      assertThat(carol.asTarget().resolve(image.at(Digest.sha256(new byte[2])))).isEmpty();
      Descriptor blob = new Descriptor("", Digest.sha256(new byte[1]), 1);
      carol.asTarget().begin(image.repository(), blob, Optional.empty()).close();
    }
    assertThat(server.seen("POST", "/uploads/"))
        .extracting(post -> post.header("Authorization").isEmpty())
        .containsExactly(true, false);
  }

  @Test
  void anEmptyChallengeIsLookedUpAtTheRoot() throws IOException {
    server.on("GET", "/manifests/", 1, status(401, "", "WWW-Authenticate:"));
    likeHarbor(server.url("/service/token"));
    try (Registries side = side()) {
      assertThat(side.asSource().manifest(image).bytes()).isEqualTo(MANIFEST);
    }
  }

  @Test
  void anAccessTokenWillDoWhereTheTokenIsEmpty() throws IOException {
    FaultyRegistry tokens = server;
    tokens.on("GET", "^/other/token", issuing("access_token"));
    likeHarbor(server.url("/other/token"));
    try (Registries side = side()) {
      assertThat(side.asSource().resolve(image)).contains(Digest.sha256(MANIFEST));
    }
  }

  @Test
  void aMountAsksForBothRepositories() throws IOException {
    likeHarbor(server.url("/service/token"));
    byte[] bytes = {1, 2, 3};
    server.addBlob(bytes);
    var blob = new io.mirrorimages.image.Descriptor("", Digest.sha256(bytes), bytes.length);
    try (Registries side = side();
        var upload =
            side.asTarget()
                .begin(
                    image.repository(),
                    blob,
                    Optional.of(new Repository(server.name(), "base/os")))) {
      assertThat(upload.mounted()).isTrue();
    }
    assertThat(tokenRequests().getFirst().target())
        .contains("scope=repository%3Abase%2Fos%3Apull")
        .contains("scope=repository%3Ateam%2Fapp%3Apull%2Cpush");
  }

  @Test
  void manyAtOnceFetchOneToken() throws Exception {
    likeHarbor(server.url("/service/token"));
    try (Registries side = side();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        all.add(threads.submit(() -> side.asSource().manifest(image)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(tokenRequests()).hasSize(1);
  }

  @Test
  void anIdentityTokenIsPostedAndNeverSentAsAPassword() throws IOException {
    List<String> forms = new ArrayList<>();
    server.on(
        "POST",
        "^/service/token",
        e -> {
          forms.add(new String(e.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          issuing("access_token").answer(e);
        });
    likeHarbor(server.url("/service/token"));
    Credential identity = new Credential("", "id/tok+en", true);
    try (Registries side = new Registries(TestSettings.quick().with(Credentials.fixed(identity)))) {
      side.asSource().manifest(image);
    }
    assertThat(forms)
        .singleElement()
        .asString()
        .contains("grant_type=refresh_token")
        .contains("refresh_token=id%2Ftok%2Ben")
        .contains("scope=repository%3Ateam%2Fapp%3Apull");
    assertThat(tokenRequests()).isEmpty();
  }

  @Test
  void aServiceWithoutThePostFormIsAskedByGet() throws IOException {
    server.on("POST", "^/service/token", status(405, ""));
    likeHarbor(server.url("/service/token"));
    Credential identity = new Credential("", "tok", true);
    try (Registries side = new Registries(TestSettings.quick().with(Credentials.fixed(identity)))) {
      side.asSource().manifest(image);
    }
    assertThat(tokenRequests().getFirst().header("Authorization")).isEqualTo(basic("<token>:tok"));
  }

  @Test
  void aStrangersTokenServiceIsAskedWithoutCredentials() throws IOException {
    try (FaultyRegistry proxy = new FaultyRegistry()) {
      proxy.on("GET", "/token", issuing("token"));
      likeHarbor("http://auth.example.invalid/token");
      RegistrySettings behindProxy =
          TestSettings.quick("carol", "pass")
              .with(EnvironmentProxy.fromEnvironment(Map.of("http_proxy", proxy.url(""))));
      try (Registries side = new Registries(behindProxy)) {
        side.asSource().manifest(image);
      }
      assertThat(proxy.seen()).hasSize(1);
      assertThat(proxy.seen().getFirst().header("Authorization")).isEmpty();
    }
  }

  @Test
  void aStrangerInTheOwnNetworkIsNotAskedAndItsAnswerNotPassedOn() throws IOException {
    try (FaultyRegistry internal = new FaultyRegistry()) {
      internal.on("GET", "^/token", issuing("token"));
      String realm = internal.url("/token").replace("127.0.0.1", "localhost");
      likeHarbor(realm);
      try (Registries side = side()) {
        TransferException e =
            catchThrowableOfType(TransferException.class, () -> side.asSource().manifest(image));
        assertThat(e.reason()).isEqualTo(FailureKind.DENIED);
        assertThat(e)
            .hasMessageContaining("{setting trust-token-service} localhost:" + port(internal));
      }
      assertThat(internal.seen()).isEmpty();
      assertThat(server.seen()).noneMatch(s -> s.header("Authorization").startsWith("Bearer"));
    }
  }

  @Test
  void norIfTheRegistrysOwnTokenServiceRedirectsThere() throws IOException {
    try (FaultyRegistry internal = new FaultyRegistry()) {
      internal.on("GET", "^/latest", issuing("access_token"));
      String there = internal.url("/latest/api").replace("127.0.0.1", "localhost");
      server.on("GET", "^/moved", status(302, "", "Location: " + there));
      likeHarbor(server.url("/moved"));
      try (Registries side = side()) {
        TransferException e =
            catchThrowableOfType(TransferException.class, () -> side.asSource().manifest(image));
        assertThat(e).hasMessageContaining("not public");
      }
      assertThat(internal.seen()).isEmpty();
    }
  }

  @Test
  void aTokenServiceElsewhereThatAUserTrustsIsSentTheCredentials() throws IOException {
    try (FaultyRegistry elsewhere = new FaultyRegistry()) {
      elsewhere.on("GET", "^/token", issuing("token"));
      likeHarbor(elsewhere.url("/token").replace("127.0.0.1", "localhost"));
      RegistrySettings trusting =
          TestSettings.quick("carol", "pass")
              .with(new Trust(Map.of(), Set.of("localhost:" + port(elsewhere)), false));
      try (Registries side = new Registries(trusting)) {
        assertThat(side.asSource().manifest(image).bytes()).isEqualTo(MANIFEST);
      }
      assertThat(elsewhere.seen().getFirst().header("Authorization"))
          .isEqualTo(basic("carol:pass"));
    }
  }

  @Test
  void aTokenServiceThatRedirectsElsewhereDoesNotPassTheCredentialsOn() throws IOException {
    try (FaultyRegistry stranger = new FaultyRegistry()) {
      stranger.on("GET", "^/token", issuing("token"));
      server.on("GET", "^/moved", status(307, "", "Location: " + stranger.url("/token")));
      likeHarbor(server.url("/moved"));
      try (Registries side = side()) {
        side.asSource().manifest(image);
      }
      assertThat(stranger.seen().getFirst().header("Authorization")).isEmpty();
    }
  }

  @Test
  void theCheckAsksForATokenWithoutScope() throws IOException {
    likeHarbor(server.url("/service/token"));
    try (Registries side = side()) {
      side.check(server.name());
    }
    assertThat(tokenRequests().getFirst().target())
        .isEqualTo("/service/token?service=harbor-registry");
  }

  @Test
  void theCheckFindsWrongCredentials() throws IOException {
    server.on("GET", "^/refusing", status(401, ""));
    likeHarbor(server.url("/refusing"));
    try (Registries side = side()) {
      TransferException e =
          catchThrowableOfType(TransferException.class, () -> side.check(server.name()));
      assertThat(e.reason()).isEqualTo(FailureKind.DENIED);
      assertThat(e).hasMessageContaining("refuses user carol").hasMessageNotContaining("pass ");
    }
  }

  @Test
  void aRefusedLoginIsNotTriedForEachImage() throws IOException {
    server.on("GET", "^/refusing", status(401, ""));
    likeHarbor(server.url("/refusing"));
    try (Registries side = side()) {
      for (int i = 0; i < 5; i++) {
        Reference one = Reference.parse(server.name() + "/team/app" + i + ":1");
        assertThat(
                catchThrowableOfType(TransferException.class, () -> side.asSource().manifest(one)))
            .hasMessageContaining("refuses user carol");
      }
    }
    // One for the image, one to find out whether it is the login itself.
    assertThat(server.seen("GET", "/refusing")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void norByARegistryOfBasic(int refusal) throws IOException {
    server.unlessAuthorized(
        value -> !value.isEmpty(), status(401, "", "WWW-Authenticate: Basic realm=\"x\""));
    server.on("*", "^/v2/", status(refusal, ""));
    try (Registries side = side()) {
      for (int i = 0; i < 5; i++) {
        Reference one = Reference.parse(server.name() + "/team/app" + i + ":1");
        assertThat(
                catchThrowableOfType(TransferException.class, () -> side.asSource().manifest(one)))
            .hasMessageContaining(server.name() + " refuses user carol; check the credentials");
      }
    }
    assertThat(server.seen().stream().filter(seen -> !seen.header("Authorization").isEmpty()))
        .hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void aRepositoryThatBasicDoesNotOpenIsNoRefusedLogin(int refusal) throws IOException {
    server.unlessAuthorized(
        value -> !value.isEmpty(), status(401, "", "WWW-Authenticate: Basic realm=\"x\""));
    server.on("*", "^/v2/team/secret/", status(refusal, ""));
    try (Registries side = side()) {
      Reference secret = Reference.parse(server.name() + "/team/secret:1");
      assertThat(
              catchThrowableOfType(TransferException.class, () -> side.asSource().manifest(secret)))
          .hasMessageContaining("denies access");
      assertThat(side.asSource().manifest(image).bytes()).isEqualTo(MANIFEST);
    }
  }

  @Test
  void aScopeThatIsRefusedIsNoRefusedLogin() throws IOException {
    server.on("GET", "^/service/token.*secret", status(401, ""));
    likeHarbor(server.url("/service/token"));
    try (Registries side = side()) {
      Reference secret = Reference.parse(server.name() + "/team/secret:1");
      assertThat(
              catchThrowableOfType(TransferException.class, () -> side.asSource().manifest(secret)))
          .isNotNull();
      assertThat(side.asSource().manifest(image).bytes()).isEqualTo(MANIFEST);
    }
  }

  @Test
  void whoHasNoCredentialsIsToldWhereTheyWereLookedFor(@TempDir Path home) throws IOException {
    server.on("GET", "^/refusing", status(401, ""));
    likeHarbor(server.url("/refusing"));
    Credentials none = DockerCredentials.fromEnvironment(Map.of(), home);
    String place = home.resolve(".docker/config.json").toString();
    try (Registries side = new Registries(TestSettings.quick().with(none))) {
      assertThat(
              catchThrowableOfType(TransferException.class, () -> side.asSource().manifest(image)))
          .hasMessageContaining("no credentials for " + server.name())
          .hasMessageContaining(place);
    }
  }

  @Test
  void soIsWhoAsksARegistryOfBasic(@TempDir Path home) throws IOException {
    server.unlessAuthorized(v -> false, status(401, "", "WWW-Authenticate: Basic realm=\"x\""));
    Credentials none = DockerCredentials.fromEnvironment(Map.of(), home);
    try (Registries side = new Registries(TestSettings.quick().with(none))) {
      assertThat(
              catchThrowableOfType(TransferException.class, () -> side.asSource().manifest(image)))
          .hasMessageContaining("no credentials for " + server.name())
          .hasMessageContaining(home.toString());
    }
  }

  @Test
  void aRefusalWithoutAnyChallengeIsCalledSo() throws IOException {
    server.on("GET", "^/v2/", status(401, ""));
    try (Registries side = side()) {
      assertThat(catchThrowableOfType(TransferException.class, () -> side.check(server.name())))
          .hasMessageContaining("does not say what it wants");
    }
  }

  @Test
  void theCheckFindsAWebPage() throws IOException {
    server.on("GET", "^/v2/$", status(200, "<html>", "Content-Type: text/html; charset=utf-8"));
    try (Registries side = side()) {
      TransferException e =
          catchThrowableOfType(TransferException.class, () -> side.check(server.name()));
      assertThat(e.reason()).isEqualTo(FailureKind.NETWORK);
      assertThat(e).hasMessageContaining("not a registry");
    }
  }

  @Test
  void theCheckSaysWhatToDoAboutUnreachableHosts() throws IOException {
    try (Registries side = side()) {
      assertThat(
              catchThrowableOfType(
                  TransferException.class, () -> side.check("no-such-host.invalid")))
          .hasMessageContaining("unknown host; check the name and the DNS");
      assertThat(catchThrowableOfType(TransferException.class, () -> side.check("127.0.0.1:1")))
          .hasMessageContaining("connection refused");
    }
  }

  @Test
  void anOpenRegistryPassesTheCheck() throws IOException {
    try (Registries side = new Registries(TestSettings.quick())) {
      assertThatCode(() -> side.check(server.name())).doesNotThrowAnyException();
    }
  }

  @Test
  void aRealmOfPlainHttpBehindTlsIsAskedOverTls(@TempDir Path folder) throws IOException {
    Path certificate = folder.resolve("cert.pem");
    DockerRegistry.makeCertificate(certificate, folder.resolve("key.pem"), folder.resolve("log"));
    server.close();
    server = new FaultyRegistry(CertifiedKey.serverContext(certificate, folder.resolve("key.pem")));
    server.addManifest("team/app", "1", MANIFEST, MediaTypes.OCI_MANIFEST);
    server.on("GET", "^/service/token", issuing("access_token"));
    likeHarbor("http://" + server.name() + "/service/token");
    TlsOptions tls =
        new TlsOptions(Optional.of(certificate), Optional.empty(), Optional.empty(), false, false);
    try (Registries side = new Registries(TestSettings.quick("carol", "pass").with(tls))) {
      assertThat(side.asSource().manifest(Reference.parse(server.name() + "/team/app:1")).bytes())
          .isEqualTo(MANIFEST);
    }
    // It came to the port that speaks TLS, so nothing of it went over the wire in plain text.
    assertThat(tokenRequests()).hasSize(1);
    assertThat(tokenRequests().getFirst().header("Authorization")).isEqualTo(basic("carol:pass"));
  }

  private Registries side() {
    return new Registries(TestSettings.quick("carol", "pass"));
  }

  /** 401 with Bearer to requests without Authorization, with Basic to all others. */
  private void likeHarbor(String realm) {
    Behaviour refusal =
        exchange ->
            respond(
                exchange,
                401,
                new byte[0],
                exchange.getRequestHeaders().containsKey("Authorization")
                    ? "WWW-Authenticate: Basic realm=\"harbor\""
                    : bearer(realm));
    server.unlessAuthorized(value -> value.equals("Bearer " + valid), refusal);
  }

  private static String bearer(String realm) {
    return "WWW-Authenticate: Bearer realm=\""
        + realm
        + "\",service=\"harbor-registry\",scope=\"repository:team/app:pull\"";
  }

  private Behaviour issuing(String field) {
    return exchange -> {
      valid = "t" + issued.incrementAndGet();
      String json =
          field.equals("token")
              ? "{\"token\":\"" + valid + "\",\"access_token\":\"\",\"expires_in\":1800}"
              : "{\"token\":\"\",\"access_token\":\"" + valid + "\"}";
      respond(exchange, 200, json.getBytes(StandardCharsets.UTF_8));
    };
  }

  private List<Seen> tokenRequests() {
    return server.seen("GET", "/service/token");
  }

  private static String port(FaultyRegistry registry) {
    return registry.name().substring(registry.name().indexOf(':') + 1);
  }

  private static String basic(String plain) {
    return "Basic " + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }
}
