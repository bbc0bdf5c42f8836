package io.mirrorimages.registry;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.harbor.ParkedProjects;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.ImageTarget;
import io.mirrorimages.mirror.Mirror;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Retries;
import io.mirrorimages.mirror.RunListener;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.state.OpenUpload;
import io.mirrorimages.state.OpenUploads;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What blobs cost at the target, in requests, and where none may be asked for by a mount. */
@Timeout(60)
class SelfMountsTest {
  private static final int BLOBS = 9;

  private final TestImages images = new TestImages();
  private final MemoryRegistry source = new MemoryRegistry();
  private final List<ImageRequest> requests = new ArrayList<>();
  private final AtomicLong spared = new AtomicLong();
  private FaultyRegistry server;
  private Registries registries;
  private ImageTarget target;
  private List<PlannedImage> planned;

  /** Two images of four blobs, and a third of one that shares two layers with the first. */
  @BeforeEach
  void start() throws IOException {
    server = new FaultyRegistry();
    registries = new Registries(TestSettings.quick());
    target = registries.asTarget();
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
  void aMissingBlobCostsTwoRequestsAndAMountedOneOne() {
    carryOut();

    assertThat(server.seen("HEAD", "/blobs/")).isEmpty();
    assertThat(server.seen("POST", "/blobs/")).hasSize(BLOBS + 2 + 1);
    assertThat(selfMounts()).hasSize(BLOBS + 1);
    assertThat(server.seen("PUT", "/blobs/")).hasSize(BLOBS);
    assertThat(server.seen("DELETE", "")).isEmpty();
    assertThat(server.seen("GET", "/tags/list")).hasSize(3);
    assertThat(spared).hasValue(0);
  }

  @Test
  void aBlobThatABrokenRunLeftCostsOne() {
    leave(planned);

    carryOut();

    assertThat(server.seen("HEAD", "/blobs/")).isEmpty();
    assertThat(server.seen("POST", "/blobs/")).hasSize(BLOBS + 2);
    assertThat(server.seen("PUT", "/blobs/")).isEmpty();
  }

  @Test
  void thePlanSaysTheMostThatIsMovedAndWhatIsThereIsTakenOff() throws IOException {
    leave(planned.subList(1, 2));
    try (Mirror mirror = mirror()) {
      Plan plan = mirror.transfer(requests, target, UnaryOperator.identity()).plan();
      assertThat(plan.totals().atMost()).isTrue();
      assertThat(plan.totals().toMove()).isGreaterThan(bytes(planned));

      Plan exact = mirror.plan(requests, target).plan();
      assertThat(exact.totals().atMost()).isFalse();
      assertThat(plan.totals().toMove() - exact.totals().toMove())
          .isEqualTo(bytes(planned.subList(1, 2)));
    }

    carryOut();

    assertThat(spared).hasValue(bytes(planned.subList(1, 2)));
  }

  @Test
  void aRepositoryInUseIsAskedByHeadSinceAMountDisturbsItsReaders() {
    server.on("GET", "/rancher/[ab]/tags/list", status(200, "{\"tags\":[\"0\"]}"));

    carryOut();

    assertThat(server.seen("HEAD", "/rancher/a/blobs/")).hasSize(4);
    assertThat(server.seen("HEAD", "/rancher/b/blobs/")).hasSize(4);
    assertThat(selfMounts("a")).isEmpty();
    assertThat(selfMounts("b")).isEmpty();
    assertThat(server.seen("HEAD", "/rancher/c/blobs/")).isEmpty();
    assertThat(server.seen("PUT", "/blobs/")).hasSize(BLOBS);
  }

  @Test
  void aRepositoryWithAnUnchangedImageIsInUseWithoutAQuestion() {
    Manifest old = images.image(TestImages.AMD64, layer("old"));
    add("rancher/a:0", old);
    server.addManifest("rancher/a", "0", old.bytes(), old.mediaType());

    run(target);

    assertThat(server.seen("GET", "/rancher/a/tags/list")).isEmpty();
    assertThat(server.seen("HEAD", "/rancher/a/blobs/")).hasSize(4);
    assertThat(selfMounts("a")).isEmpty();
  }

  @Test
  void anImageWithoutATagSaysThatOthersMayBeInUseWithoutOneToo() {
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
  void aRegistryThatRefusesAMountFromTheSameRepositoryIsNotAskedSoAgain() {
    refuseSelfMounts(405);

    carryOut();

    assertThat(selfMounts()).hasSize(1);
    assertThat(server.seen("HEAD", "/blobs/")).hasSize(BLOBS + 2);
    assertThat(server.seen("PUT", "/blobs/")).hasSize(BLOBS);
  }

  @Test
  void aRegistryThatMountsOnlyWhatAManifestNamesGetsNothingAgain() {
    refuseSelfMounts(202);
    leave(planned.subList(1, 2));

    carryOut();

    assertThat(selfMounts()).hasSizeLessThanOrEqualTo(2);
    assertThat(server.seen("DELETE", "/blobs/uploads/")).hasSize(1);
    // The smallest may be sent again, since it is what that was tried with.
    assertThat(server.seen("PUT", "/blobs/").size()).isBetween(BLOBS - 4, BLOBS - 3);
  }

  @Test
  void aDryRunAsksForEveryBlobAndIsExact() throws IOException {
    try (Mirror mirror = mirror()) {
      mirror.plan(requests, target);
    }
    assertThat(server.seen("HEAD", "/blobs/")).hasSize(BLOBS + 2);
    assertThat(server.seen("POST", "")).isEmpty();
    assertThat(server.seen("GET", "/tags/list")).isEmpty();
  }

  @Test
  void aHarborIsAskedByHeadForEachBlobSinceThatKeepsItFromBeingClearedAway() {
    leave(planned.subList(1, 2));

    carryOut(new ParkedProjects(target));

    assertThat(server.seen("HEAD", "/blobs/")).hasSize(BLOBS + 2);
    assertThat(server.seen("GET", "/tags/list")).isEmpty();
    assertThat(selfMounts()).isEmpty();
    assertThat(server.seen("POST", "/rancher/b/")).isEmpty();
  }

  @Test
  void anUploadToBeGoneOnWithIsAskedForAsBefore() throws IOException {
    Repository repository = planned.getFirst().request().target().repository();
    Descriptor small = new Descriptor("", Digest.sha256(new byte[1]), 1);
    Descriptor large = new Descriptor("", Digest.sha256(new byte[2]), 200_000_000);
    try (OpenUploads open = OpenUploads.inMemory()) {
      UploadPolicy policy = new UploadPolicy(Chunks.DEFAULT, KnownRegistries.standard(), open);
      assertThat(policy.finds(repository, small)).isFalse();
      policy.mounts().isUnused(repository);
      assertThat(policy.finds(repository, small)).isTrue();
      policy.mounts().found(repository);
      assertThat(policy.finds(repository, large)).isTrue();

      open.note(repository, large.digest(), new OpenUpload("http://x/1", 1000, 64));

      assertThat(policy.finds(repository, large)).isFalse();
      assertThat(policy.finds(repository, small)).isTrue();
    }
  }

  /** Answers so to who asks for a blob from the repository it is to go to. */
  private void refuseSelfMounts(int status) {
    for (String name : List.of("a", "b", "c")) {
      server.on(
          "POST",
          "/rancher/" + name + "/blobs/uploads/.*from=rancher(/|%2F)" + name + "$",
          exchange ->
              FaultyRegistry.respond(
                  exchange,
                  status,
                  new byte[0],
                  "Location: /v2/rancher/" + name + "/blobs/uploads/99?_state=a%2Fb+c=="));
    }
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

  private static long bytes(List<PlannedImage> images) {
    return images.stream()
        .flatMap(image -> image.blobs().stream())
        .map(blob -> new Descriptor("", blob.digest(), blob.size()))
        .distinct()
        .mapToLong(Descriptor::size)
        .sum();
  }

  private Mirror mirror() {
    RunListener listener =
        new RunListener() {
          @Override
          public void spared(long bytes) {
            spared.addAndGet(bytes);
          }
        };
    Retries retries = new Retries(1, Duration.ofMillis(1));
    return new Mirror(source, new Mirror.Options(4, PlatformFilter.ALL, retries), listener);
  }

  private void carryOut() {
    carryOut(target);
  }

  private void carryOut(ImageTarget to) {
    assertThat(run(to)).extracting(ImageResult::status).containsOnly(Status.COPIED);
    for (PlannedImage image : planned) {
      assertThat(server.manifest(image.request().target().repository().path(), "1"))
          .isEqualTo(image.top().bytes());
    }
  }

  private List<ImageResult> run(ImageTarget to) {
    try (Mirror mirror = mirror()) {
      return mirror.transfer(requests, to, UnaryOperator.identity()).carryOut();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
