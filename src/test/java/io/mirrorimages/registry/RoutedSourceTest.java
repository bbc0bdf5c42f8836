package io.mirrorimages.registry;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static io.mirrorimages.testing.FaultyRegistry.truncated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Mirror;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Reason;
import io.mirrorimages.mirror.Retries;
import io.mirrorimages.mirror.RunListener;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.route.Credential;
import io.mirrorimages.route.Credentials;
import io.mirrorimages.route.MirrorRule;
import io.mirrorimages.route.RegistriesFile;
import io.mirrorimages.route.Routes;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.FaultyRegistry.Behaviour;
import io.mirrorimages.testing.FaultyRegistry.Seen;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.PullLimit;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of images whose mirrors are not as they should be. */
@Timeout(120)
class RoutedSourceTest {
  private static final String REPOSITORY = "team/app";

  private final TestImages images = new TestImages();
  private final Manifest manifest = images.image(TestImages.AMD64, images.layer("layer", 300_000));
  private final Digest layer = manifest.layers().getFirst().digest();
  private final List<String> hints = new ArrayList<>();
  private final List<Wait> waits = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<FaultyRegistry> servers = new ArrayList<>();
  private FaultyRegistry one;
  private FaultyRegistry two;
  private FaultyRegistry origin;
  private Reference image;
  private RegistrySettings settings;
  private Resolve resolve = Resolve.ORIGIN;
  private Credentials mirrorCredentials = Credentials.none();

  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    one = server();
    two = server();
    origin = server();
    image = Reference.parse(origin.name() + "/" + REPOSITORY + ":1");
    settings =
        TestSettings.quick()
            .with(
                new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(5)));
  }

  @AfterEach
  void stop() {
    end.countDown();
    servers.forEach(FaultyRegistry::close);
  }

  private FaultyRegistry server() throws IOException {
    FaultyRegistry server = new FaultyRegistry();
    servers.add(server);
    stock(server, "1", manifest);
    return server;
  }

  private void stock(FaultyRegistry server, String tag, Manifest top) {
    server.addManifest(REPOSITORY, tag, top.bytes(), top.mediaType());
    top.blobs().forEach(blob -> server.addBlob(images.content(blob.digest())));
  }

  // The usual way

  @Test
  void theOriginSaysWhichImageAndTheFirstMirrorSendsIt() throws IOException {
    ImageResult result = copy(rules(one, two));

    assertThat(result.status()).isEqualTo(Status.COPIED);
    assertThat(result.provenance().servedBy()).containsExactly(one.url(""));
    assertThat(result.provenance().passedOver()).isEmpty();
    assertThat(methods(origin)).containsExactly("HEAD");
    assertThat(one.seen("GET", "/manifests/" + manifest.digest())).hasSize(1);
    assertThat(one.seen("GET", "/manifests/1")).isEmpty();
    assertThat(two.seen()).isEmpty();
  }

  @Test
  void mirrorsLearnWhoseImagesAreMeantAndTheOriginDoesNot() throws IOException {
    copy(rules(one));

    assertThat(one.seen())
        .allMatch(s -> s.target().endsWith("?ns=" + origin.name().replace(":", "%3A")));
    assertThat(origin.seen()).noneMatch(s -> s.target().contains("?"));
  }

  @Test
  void aPathPrefixGoesBeforeTheName() throws IOException {
    one.addManifest("hub/" + REPOSITORY, "1", manifest.bytes(), manifest.mediaType());
    copy(List.of(MirrorRule.parse(origin.name() + "=" + one.url("/hub"))));

    assertThat(one.seen())
        .isNotEmpty()
        .allMatch(s -> s.target().startsWith("/v2/hub/" + REPOSITORY));
    assertThat(methods(origin)).containsExactly("HEAD");
  }

  @Test
  void rewritesOfAFileAreDone() throws IOException {
    one.addManifest("moved/app", "1", manifest.bytes(), manifest.mediaType());
    ImageResult result =
        copy(
            file(
                """
                mirrors:
                  "%s": {endpoint: ["%s"], rewrite: {"^team/(.*)": "moved/$1"}}
                """
                    .formatted(origin.name(), one.url(""))));

    assertThat(result.provenance().servedBy()).containsExactly(one.url(""));
    assertThat(one.seen()).allMatch(s -> s.target().startsWith("/v2/moved/app/"));
    assertThat(result.request().source()).isEqualTo(image);
  }

  // Fall through

  private record Fault(String name, Behaviour behaviour) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Fault> faults() {
    return Stream.of(
        new Fault("401", status(401, "", "WWW-Authenticate: Basic realm=\"x\"")),
        new Fault("403", status(403, "{}")),
        new Fault("404", status(404, "{}")),
        new Fault("429", status(429, "", "Retry-After: 3600")),
        new Fault("429 without a word", status(429, "")),
        new Fault("500", status(500, "toomanyrequests")),
        new Fault("503", status(503, "<html>", "Content-Type: text/html")),
        new Fault("a web page", status(200, "<html>parked</html>", "Content-Type: text/html")),
        new Fault("something else", status(200, "[1, 2]")),
        new Fault("another manifest", status(200, "{\"schemaVersion\":2,\"layers\":[]}")),
        new Fault("less than promised", truncated(new byte[500], 10)),
        new Fault("hung up", exchange -> {}));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aMirrorThatFailsIsPassedOverForTheNext(Fault fault) throws IOException {
    one.on("*", "/v2/.", fault.behaviour());
    ImageResult result = copy(rules(one, two));

    assertThat(result.status()).as(result.message()).isEqualTo(Status.COPIED);
    assertThat(result.provenance().servedBy()).containsExactly(two.url(""));
    assertThat(result.provenance().passedOver()).containsOnlyKeys(one.url(""));
    assertThat(result.provenance().passedOver().get(one.url(""))).isNotBlank();
    assertThat(methods(origin)).containsExactly("HEAD");
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aMirrorThatFailsAtBlobsOnlyIsPassedOverForThose(Fault fault) throws IOException {
    one.on("GET", "/blobs/", fault.behaviour());
    ImageResult result = copy(rules(one, two));

    assertThat(result.status()).as(result.message()).isEqualTo(Status.COPIED);
    assertThat(result.provenance().servedBy()).contains(two.url(""));
    assertThat(origin.seen("GET", "/blobs/")).isEmpty();
  }

  @Test
  void aMirrorThatIsDownOrSilentIsPassedOver() throws IOException {
    one.close();
    two.on("GET", "/v2/", silence());
    ImageResult result = copy(rules(one, two));

    assertThat(result.status()).isEqualTo(Status.COPIED);
    assertThat(result.provenance().servedBy()).containsExactly(origin.name());
    assertThat(result.provenance().passedOver().get(one.url(""))).contains("connection refused");
    assertThat(result.provenance().passedOver().get(two.url(""))).contains("no byte in time");
  }

  @Test
  void aMirrorWhoseAuthorityIsNotThereIsPassedOver() throws IOException {
    ImageResult result =
        copy(
            file(
                """
                mirrors: {"%s": {endpoint: ["https://%s", "%s"]}}
                configs: {"%s": {tls: {ca_file: %s}}}
                """
                    .formatted(
                        origin.name(), one.name(), two.url(""), one.name(), folder.resolve("no"))));

    assertThat(result.status()).as(result.message()).isEqualTo(Status.COPIED);
    assertThat(result.provenance().servedBy()).containsExactly(two.url(""));
    assertThat(result.provenance().passedOver().get("https://" + one.name()))
        .contains("does not exist");
  }

  @Test
  void theFailureSaysWhatEachOfThemSaid() throws IOException {
    one.close();
    two.on(
        "GET",
        "/v2/",
        status(403, "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"not on the list\"}]}"));
    origin.on("GET", "/manifests/", status(404, ""));
    ImageResult result = copy(rules(one, two));

    assertThat(result.reason()).contains(Reason.MISSING);
    assertThat(result.message())
        .contains("none of the 3 endpoints", "connection refused", "not on the list")
        .contains(one.url("") + ": ", two.url("") + ": ", "; " + origin.name() + ": ");
  }

  @Test
  void aMirrorWhosePullsAreUsedUpIsPassedOverWithoutAWait() throws IOException {
    PullLimit limit = PullLimit.of(one, 1, Duration.ofHours(6));
    Manifest other = images.image(TestImages.AMD64, images.layer("other", 1000));
    List.of(one, two, origin).forEach(server -> stock(server, "2", other));
    List<ImageResult> results =
        copy(
            routes(rules(one, two), Optional.empty()),
            List.of(image.toString(), origin.name() + "/" + REPOSITORY + ":2"));

    assertThat(results).allMatch(result -> result.status() == Status.COPIED);
    // Which of them is the first is not said.
    assertThat(results)
        .map(result -> result.provenance().passedOver())
        .containsExactlyInAnyOrder(
            Map.of(), Map.of(one.url(""), "its limit of 1 pulls in 6 h is used up"));
    assertThat(two.seen("GET", "/manifests/")).hasSize(1);
    assertThat(limit.refused()).isZero();
  }

  @Test
  void theLastMirrorOfAllIsWaitedForWhenItsPullsAreUsedUp() throws IOException {
    PullLimit limit = PullLimit.of(two, 1, Duration.ofSeconds(3));
    stock(two, "2", images.image(TestImages.AMD64, images.layer("other", 1000)));
    one.on("*", "/v2/.", status(404, "{}"));
    resolve = Resolve.MIRROR;
    List<ImageResult> results =
        copy(
            Routes.of(rules(one, two), Optional.empty(), true),
            List.of(image.toString(), origin.name() + "/" + REPOSITORY + ":2"));

    assertThat(results).allMatch(result -> result.status() == Status.COPIED);
    assertThat(limit.refused()).isZero();
    assertThat(origin.seen()).isEmpty();
  }

  @Test
  void aMirrorWhoseRequestsAreUsedUpIsPassedOverForOneThatIsFree() throws IOException {
    limit(one.name() + ":requests=2/h");
    ImageResult result = copy(rules(one, two));

    assertThat(result.status()).as(result.message()).isEqualTo(Status.COPIED);
    assertThat(result.provenance().servedBy()).contains(two.url(""));
    assertThat(result.provenance().passedOver())
        .isEqualTo(Map.of(one.url(""), "the limit requests=2/h is used up"));
    assertThat(one.seen()).hasSizeBetween(1, 2);
    assertThat(waits).isEmpty();
  }

  @Test
  void aMirrorWhosePlacesAreTakenIsPassedOverAfterAMoment() throws IOException {
    limit(one.name() + ":concurrency=1");
    one.on("GET", "/blobs/" + layer, silence());
    Manifest other = images.image(TestImages.AMD64, images.layer("other", 1000));
    List.of(one, two, origin).forEach(server -> stock(server, "2", other));
    settings =
        settings.with(
            new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20)));
    Reference second = Reference.parse(origin.name() + "/" + REPOSITORY + ":2");
    try (Registries side = open(routes(rules(one, two), Optional.empty()))) {
      Thread stuck =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      side.asSource().open(image.repository(), manifest.layers().getFirst(), 0);
                    } catch (IOException e) {
                      // It ends with the side.
                    }
                  });
      while (one.seen("GET", "/blobs/").isEmpty()) {
        Thread.onSpinWait();
      }
      assertThat(side.asSource().manifest(second.at(other.digest())).digest())
          .isEqualTo(other.digest());
      assertThat(stuck.isAlive()).isTrue();
    }
    assertThat(two.seen("GET", "/manifests/")).hasSize(1);
  }

  @Test
  void aLayerWhoseMirrorHasNoBytesLeftIsContinuedElsewhere() throws IOException {
    limit(one.name() + ":bytes=100k/h");
    ImageResult result = copy(rules(one, two));

    assertThat(result.status()).as(result.message()).isEqualTo(Status.COPIED);
    assertThat(one.seen("GET", "/blobs/" + layer)).hasSize(1);
    assertThat(two.seen("GET", "/blobs/" + layer))
        .singleElement()
        .satisfies(seen -> assertThat(seen.header("Range")).matches("bytes=[1-9][0-9]*-"));
    assertThat(waits).isEmpty();
  }

  @Test
  void aMirrorThatRestsForSecondsIsWaitedForRatherThanTheOriginForHours() throws IOException {
    PullLimit limit = PullLimit.of(origin, 1, Duration.ofHours(6));
    one.on("GET", "/manifests/", 2, status(503, ""));
    Manifest other = images.image(TestImages.AMD64, images.layer("other", 1000));
    List.of(one, origin).forEach(server -> stock(server, "2", other));
    List<ImageResult> results =
        copy(
            routes(rules(one), Optional.empty()),
            List.of(image.toString(), origin.name() + "/" + REPOSITORY + ":2"));

    assertThat(results).allMatch(result -> result.status() == Status.COPIED);
    assertThat(origin.seen("GET", "/manifests/")).hasSize(1);
    assertThat(limit.refused()).isZero();
  }

  @Test
  void whatMayPassIsTriedAgainEverywhere() throws IOException {
    one.on("GET", "/manifests/", 1, status(503, ""));
    two.on("GET", "/manifests/", 2, status(404, ""));
    origin.on("GET", "/manifests/", 1, status(500, ""));
    ImageResult result = copy(rules(one, two));

    assertThat(result.status()).as(result.message()).isEqualTo(Status.COPIED);
  }

  @Test
  void aMirrorInTroubleComesLastForAWhile() throws IOException {
    one.on("*", "/v2/", status(503, ""));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      stock(origin, "t" + i, manifest);
      names.add(origin.name() + "/" + REPOSITORY + ":t" + i);
    }
    Manifest other = images.image(TestImages.AMD64, images.layer("other", 1000));
    stock(two, "o", other);
    stock(origin, "o", other);
    names.add(origin.name() + "/" + REPOSITORY + ":o");
    List<ImageResult> results = copy(routes(rules(one, two), Optional.empty()), names);

    assertThat(results).allMatch(r -> r.status() == Status.COPIED);
    assertThat(one.seen()).hasSizeBetween(2, 5);
  }

  @Test
  void withTheOriginDisabledOnlyMirrorsAreAsked() throws IOException {
    one.on("*", "/v2/", status(404, ""));
    Routes routes = Routes.of(rules(one, two), Optional.empty(), true);
    ImageResult result = copy(routes, List.of(image.toString())).getFirst();

    assertThat(result.provenance().servedBy()).containsExactly(two.url(""));
    assertThat(origin.seen()).isEmpty();
    assertThat(hints).isEmpty();
  }

  // Blobs in parts

  @Test
  void aBlobBegunAtOneIsContinuedAtTheOther() throws IOException {
    breakOff(one, 100_000);
    ImageResult result = copy(rules(one, two));

    assertThat(result.status()).isEqualTo(Status.COPIED);
    Seen rest = two.seen("GET", "/blobs/" + layer).getFirst();
    assertThat(rest.header("Range")).matches("bytes=[1-9][0-9]*-");
    assertThat(result.provenance().servedBy()).containsExactly(one.url(""), two.url(""));
    assertThat(result.provenance().passedOver().get(one.url(""))).startsWith("broke off: ");
    assertThat(origin.seen("GET", "/blobs/")).isEmpty();
  }

  @Test
  void theRestComesFromOneThatKnowsParts() throws IOException {
    breakOff(one, 100_000);
    two.on("GET", "/blobs/", this::sendsAll);
    ImageResult result = copy(rules(one, two));

    assertThat(result.status()).isEqualTo(Status.COPIED);
    assertThat(origin.seen("GET", "/blobs/" + layer).getFirst().header("Range"))
        .matches("bytes=[1-9][0-9]*-");
    assertThat(result.provenance().passedOver().get(two.url(""))).contains("does not send a part");
  }

  @Test
  void whereNobodyKnowsPartsWhatIsThereIsSkipped() throws IOException {
    for (FaultyRegistry server : servers) {
      breakOff(server, 100_000);
      server.on("GET", "/blobs/", this::sendsAll);
    }
    assertThat(copy(rules(one, two)).status()).isEqualTo(Status.COPIED);
  }

  @Test
  void wrongBytesOfTheRightLengthComeFromTheNextThen() throws IOException {
    byte[] wrong = new byte[images.content(layer).length];
    one.on(
        "GET",
        "/blobs/" + layer,
        status(200, new String(wrong, java.nio.charset.StandardCharsets.US_ASCII)));
    assertThat(copy(rules(one, two)).status()).isEqualTo(Status.COPIED);
    assertThat(two.seen("GET", "/blobs/" + layer)).hasSize(1);
  }

  @Test
  void theSameWrongBytesOfTwoMirrorsSayNothingOfTheThird() throws IOException {
    byte[] wrong = new byte[images.content(layer).length];
    Behaviour lie = exchange -> FaultyRegistry.respond(exchange, 200, wrong);
    one.on("GET", "/blobs/" + layer, lie);
    two.on("GET", "/blobs/" + layer, lie);
    assertThat(copy(rules(one, two)).status()).isEqualTo(Status.COPIED);
    origin.on("GET", "/blobs/" + layer, lie);
    ImageResult result = copy(rules(one, two));
    assertThat(result.reason()).contains(Reason.CORRUPT);
  }

  @Test
  void aLiarWhoBreaksOffDoesNotSpoilTheBlob() throws IOException {
    byte[] wrong = new byte[images.content(layer).length];
    one.on("GET", "/blobs/" + layer, truncated(wrong, 150_000));
    assertThat(copy(rules(one, two)).status()).isEqualTo(Status.COPIED);
  }

  // Secrets

  @Test
  void credentialsOfOneSideNeverGoToTheOther() throws IOException {
    for (FaultyRegistry server : List.of(one, origin)) {
      server.unlessAuthorized(
          value -> value.startsWith("Basic "),
          status(401, "", "WWW-Authenticate: Basic realm=\"x\""));
    }
    settings = settings.with(Credentials.fixed(Credential.password("origin-user", "p")));
    ImageResult result =
        copy(
            file(
                """
                mirrors: {"%s": {endpoint: ["%s", "%s"]}}
                configs: {"%s": {auth: {username: mirror-user, password: p}}}
                """
                    .formatted(origin.name(), one.url(""), two.url(""), one.name())));

    assertThat(result.status()).as(result.message()).isEqualTo(Status.COPIED);
    assertThat(users(one)).containsOnly("", "mirror-user").contains("mirror-user");
    assertThat(users(origin)).containsOnly("", "origin-user").contains("origin-user");
    assertThat(users(two)).isEmpty();
    one.close();
    two.unlessAuthorized(String::isEmpty, status(500, ""));
    assertThat(copy(rules(one, two)).status()).isEqualTo(Status.COPIED);
    assertThat(users(two)).containsOnly("");
  }

  @Test
  void aLoginAtTheMirrorIsUsedThere() throws IOException {
    one.unlessAuthorized(
        value -> value.startsWith("Basic "),
        status(401, "", "WWW-Authenticate: Basic realm=\"x\""));
    String host = one.name();
    mirrorCredentials =
        repository ->
            repository.registry().equals(host)
                ? Optional.of(Credential.password("kept", "p"))
                : Optional.empty();
    assertThat(copy(rules(one)).provenance().servedBy()).containsExactly(one.url(""));
    assertThat(users(one)).contains("kept");
  }

  // Tags

  @Test
  void aStaleTagOfAMirrorIsNotTaken() throws IOException {
    Manifest fresh = images.image(TestImages.AMD64, images.layer("fresh", 1000));
    stock(origin, "1", fresh);
    ImageResult result = copy(rules(one));

    assertThat(result.targetDigest()).contains(fresh.digest());
    assertThat(result.provenance().servedBy()).containsExactly(origin.name());
    assertThat(result.provenance().passedOver().get(one.url(""))).contains("does not have");
    assertThat(hints).isEmpty();
  }

  @Test
  void anOriginThatCannotBeAskedIsSaidOnce() throws IOException {
    origin.close();
    stock(one, "2", manifest);
    List<ImageResult> results =
        copy(
            routes(rules(one), Optional.empty()),
            List.of(image.toString(), image.repository() + ":2"));

    assertThat(results).allMatch(r -> r.status() == Status.COPIED);
    assertThat(hints).singleElement().asString().contains(origin.name(), "connection refused");
  }

  @Test
  void whatTheOriginDoesNotHaveAnyMoreIsMissing() throws IOException {
    origin.on("HEAD", "/manifests/", status(404, ""));
    assertThat(copy(rules(one)).reason()).contains(Reason.MISSING);
    resolve = Resolve.MIRROR;
    assertThat(copy(rules(one)).status()).isEqualTo(Status.COPIED);
  }

  @Test
  void aMirrorsWordIsTakenWhereItIsWanted() throws IOException {
    resolve = Resolve.MIRROR;
    stock(origin, "1", images.image(TestImages.AMD64, images.layer("fresh", 1000)));
    ImageResult result = copy(rules(one));

    assertThat(result.targetDigest()).contains(manifest.digest());
    assertThat(origin.seen()).isEmpty();
    try (Registries side = open(routes(rules(one), Optional.empty()))) {
      assertThat(side.asSource().digest(image)).contains(manifest.digest());
    }
  }

  @Test
  void theNewestIsTakenWhereverItIs() throws IOException {
    resolve = Resolve.NEWEST;
    Manifest newer = made("2026-03-01T00:00:00Z");
    stock(origin, "1", made("2026-01-01T00:00:00Z"));
    stock(one, "1", made("2025-12-31T00:00:00+02:00"));
    stock(two, "1", newer);
    assertThat(copy(rules(one, two)).targetDigest()).contains(newer.digest());
    stock(two, "1", made("no date"));
    assertThat(copy(rules(one, two)).targetDigest())
        .contains(made("2026-01-01T00:00:00Z").digest());
    origin.close();
    assertThat(copy(rules(one, two)).targetDigest())
        .contains(made("2025-12-31T00:00:00+02:00").digest());
  }

  /** An image whose config says when it was made. */
  private Manifest made(String when) {
    var config = images.blob(MediaTypes.OCI_CONFIG, ("{\"created\":\"" + when + "\"}").getBytes());
    return images.manifest(
        """
        {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"%s","digest":"%s","size":%d},"layers":[]}
        """
            .formatted(
                MediaTypes.OCI_MANIFEST, MediaTypes.OCI_CONFIG, config.digest(), config.size())
            .getBytes());
  }

  // The check beforehand

  @Test
  void oneEndpointThatIsThereIsEnough() throws IOException {
    origin.close();
    one.close();
    try (Registries side = open(routes(rules(one, two), Optional.empty()))) {
      side.check(origin.name());
      two.close();
      MirrorException e =
          catchThrowableOfType(MirrorException.class, () -> side.check(origin.name()));
      assertThat(e.reason()).isEqualTo(Reason.NETWORK);
      assertThat(e).hasMessageContaining(one.url("")).hasMessageContaining(two.url(""));
    }
  }

  // Help

  private static Behaviour silenceUntil(CountDownLatch end) {
    return exchange -> {
      try {
        end.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    };
  }

  private void limit(String limit) {
    settings = settings.with(HostBudgets.none().with(limit)).withWaits(waits::add);
  }

  private Behaviour silence() {
    return silenceUntil(end);
  }

  private void breakOff(FaultyRegistry server, int after) {
    server.on("GET", "/blobs/" + layer, 1, truncated(images.content(layer), after));
  }

  /** Ignores the Range. */
  private void sendsAll(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] bytes = images.content(Digest.parse(path.substring(path.lastIndexOf('/') + 1)));
    exchange.sendResponseHeaders(200, bytes.length);
    try (OutputStream body = exchange.getResponseBody()) {
      body.write(bytes);
    }
  }

  private List<MirrorRule> rules(FaultyRegistry... mirrors) {
    return Arrays.stream(mirrors)
        .map(mirror -> MirrorRule.parse(origin.name() + "=" + mirror.url("")))
        .toList();
  }

  private static Routes routes(List<MirrorRule> rules, Optional<RegistriesFile> file) {
    return Routes.of(rules, file, false);
  }

  private Routes file(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("registries.yaml"), text);
    return routes(List.of(), Optional.of(RegistriesFile.read(file)));
  }

  private Registries open(Routes routes) {
    return new Registries(settings, new Routing(routes, mirrorCredentials, resolve, hints::add));
  }

  private ImageResult copy(List<MirrorRule> rules) throws IOException {
    return copy(routes(rules, Optional.empty()));
  }

  private ImageResult copy(Routes routes) throws IOException {
    return copy(routes, List.of(image.toString())).getFirst();
  }

  private List<ImageResult> copy(Routes routes, List<String> names) throws IOException {
    List<ImageRequest> requests =
        names.stream().map(Reference::parse).map(r -> new ImageRequest(r, r)).toList();
    Map<ImageRequest, ImageResult> results = new LinkedHashMap<>();
    try (Registries side = open(routes);
        Mirror mirror =
            new Mirror(
                side.asSource(),
                new Mirror.Options(
                    1, new PlatformFilter(List.of()), new Retries(3, Duration.ofMillis(1))),
                RunListener.NONE)) {
      mirror
          .carryOut(mirror.plan(requests), new MemoryRegistry().asTarget())
          .forEach(result -> results.put(result.request(), result));
    }
    return List.copyOf(results.values());
  }

  private static List<String> methods(FaultyRegistry server) {
    // The one to /v2/ finds out whether it speaks TLS.
    return server.seen().stream()
        .filter(seen -> !seen.target().equals("/v2/"))
        .map(Seen::method)
        .toList();
  }

  /** Who asked, by Basic. */
  private static List<String> users(FaultyRegistry server) {
    return server.seen().stream()
        .map(seen -> seen.header("Authorization"))
        .map(
            value ->
                value.startsWith("Basic ")
                    ? new String(java.util.Base64.getDecoder().decode(value.substring(6)))
                        .replaceFirst(":.*", "")
                    : value)
        .toList();
  }
}
