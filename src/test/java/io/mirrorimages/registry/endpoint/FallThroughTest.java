package io.mirrorimages.registry.endpoint;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static io.mirrorimages.testing.FaultyRegistry.truncated;
import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.http.wire.Timeouts;
import io.mirrorimages.registry.limit.HostBudgets;
import io.mirrorimages.route.Routes;
import io.mirrorimages.testing.FaultyRegistry.Behaviour;
import io.mirrorimages.testing.PullLimit;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of images whose mirrors are in trouble, or have nothing left to give. */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class FallThroughTest extends TwoMirrors {
  private final List<Wait> waits = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void endSilence() {
    end.countDown();
  }

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

    assertThat(result.reason()).contains(FailureKind.MISSING);
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
    settings = settings.with(HostBudgets.none().with(limit)).reportingTo(waits(waits));
  }

  private Behaviour silence() {
    return silenceUntil(end);
  }

  private static RunListener waits(Collection<Wait> told) {
    return event -> {
      if (event instanceof RunEvent.Waiting waiting) {
        told.add(waiting.details());
      }
    };
  }
}
