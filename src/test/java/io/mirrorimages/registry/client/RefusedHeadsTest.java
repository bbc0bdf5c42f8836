package io.mirrorimages.registry.client;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.engine.Verifier;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * HEAD is refused where GET works: by registries without it, and by storage whose addresses are
 * signed for GET.
 */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class RefusedHeadsTest {
  private final TestImages images = new TestImages();
  private final TestImages.Layer base = images.layer("base", 5000);
  private FaultyRegistry from;
  private FaultyRegistry to;
  private Registries registries;

  @BeforeEach
  void start() throws IOException {
    from = new FaultyRegistry();
    to = new FaultyRegistry();
    registries = new Registries(TestSettings.quick());
  }

  @AfterEach
  void stop() throws IOException {
    registries.close();
    from.close();
    to.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 405, 500, 501, 503})
  void atTheSourceTheContentIsAskedForInTheFirstRunAndTheNext(int status) throws IOException {
    from.on("HEAD", "/", status(status, ""));
    runs();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 405, 500, 501, 503})
  void atTheTargetTooAndWhatIsThereIsFound(int status) throws IOException {
    to.on("HEAD", "/", status(status, ""));
    runs();
    if (status != 404) {
      // There 404 is what most answer that do have HEAD: what is there is sent once more.
      assertThat(sync("a").status()).isEqualTo(Status.UNCHANGED);
      assertThat(to.seen("PUT", base.descriptor().digest().hex())).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 403, 404, 500})
  void aCheckFindsWhatOnlyGetFinds(int status) throws IOException {
    Manifest image = stock("a", "1");
    if (status != 200) {
      from.on("HEAD", "/", status(status, ""));
    }
    ImageRequest request = request(from, from, "a");
    try (Verifier verifier =
        new Verifier(
            registries.asSource(), false, 2, new Retries(0, Duration.ZERO), RunListener.NONE)) {
      assertThat(verifier.verify(List.of(request)).getFirst().status()).isEqualTo(Status.VERIFIED);
    }
    assertThat(from.seen("GET", "/blobs/"))
        .allMatch(get -> get.header("Range").equals("bytes=0-0"))
        .hasSize(status == 200 ? 0 : image.blobs().size());
  }

  @Test
  void anAddressThatIsSignedForGetOnlyIsFetchedFrom() throws IOException {
    stock("a", "1");
    from.on(
        "*",
        "^/v2/.*/blobs/",
        exchange ->
            FaultyRegistry.respond(
                exchange,
                307,
                new byte[0],
                "Location: " + exchange.getRequestURI().toString().replace("/v2/", "/s3/")));
    from.on("HEAD", "^/s3/", status(403, ""));
    from.on(
        "GET",
        "^/s3/",
        exchange -> {
          String digest = exchange.getRequestURI().getPath().replaceFirst(".*/", "");
          FaultyRegistry.respond(exchange, 200, from.blob(digest));
        });
    Descriptor blob = base.descriptor();
    Reference name = request(from, from, "a").source();
    assertThat(registries.asSource().has(name.repository(), blob)).isTrue();
    Descriptor larger = new Descriptor("", blob.digest(), blob.size() + 1);
    assertThat(registries.asSource().has(name.repository(), larger)).isFalse();
    // The second is not asked in vain.
    assertThat(from.seen("HEAD", "/v2/")).hasSize(1);
  }

  @Test
  void whatIsRefusedToGetTooIsARefusal() {
    to.on("*", "/blobs/", status(403, ""));
    ImageTarget target = registries.asTarget();
    assertThatThrownBy(
            () -> target.has(request(from, to, "a").target().repository(), base.descriptor()))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("denies access");
  }

  /** A limit is waited for, and not passed by. */
  @Test
  void aHeadThatIsToComeLaterIsNoRefusal() throws IOException {
    stock("a", "1");
    from.on("HEAD", "/manifests/", 2, status(429, "", "Retry-After: 0"));
    assertThat(registries.asSource().resolve(request(from, to, "a").source())).isPresent();
    assertThat(from.seen("GET", "/manifests/")).isEmpty();
  }

  @Test
  void oneRepositoryWhoseBlobsCantBeAskedForFailsNoOther() throws IOException {
    for (String name : List.of("a", "b", "c")) {
      stock(name, "1");
      assertThat(sync(name).status()).isEqualTo(Status.COPIED);
      stock(name, "2");
    }
    to.on("*", "/v2/rancher/b/blobs/", status(403, "{\"errors\":[{\"code\":\"DENIED\"}]}"));

    List<ImageResult> results =
        sync(List.of(request(from, to, "a"), request(from, to, "b"), request(from, to, "c")));

    assertThat(results)
        .filteredOn(r -> r.status() == Status.FAILED)
        .singleElement()
        .satisfies(r -> assertThat(r.request()).isEqualTo(request(from, to, "b")));
    assertThat(results).filteredOn(r -> r.status() == Status.COPIED).hasSize(2);
  }

  private void runs() throws IOException {
    for (String run : List.of("1", "2")) {
      Manifest image = stock("a", run);
      assertThat(sync("a").status()).isEqualTo(Status.COPIED);
      assertThat(to.manifest("rancher/a", "1")).isEqualTo(image.bytes());
    }
  }

  /** Another image under the same tag for each {@code run}. */
  private Manifest stock(String name, String run) {
    Manifest image = images.image(TestImages.AMD64, base, images.layer(name + run, 100));
    image.blobs().forEach(blob -> from.addBlob(images.content(blob.digest())));
    from.addManifest("rancher/" + name, "1", image.bytes(), image.mediaType());
    return image;
  }

  private ImageResult sync(String name) throws IOException {
    return sync(List.of(request(from, to, name))).getFirst();
  }

  private List<ImageResult> sync(List<ImageRequest> requests) throws IOException {
    MirrorOptions options =
        new MirrorOptions(1, PlatformFilter.ALL, new Retries(1, Duration.ofMillis(1)));
    try (Mirror mirror = new Mirror(registries.asSource(), options, RunListener.NONE)) {
      return mirror.plan(requests, registries.asTarget()).carryOut();
    }
  }

  private static ImageRequest request(FaultyRegistry from, FaultyRegistry to, String name) {
    return new ImageRequest(
        Reference.parse(from.name() + "/rancher/" + name + ":1"),
        Reference.parse(to.name() + "/rancher/" + name + ":1"));
  }
}
