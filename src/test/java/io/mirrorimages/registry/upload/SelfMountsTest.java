package io.mirrorimages.registry.upload;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.state.OpenUploads;
import io.mirrorimages.state.StateFolder;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What blobs cost at the target, in requests, and where none may be asked for by a mount. */
@Timeout(120)
class SelfMountsTest {
  private static final int BLOBS = 9;
  private static final String SELF_MOUNT =
      "/rancher/([abc])/blobs/uploads/.*from=rancher(/|%2F)\\1$";
  private static final int SHARED = 2;

  @TempDir private Path state;
  private final TestImages images = new TestImages();
  private final MemoryRegistry source = new MemoryRegistry();
  private final List<ImageRequest> requests = new ArrayList<>();
  private FaultyRegistry server;
  private Registries registries;
  private List<PlannedImage> planned;

  /** Two images of four blobs, and a third of one that shares two layers with the first. */
  @BeforeEach
  void start() throws IOException {
    server = new FaultyRegistry();
    registries = new Registries(TestSettings.quick());
    TestImages.Layer base = images.layer("base", 20_000);
    TestImages.Layer shell = images.layer("shell", 3000);
    planned =
        List.of(
            add("rancher/a:1", images.image(TestImages.AMD64, base, shell, layer("a"))),
            add("rancher/b:1", images.image(TestImages.AMD64, layer("b"), layer("c"), layer("d"))),
            add("rancher/c:1", images.image(TestImages.AMD64, base, shell)));
  }

  @AfterEach
  void stop() throws IOException {
    registries.close();
    server.close();
  }

  @Test
  void aMissingBlobCostsTwoRequestsAndAMountedOneOne() throws IOException {
    carryOut();

    assertThat(server.seen("HEAD", "/blobs/")).isEmpty();
    assertThat(server.seen("POST", "/blobs/")).hasSize(BLOBS + SHARED);
    assertThat(selfMounts()).hasSize(BLOBS);
    assertThat(server.seen("PUT", "/blobs/")).hasSize(BLOBS);
    assertThat(server.seen("DELETE", "")).isEmpty();
    assertThat(server.seen("GET", "/tags/list")).hasSize(3);
  }

  @Test
  void aBlobThatAnotherToolLeftCostsOne() throws IOException {
    leave(planned);

    carryOut();

    assertThat(server.seen("HEAD", "/blobs/")).isEmpty();
    assertThat(server.seen("POST", "/blobs/")).hasSize(BLOBS + SHARED);
    assertThat(server.seen("PUT", "/blobs/")).isEmpty();
  }

  @Test
  void afterABrokenRunEveryBlobIsAskedForWhereItIsWanted() throws IOException {
    open().close();
    leave(planned.subList(1, 2));

    carryOut();

    assertThat(server.seen("GET", "/tags/list")).isEmpty();
    assertThat(server.seen("HEAD", "/blobs/")).hasSize(BLOBS + SHARED);
    assertThat(selfMounts()).isEmpty();
    assertThat(server.seen("PUT", "/blobs/")).hasSize(BLOBS - planned.get(1).blobs().size());
  }

  @Test
  void aRepositoryInUseIsAskedByHeadSinceAMountDisturbsItsReaders() throws IOException {
    server.on("GET", "/rancher/[ab]/tags/list", status(200, "{\"tags\":[\"0\"]}"));

    carryOut();

    assertThat(server.seen("HEAD", "/rancher/a/blobs/")).hasSize(4);
    assertThat(server.seen("HEAD", "/rancher/b/blobs/")).hasSize(4);
    assertThat(server.seen("HEAD", "/rancher/c/blobs/")).isEmpty();
    assertThat(selfMounts("a")).isEmpty();
    assertThat(selfMounts("b")).isEmpty();
    assertThat(server.seen("PUT", "/blobs/")).hasSize(BLOBS);
  }

  @Test
  void aRepositoryWithAnUnchangedImageIsInUseWithoutAQuestion() throws IOException {
    Manifest old = images.image(TestImages.AMD64, layer("old"));
    add("rancher/a:0", old);
    server.addManifest("rancher/a", "0", old.bytes(), old.mediaType());

    run();

    assertThat(server.seen("GET", "/rancher/a/tags/list")).isEmpty();
    assertThat(server.seen("HEAD", "/rancher/a/blobs/")).hasSize(4);
    assertThat(selfMounts("a")).isEmpty();
  }

  @Test
  void anImageWithoutATagSaysThatOthersMayBeInUseWithoutOneToo() throws IOException {
    Manifest bare = images.image(TestImages.AMD64, layer("bare"));
    source.add(images, name("rancher/a:bare"), bare);
    Reference pinned = Reference.parse(name("rancher/a") + "@" + bare.digest());
    requests.add(new ImageRequest(pinned, pinned));

    carryOut();

    assertThat(server.seen("GET", "/rancher/a/tags/list")).isEmpty();
    assertThat(server.seen("HEAD", "/rancher/a/blobs/")).hasSize(6);
    assertThat(selfMounts("a")).isEmpty();
  }

  @Test
  void aRegistryThatDoesNotListTagsIsAskedByHead() throws IOException {
    server.on("GET", "/tags/list", status(503, ""));

    carryOut();

    assertThat(server.seen("GET", "/tags/list")).hasSize(3);
    assertThat(server.seen("HEAD", "/blobs/")).hasSize(BLOBS + SHARED);
    assertThat(selfMounts()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 405})
  void aRegistryThatRefusesAMountFromTheSameRepositoryIsNotAskedSoAgain(int status)
      throws IOException {
    answerSelfMounts(1000, status);

    carryOut();

    // Those that were under way when the first was refused.
    assertThat(selfMounts()).hasSizeBetween(1, 4);
    assertThat(server.seen("HEAD", "/blobs/")).hasSize(BLOBS);
    assertThat(server.seen("PUT", "/blobs/")).hasSize(BLOBS);
  }

  @Test
  void aSessionThatIsNotKnownAnyMoreIsNotTakenFromAMountAgain() throws IOException {
    server.on(
        "POST",
        SELF_MOUNT,
        status(202, "", "Location: /v2/rancher/a/blobs/uploads/99?_state=lost"));

    carryOut();

    // Those that were under way when the first was found out.
    assertThat(server.seen("PUT", "/uploads/99")).hasSizeBetween(1, 4);
    assertThat(server.seen("PUT", "/blobs/")).hasSizeBetween(BLOBS + 1, BLOBS + 4);
  }

  @Test
  void aMountThatFailsForAMomentIsNoReasonToSendWhatIsThere() throws IOException {
    leave(planned);
    answerSelfMounts(1, 503);

    carryOut();

    assertThat(server.seen("HEAD", "/blobs/")).hasSize(1);
    assertThat(selfMounts()).hasSize(BLOBS);
    assertThat(server.seen("PUT", "/blobs/")).isEmpty();
  }

  @Test
  void whatCouldNotBeMountedFromElsewhereIsAskedForBeforeItIsSent() throws IOException {
    leave(planned.subList(2, 3));
    refuseMount("a", "c");
    refuseMount("c", "a");

    carryOut();

    assertThat(
            Stream.of("/rancher/a/blobs/", "/rancher/c/blobs/")
                .flatMap(place -> server.seen("HEAD", place).stream()))
        .hasSize(SHARED);
    assertThat(server.seen("PUT", "/rancher/a/blobs/")).hasSize(4 - SHARED);
    assertThat(server.seen("PUT", "/rancher/c/blobs/")).isEmpty();
  }

  @Test
  void whatTheManifestSaysIsMissingIsAskedForWithoutAMount() throws IOException {
    server.on(
        "PUT",
        "/rancher/b/manifests/",
        1,
        status(400, "{\"errors\":[{\"code\":\"MANIFEST_BLOB_UNKNOWN\",\"message\":\"\"}]}"));

    carryOut();

    assertThat(selfMounts("b")).hasSize(4);
    assertThat(server.seen("HEAD", "/rancher/b/blobs/")).hasSize(4);
  }

  @Test
  void aDryRunAsksForEveryBlob() throws IOException {
    try (Mirror mirror = mirror()) {
      mirror.plan(requests, registries.asTarget());
    }

    assertThat(server.seen("HEAD", "/blobs/")).hasSize(BLOBS + SHARED);
    assertThat(server.seen("GET", "/tags/list")).isEmpty();
    assertThat(server.seen("POST", "")).isEmpty();
  }

  /** Begins an upload in place of a mount, as registries do that do not mount. */
  private void refuseMount(String from, String to) {
    server.on(
        "POST",
        "/rancher/" + to + "/blobs/uploads/.*from=rancher(/|%2F)" + from + "$",
        exchange ->
            FaultyRegistry.respond(
                exchange,
                202,
                new byte[0],
                "Location: /v2/rancher/" + to + "/blobs/uploads/99?_state=a%2Fb+c=="));
  }

  /** Answers so to who asks for a blob from the repository it is to go to. */
  private void answerSelfMounts(int times, int status) {
    server.on("POST", SELF_MOUNT, times, status(status, ""));
  }

  private List<FaultyRegistry.Seen> selfMounts(String name) {
    return selfMounts().stream()
        .filter(seen -> seen.target().startsWith("/v2/rancher/" + name + "/"))
        .toList();
  }

  private List<FaultyRegistry.Seen> selfMounts() {
    return server.seen("POST", "mount=").stream()
        .filter(
            seen ->
                seen.target()
                    .replace("%2F", "/")
                    .matches("/v2/([^?]+)/blobs/uploads/\\?.*from=\\1"))
        .toList();
  }

  private PlannedImage add(String image, Manifest top) {
    source.add(images, name(image), top);
    PlannedImage plan = images.plan(name(image), top);
    requests.add(plan.request());
    return plan;
  }

  private String name(String image) {
    return server.name() + "/" + image;
  }

  private TestImages.Layer layer(String name) {
    return images.layer(name, 1000);
  }

  private void leave(List<PlannedImage> left) {
    left.stream()
        .flatMap(image -> image.blobs().stream())
        .forEach(blob -> server.addBlob(images.content(blob.digest())));
  }

  private OpenUploads open() throws IOException {
    return new StateFolder(state).openUploads(server.name());
  }

  private Mirror mirror() {
    Retries retries = new Retries(1, Duration.ofMillis(1));
    return new Mirror(source, new MirrorOptions(4, PlatformFilter.ALL, retries), RunListener.NONE);
  }

  private void carryOut() throws IOException {
    assertThat(run()).extracting(ImageResult::status).containsOnly(Status.COPIED);
    for (PlannedImage image : planned) {
      assertThat(server.manifest(image.request().target().repository().path(), "1"))
          .isEqualTo(image.top().bytes());
    }
  }

  private List<ImageResult> run() throws IOException {
    try (OpenUploads uploads = open();
        Mirror mirror = mirror()) {
      ImageTarget target = registries.asTarget(Chunks.DEFAULT, uploads);
      return mirror.plan(requests, target).carryOut();
    }
  }
}
