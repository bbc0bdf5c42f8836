package io.mirrorimages.mirror.engine;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.MissingContentException;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.BulkInputStream;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.PuttingTarget;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.TestImages.Layer;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class MirrorTest {
  private static final Retries NO_WAIT = new Retries(3, Duration.ZERO);
  private static final MirrorOptions OPTIONS = new MirrorOptions(2, PlatformFilter.ALL, NO_WAIT);

  private final TestImages images = new TestImages();
  private final MemoryRegistry source = new MemoryRegistry();
  private final MemoryRegistry target = new MemoryRegistry();

  @Test
  void readsAndSendsEachDigestOnceAndMountsTheRest() throws IOException {
    Layer base = images.layer("base", 50_000);
    source.add(images, "rancher/a:1", images.image(TestImages.AMD64, base, images.layer("a", 100)));
    source.add(images, "rancher/b:1", images.image(TestImages.AMD64, base, images.layer("b", 100)));
    source.add(images, "rancher/c:1", images.image(TestImages.AMD64, base));

    List<ImageResult> results = sync("rancher/a:1", "rancher/b:1", "rancher/c:1");

    assertThat(results).extracting(ImageResult::status).containsOnly(Status.COPIED);
    String digest = base.descriptor().digest().toString();
    assertThat(source.requests("OPEN")).filteredOn(r -> r.contains(digest)).hasSize(1);
    assertThat(target.requests("UPLOAD")).filteredOn(r -> r.contains(digest)).hasSize(1);
    assertThat(target.requests("MOUNT")).filteredOn(r -> r.contains(digest)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rancher/f", "rancher/0", "zzz/z", "a/a", "rancher/wanting", "m/m"})
  void aTargetThatMountsOnlyWhatAManifestNamesIsAskedWhereOneDoes(String failing)
      throws IOException {
    Layer base = images.layer("base", 50_000);
    for (String name : List.of(failing, "rancher/b", "rancher/c", "rancher/d")) {
      source.add(images, name + ":1", images.image(TestImages.AMD64, base));
    }
    Set<Repository> named = ConcurrentHashMap.newKeySet();
    Map<Repository, CompletableFuture<Void>> ends = new ConcurrentHashMap<>();
    Function<Repository, CompletableFuture<Void>> end =
        repository -> ends.computeIfAbsent(repository, r -> new CompletableFuture<>());
    ImageTarget likeEcr =
        new PuttingTarget(target.asTarget(), number -> {}) {
          @Override
          public BlobUpload begin(
              Repository repository, Descriptor blob, Optional<Repository> mountFrom)
              throws IOException {
            // Manifests are put beside the blobs of the next image.
            mountFrom.ifPresent(other -> end.apply(other).orTimeout(30, SECONDS).join());
            return super.begin(repository, blob, mountFrom.filter(named::contains));
          }

          @Override
          public void put(Reference image, Manifest manifest) throws IOException {
            try {
              if (image.repository().path().equals(failing)) {
                throw new TransferException(FailureKind.DENIED, "not this one");
              }
              super.put(image, manifest);
              named.add(image.repository());
            } finally {
              end.apply(image.repository()).complete(null);
            }
          }
        };

    List<ImageResult> results;
    MirrorOptions oneByOne = new MirrorOptions(1, PlatformFilter.ALL, NO_WAIT);
    try (Mirror mirror = new Mirror(source, oneByOne, RunListener.NONE)) {
      results =
          mirror
              .plan(requests(failing + ":1", "rancher/b:1", "rancher/c:1", "rancher/d:1"), likeEcr)
              .carryOut();
    }

    assertThat(results)
        .extracting(ImageResult::status)
        .containsExactly(Status.FAILED, Status.COPIED, Status.COPIED, Status.COPIED);
    String digest = base.descriptor().digest().toString();
    assertThat(target.requests("UPLOAD")).filteredOn(r -> r.contains(digest)).hasSize(2);
    assertThat(target.requests("MOUNT")).filteredOn(r -> r.contains(digest)).hasSize(2);
  }

  @Test
  void aTagThatShowsAnotherImageIsReplacedAndThatIsTold() throws IOException {
    Manifest old = images.image(TestImages.AMD64, images.layer("old", 10));
    target.add(images, "docker.io/rancher/a:1", old);
    source.add(images, "rancher/a:1", images.image(TestImages.AMD64, images.layer("new", 10)));
    source.add(images, "rancher/b:1", images.image(TestImages.AMD64));

    try (Mirror mirror = new Mirror(source, OPTIONS, RunListener.NONE)) {
      Mirror.Transfer transfer =
          mirror.plan(requests("rancher/a:1", "rancher/b:1"), target.asTarget());
      assertThat(transfer.plan().images())
          .extracting(PlannedImage::replaced)
          .containsExactly(Optional.of(old.digest()), Optional.empty());
      assertThat(transfer.carryOut())
          .extracting(ImageResult::status, ImageResult::replaced, ImageResult::message)
          .containsExactly(
              tuple(
                  Status.COPIED,
                  Optional.of(old.digest()),
                  "replaces " + old.digest() + " with an image of docker.io"),
              tuple(Status.COPIED, Optional.empty(), ""));
    }
  }

  @Test
  void aTagIsLeftAloneWhereNothingIsToBeReplaced() throws IOException {
    Manifest old = images.image(TestImages.AMD64, images.layer("old", 10));
    target.add(images, "docker.io/rancher/a:1", old);
    source.add(images, "rancher/a:1", images.image(TestImages.AMD64, images.layer("new", 10)));
    source.add(images, "rancher/b:1", images.image(TestImages.AMD64));

    try (Mirror mirror = new Mirror(source, OPTIONS.replacing(false), RunListener.NONE)) {
      assertThat(mirror.plan(requests("rancher/a:1", "rancher/b:1"), target.asTarget()).carryOut())
          .extracting(ImageResult::status)
          .containsExactlyInAnyOrder(Status.FAILED, Status.COPIED);
    }
    assertThat(target.shown("docker.io/rancher/a:1")).contains(old);
    assertThat(target.requests("UPLOAD")).noneMatch(r -> r.contains("rancher/a@"));
  }

  @Test
  void anUnchangedImageCostsOneHeadAtEachSide() throws IOException {
    Manifest index =
        images.index(
            images.image(TestImages.AMD64, images.layer("x", 10)), images.image(TestImages.ARM64));
    source.add(images, "rancher/a:1", index);
    target.add(images, "rancher/a:1", index);

    assertThat(sync("rancher/a:1"))
        .extracting(ImageResult::status)
        .containsExactly(Status.UNCHANGED);
    assertThat(source.requestCount()).isEqualTo(1);
    assertThat(source.requests("HEAD")).hasSize(1);
    assertThat(target.requestCount()).isEqualTo(1);
    assertThat(target.requests("HEAD")).hasSize(1);
  }

  @Test
  void aDigestThatIsSaidWronglyOfATagIsFoundOutByItsContent() throws IOException {
    Manifest image = images.image(TestImages.AMD64, images.layer("new", 10));
    MemoryRegistry liar =
        new MemoryRegistry() {
          @Override
          public Optional<Digest> resolve(Reference name) throws IOException {
            super.resolve(name);
            return Optional.of(Digest.parse("sha256:" + "d".repeat(64)));
          }
        };
    liar.add(images, "rancher/a:1", image);
    target.add(images, "rancher/a:1", images.image(TestImages.AMD64, images.layer("old", 10)));

    ImageResult result = mirror(liar, PlatformFilter.ALL, target, "rancher/a:1").getFirst();

    assertThat(result.status()).isEqualTo(Status.COPIED);
    assertThat(result.sourceDigest()).contains(image.digest());
  }

  @Test
  void anUnchangedPinnedImageIsNotAskedForAtTheSource() throws IOException {
    Manifest image = images.image(TestImages.AMD64, images.layer("x", 10));
    source.add(images, "rancher/a:1", image);
    target.add(images, "rancher/a:1", image);

    assertThat(sync("rancher/a:1@" + image.digest()))
        .extracting(ImageResult::status)
        .containsExactly(Status.UNCHANGED);
    assertThat(source.requestCount()).isZero();
  }

  @Test
  void oneBadImageDoesNotStopTheOthers() throws IOException {
    source.add(images, "rancher/a:1", images.image(TestImages.AMD64, images.layer("a", 10)));
    source.add(images, "rancher/c:1", images.image(TestImages.AMD64, images.layer("c", 10)));

    List<ImageResult> results = sync("rancher/a:1", "rancher/missing:1", "rancher/c:1");

    assertThat(byName(results, "rancher/a:1").status()).isEqualTo(Status.COPIED);
    assertThat(byName(results, "rancher/missing:1").reason()).contains(FailureKind.MISSING);
    assertThat(byName(results, "rancher/c:1").status()).isEqualTo(Status.COPIED);
  }

  @Test
  void damagedBytesAreReportedAndNeverStored() throws IOException {
    Layer layer = images.layer("a", 1000);
    source.add(images, "rancher/a:1", images.image(TestImages.AMD64, layer));
    byte[] spoilt = images.content(layer.descriptor().digest()).clone();
    spoilt[500] ^= 1;
    source.spoil("rancher/a", layer.descriptor().digest(), spoilt);

    ImageResult result = sync("rancher/a:1").getFirst();

    assertThat(result.reason()).contains(FailureKind.CORRUPT);
    assertThat(result.message()).contains(layer.descriptor().digest().toString());
    assertThat(target.requests("PUT")).isEmpty();
    // Read once more, in case the line had spoilt it; the same wrong bytes again are the source's
    // own.
    assertThat(source.requests("OPEN"))
        .filteredOn(r -> r.contains(layer.descriptor().digest().hex()))
        .hasSize(2);
  }

  @Test
  void aBrokenSourceIsContinuedAtTheByteWhereItStopped() throws IOException {
    Layer layer = images.layer("a", 10_000);
    MemoryRegistry breaking = new BreakingOnce(4096);
    breaking.add(images, "rancher/a:1", images.image(TestImages.AMD64, layer));

    List<ImageResult> results = mirror(breaking, PlatformFilter.ALL, target, "rancher/a:1");

    assertThat(results).extracting(ImageResult::status).containsExactly(Status.COPIED);
    String digest = layer.descriptor().digest().toString();
    assertThat(breaking.requests("OPEN"))
        .filteredOn(r -> r.contains(digest))
        .extracting(r -> r.substring(r.lastIndexOf(' ') + 1))
        .containsExactly("0", "4096");
    assertThat(target.requests("UPLOAD")).filteredOn(r -> r.contains(digest)).hasSize(1);
  }

  @Test
  void aFailedImageCountsWhatWasMovedForIt() throws IOException {
    MemoryRegistry breaking =
        new BreakingOnce(4096) {
          @Override
          public InputStream open(Repository repository, Descriptor blob, long offset)
              throws IOException {
            if (offset > 0) {
              throw new IOException("connection refused");
            }
            return super.open(repository, blob, offset);
          }
        };
    Manifest image = images.image(TestImages.AMD64, images.layer("a", 10_000));
    breaking.add(images, "rancher/a:1", image);

    ImageResult result = mirror(breaking, PlatformFilter.ALL, target, "rancher/a:1").getFirst();

    assertThat(result.status()).isEqualTo(Status.FAILED);
    // The config too, unless the layer had failed before it was begun.
    assertThat(result.bytes()).isBetween(4096L, 4096L + image.config().orElseThrow().size());
    assertThat(result.duration()).isPositive();
  }

  @Test
  void aBrokenUploadIsRepeated() throws IOException {
    AtomicInteger uploads = new AtomicInteger();
    MemoryRegistry breaking =
        new MemoryRegistry() {
          @Override
          protected void receive(Repository repository, Descriptor blob) throws IOException {
            if (uploads.getAndIncrement() == 0) {
              throw new IOException("connection reset");
            }
          }
        };
    source.add(images, "rancher/a:1", images.image(TestImages.AMD64, images.layer("a", 100)));

    assertThat(mirror(source, PlatformFilter.ALL, breaking, "rancher/a:1"))
        .extracting(ImageResult::status)
        .containsExactly(Status.COPIED);
  }

  @Test
  void asManyBlobsAsAreWantedAreSentAtOnceAndNeverMoreHoweverManyImagesThereAre()
      throws IOException {
    int jobs = 4;
    CyclicBarrier together = new CyclicBarrier(jobs);
    AtomicInteger under = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    MemoryRegistry counting =
        new MemoryRegistry() {
          @Override
          protected void receive(Repository repository, Descriptor blob) throws IOException {
            most.accumulateAndGet(under.incrementAndGet(), Math::max);
            try {
              // Each waits for three others: a fifth would find the time to come.
              together.await(120, TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
              throw new IOException("fewer than " + jobs + " at once", e);
            } finally {
              under.decrementAndGet();
            }
          }
        };
    String[] names = new String[12];
    for (int i = 0; i < names.length; i++) {
      names[i] = "rancher/image-" + i + ":1";
      Layer[] layers = {
        images.layer("one-" + i, 10), images.layer("two-" + i, 10), images.layer("three-" + i, 10)
      };
      source.add(images, names[i], images.image(TestImages.AMD64, layers));
    }

    assertThat(mirror(source, PlatformFilter.ALL, counting, names))
        .extracting(ImageResult::status)
        .containsOnly(Status.COPIED);
    assertThat(most.get()).isEqualTo(jobs);
  }

  @Test
  void aBlobThatFailedIsNotTriedAgainForEachImageThatSharesIt() throws IOException {
    Layer base = images.layer("base", 100);
    AtomicInteger opened = new AtomicInteger();
    MemoryRegistry dead =
        new MemoryRegistry() {
          @Override
          public InputStream open(Repository repository, Descriptor blob, long offset)
              throws IOException {
            if (blob.digest().equals(base.descriptor().digest())) {
              opened.incrementAndGet();
              throw new IOException("connection reset");
            }
            return super.open(repository, blob, offset);
          }
        };
    dead.add(images, "rancher/a:1", images.image(TestImages.AMD64, base));
    dead.add(images, "rancher/b:1", images.image(TestImages.ARM64, base));

    List<ImageResult> results =
        mirror(dead, PlatformFilter.ALL, target, "rancher/a:1", "rancher/b:1");

    assertThat(results)
        .extracting(ImageResult::reason)
        .allMatch(r -> r.equals(java.util.Optional.of(FailureKind.NETWORK)));
    // The first try and three more, by whoever reads first; and one in the other repository.
    assertThat(opened.get()).isEqualTo(5);
  }

  @Test
  void aMistakeOfThisProgramConcernsTheImageThatItHappensWith() throws IOException {
    IllegalStateException bug = new IllegalStateException("nobody foresaw this");
    MemoryRegistry odd =
        new MemoryRegistry() {
          @Override
          public Manifest manifest(Reference image) throws IOException {
            if (image.repository().path().equals("rancher/odd")) {
              throw bug;
            }
            return super.manifest(image);
          }

          @Override
          public InputStream open(Repository repository, Descriptor blob, long offset)
              throws IOException {
            if (repository.path().equals("rancher/deep")) {
              throw new StackOverflowError();
            }
            return super.open(repository, blob, offset);
          }
        };
    odd.add(images, "rancher/odd:1", images.image(TestImages.AMD64, images.layer("a", 10)));
    odd.add(images, "rancher/deep:1", images.image(TestImages.AMD64, images.layer("b", 10)));
    odd.add(images, "rancher/well:1", images.image(TestImages.AMD64, images.layer("c", 10)));

    List<ImageResult> results =
        mirror(
            odd, PlatformFilter.ALL, target, "rancher/odd:1", "rancher/deep:1", "rancher/well:1");

    assertThat(results)
        .extracting(ImageResult::reason)
        .containsExactlyInAnyOrder(
            java.util.Optional.of(FailureKind.PROGRAM),
            java.util.Optional.of(FailureKind.PROGRAM),
            java.util.Optional.empty());
    assertThat(results)
        .filteredOn(r -> r.message().contains("IllegalStateException"))
        .first()
        .satisfies(r -> assertThat(r.mistake()).containsSame(bug));
  }

  @Test
  void aRepositoryThatAnswersNonsenseForABlobDoesNotKeepItFromTheOthers() throws IOException {
    Layer base = images.layer("base", 100);
    MemoryRegistry odd =
        new MemoryRegistry() {
          @Override
          public InputStream open(Repository repository, Descriptor blob, long offset)
              throws IOException {
            if (repository.path().equals("rancher/odd")) {
              throw new TransferException(
                  FailureKind.NETWORK, "redirects to something that is no address");
            }
            return super.open(repository, blob, offset);
          }
        };
    odd.add(images, "rancher/odd:1", images.image(TestImages.AMD64, base));
    odd.add(images, "rancher/well:1", images.image(TestImages.ARM64, base));

    List<ImageResult> results =
        mirror(odd, PlatformFilter.ALL, target, "rancher/odd:1", "rancher/well:1");

    assertThat(results)
        .extracting(ImageResult::status)
        .containsExactly(Status.FAILED, Status.COPIED);
  }

  @Test
  void repositoriesThatCanNotSendABlobDoNotKeepItFromTheOthers() throws IOException {
    Layer base = images.layer("base", 100);
    MemoryRegistry ill =
        new MemoryRegistry() {
          @Override
          public InputStream open(Repository repository, Descriptor blob, long offset)
              throws IOException {
            if (!repository.path().equals("rancher/well")) {
              throw new IOException("connection reset");
            }
            return super.open(repository, blob, offset);
          }
        };
    String[] names = {"rancher/a:1", "rancher/b:1", "rancher/c:1", "rancher/d:1", "rancher/well:1"};
    for (String name : names) {
      ill.add(images, name, images.image(TestImages.AMD64, base, images.layer(name, 10)));
    }

    assertThat(mirror(ill, PlatformFilter.ALL, target, names))
        .filteredOn(result -> result.status() == Status.COPIED)
        .extracting(result -> result.request().source().toString())
        .containsExactly("docker.io/rancher/well:1");
  }

  @Test
  void onePlatformMakesTheTagThatPlatformsOwnManifest() throws IOException {
    Manifest amd64 = images.image(TestImages.AMD64, images.layer("amd", 10));
    Manifest index = images.index(amd64, images.image(TestImages.ARM64, images.layer("arm", 10)));
    source.add(images, "rancher/a:1", index);

    ImageResult result = mirror(source, filter("linux/amd64"), target, "rancher/a:1").getFirst();

    assertThat(target.shown("rancher/a:1")).contains(amd64);
    assertThat(result.sourceDigest()).contains(index.digest());
    assertThat(result.targetDigest()).contains(amd64.digest());
  }

  @Test
  void severalPlatformsMakeAnIndexOfTheOriginalEntries() throws IOException {
    Manifest amd64 = images.image(TestImages.AMD64, images.layer("amd", 10));
    Manifest arm64 = images.image(TestImages.ARM64, images.layer("arm", 10));
    Manifest s390x = images.image(Platform.parse("linux/s390x"), images.layer("s390x", 10));
    source.add(images, "rancher/a:1", images.index(amd64, arm64, s390x));

    mirror(source, filter("linux/amd64", "linux/arm64"), target, "rancher/a:1");

    Manifest shown = target.shown("rancher/a:1").orElseThrow();
    assertThat(shown.children())
        .extracting(Descriptor::digest)
        .containsExactly(amd64.digest(), arm64.digest());
    assertThat(shown.children()).allMatch(child -> child.platform().isPresent());
  }

  @Test
  void anIndexOfWhichEverythingIsWantedStaysAsItIs() throws IOException {
    Manifest index = images.index(images.image(TestImages.AMD64), images.image(TestImages.ARM64));
    source.add(images, "rancher/a:1", index);

    mirror(source, filter("linux/amd64", "linux/arm64", "linux/s390x"), target, "rancher/a:1");

    assertThat(target.shown("rancher/a:1")).contains(index);
  }

  @Test
  void anImageWithoutAWantedPlatformIsSkipped() throws IOException {
    source.add(images, "rancher/single:1", images.image(TestImages.ARM64));
    source.add(images, "rancher/index:1", images.index(images.image(TestImages.ARM64)));

    List<ImageResult> results =
        mirror(source, filter("linux/amd64"), target, "rancher/single:1", "rancher/index:1");

    assertThat(results).extracting(ImageResult::status).containsOnly(Status.SKIPPED);
    assertThat(results)
        .extracting(r -> r.reason().orElseThrow())
        .containsOnly(FailureKind.FILTERED);
  }

  @Test
  void anArtifactPassesEveryPlatformFilter() throws IOException {
    Manifest chart =
        images.artifact(
            "application/vnd.cncf.helm.config.v1+json",
            "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
            new byte[] {1, 2, 3});
    source.add(images, "rancher/charts/x:1.2.3_up1", chart);

    mirror(source, filter("linux/amd64"), target, "rancher/charts/x:1.2.3_up1");

    assertThat(target.shown("rancher/charts/x:1.2.3_up1")).contains(chart);
  }

  @Test
  void aFilteredImageThatIsThereIsUnchanged() throws IOException {
    Manifest amd64 = images.image(TestImages.AMD64, images.layer("amd", 10));
    source.add(images, "rancher/a:1", images.index(amd64, images.image(TestImages.ARM64)));
    mirror(source, filter("linux/amd64"), target, "rancher/a:1");

    assertThat(mirror(source, filter("linux/amd64"), target, "rancher/a:1"))
        .extracting(ImageResult::status)
        .containsExactly(Status.UNCHANGED);
  }

  @Test
  void thePlanCountsUniqueBlobsAndWhatIsSaved() throws IOException {
    Layer base = images.layer("base", 5000);
    Manifest a = images.image(TestImages.AMD64, base);
    Manifest b = images.image(TestImages.AMD64, base, images.layer("b", 300));
    source.add(images, "rancher/a:1", a);
    source.add(images, "rancher/b:1", b);
    target.add(images, "rancher/b:0", images.image(TestImages.ARM64, base));

    Plan plan;
    try (Mirror mirror = new Mirror(source, options(PlatformFilter.ALL), RunListener.NONE)) {
      plan = mirror.plan(requests("rancher/a:1", "rancher/b:1"), target.asTarget()).plan();
    }

    long all = sizes(a) + sizes(b);
    assertThat(plan.totals().blobs()).isEqualTo(6);
    assertThat(plan.totals().mentioned()).isEqualTo(all);
    assertThat(plan.totals().shared()).isEqualTo(base.descriptor().size());
    assertThat(plan.totals().atTarget()).isEqualTo(base.descriptor().size());
    assertThat(plan.totals().toMove()).isEqualTo(all - 2 * base.descriptor().size());
    assertThat(target.requests("UPLOAD")).isEmpty();
  }

  @Test
  void largeLayersAreMountedFromImagesThatAreThereAlready() throws IOException {
    Layer base = images.layer("base", 600_000);
    Manifest there = images.index(images.image(TestImages.AMD64, base));
    source.add(images, "rancher/old:1", there);
    target.add(images, "rancher/old:1", there);
    source.add(
        images, "rancher/new:1", images.image(TestImages.AMD64, base, images.layer("new", 10)));

    sync("rancher/old:1", "rancher/new:1");

    String digest = base.descriptor().digest().toString();
    assertThat(source.requests("OPEN")).noneMatch(r -> r.contains(digest));
    assertThat(target.requests("MOUNT")).anyMatch(r -> r.contains(digest));
  }

  @Test
  void layersThatTheirMakerKeepsFromRegistriesAreLeftOutWithANote() throws IOException {
    Descriptor foreign =
        images.blob("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", new byte[] {1});
    Manifest image =
        images.manifest(
            """
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
             "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":2},
             "layers":[{"mediaType":"%s","digest":"%s","size":1}]}
            """
                .formatted(
                    images
                        .blob("application/vnd.oci.image.config.v1+json", "{}".getBytes())
                        .digest(),
                    foreign.mediaType(),
                    foreign.digest())
                .getBytes());
    source.add(images, "rancher/windows:1", image);
    source.spoil("rancher/windows", foreign.digest(), null);

    List<PlannedImage> planned;
    MirrorOptions allowing = options(PlatformFilter.ALL).withoutForeignLayers(true);
    try (Mirror mirror = new Mirror(source, allowing, RunListener.NONE)) {
      planned = mirror.plan(requests("rancher/windows:1")).images();
    }

    assertThat(planned.getFirst().omitted()).containsExactly(foreign.digest());
    assertThat(planned.getFirst().blobs())
        .extracting(Descriptor::digest)
        .doesNotContain(foreign.digest());
  }

  @Test
  void aStoppedRunSaysWhatIsNotDone() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    MemoryRegistry endless =
        new MemoryRegistry() {
          @Override
          public InputStream open(Repository repository, Descriptor blob, long offset)
              throws IOException {
            return new BulkInputStream() {
              private boolean begun;

              @Override
              public int read(byte[] buffer, int from, int length) throws IOException {
                if (!begun) {
                  begun = true;
                  return 1;
                }
                reading.countDown();
                try {
                  new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                  throw new IOException("interrupted");
                }
                return -1;
              }
            };
          }
        };
    endless.add(images, "rancher/a:1", images.image(TestImages.AMD64, images.layer("a", 10)));
    List<ImageResult> told = new ArrayList<>();
    RunListener listener =
        event -> {
          if (event instanceof RunEvent.ImageEnded end) {
            told.add(end.result());
          }
        };
    try (Mirror mirror = new Mirror(endless, options(PlatformFilter.ALL), listener)) {
      Thread stopper =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      reading.await();
                    } catch (InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                    mirror.stop();
                  });
      List<ImageResult> results =
          mirror.plan(requests("rancher/a:1"), target.asTarget()).carryOut();
      stopper.join();

      assertThat(results).extracting(ImageResult::status).containsExactly(Status.UNFINISHED);
      assertThat(results.getFirst().bytes()).isPositive();
      assertThat(told).isEqualTo(results);
    }
  }

  @Test
  void aLayerThatTheTargetHasLostIsSentAgainThoughAManifestThereNamesIt() throws IOException {
    Layer base = images.layer("base", 600_000);
    Manifest there = images.image(TestImages.AMD64, base);
    source.add(images, "rancher/a:1", there);
    source.add(images, "rancher/a:2", images.image(TestImages.AMD64, base, images.layer("b", 10)));
    target.add(images, "rancher/a:1", there);
    target.spoil("rancher/a", base.descriptor().digest(), null);

    List<ImageResult> results = sync("rancher/a:1", "rancher/a:2");

    assertThat(byName(results, "rancher/a:2").status()).isEqualTo(Status.COPIED);
    assertThat(target.requests("UPLOAD"))
        .anyMatch(r -> r.contains(base.descriptor().digest().toString()));
  }

  @Test
  void aBlobThatTheTargetLosesBeforeTheManifestComesIsSentAgain() throws IOException {
    Layer layer = images.layer("a", 100);
    source.add(images, "rancher/a:1", images.image(TestImages.AMD64, layer));
    PuttingTarget losing =
        new PuttingTarget(
            target.asTarget(),
            number -> {
              if (number == 1) {
                target.spoil("rancher/a", layer.descriptor().digest(), null);
              }
            });

    ImageResult result = transfer(losing, "rancher/a:1");

    assertThat(result.status()).isEqualTo(Status.COPIED);
    assertThat(losing.puts()).isEqualTo(2);
    assertThat(target.requests("UPLOAD"))
        .filteredOn(r -> r.contains(layer.descriptor().digest().toString()))
        .hasSize(2);
    assertThat(target.requests("UPLOAD")).hasSize(3);
  }

  @Test
  void aReplicaThatLearnsOfABlobLateIsTriedAgainWithoutSending() throws IOException {
    source.add(images, "rancher/a:1", images.image(TestImages.AMD64, images.layer("a", 100)));
    PuttingTarget late =
        new PuttingTarget(
            target.asTarget(),
            number -> {
              if (number < 3) {
                throw new MissingContentException("MANIFEST_BLOB_UNKNOWN");
              }
            });

    assertThat(transfer(late, "rancher/a:1").status()).isEqualTo(Status.COPIED);
    assertThat(late.puts()).isEqualTo(3);
    assertThat(target.requests("UPLOAD")).hasSize(2);
  }

  @Test
  void aTargetThatNeverKnowsABlobIsNotAskedForEver() throws IOException {
    source.add(images, "rancher/a:1", images.image(TestImages.AMD64, images.layer("a", 100)));
    PuttingTarget never =
        new PuttingTarget(
            target.asTarget(),
            number -> {
              throw new MissingContentException("MANIFEST_BLOB_UNKNOWN");
            });

    ImageResult result = transfer(never, "rancher/a:1");

    assertThat(result.reason()).contains(FailureKind.NETWORK);
    assertThat(result.message()).contains("MANIFEST_BLOB_UNKNOWN");
    assertThat(never.puts()).isEqualTo(4);
  }

  private ImageResult transfer(ImageTarget to, String name) throws IOException {
    Reference image = Reference.parse(name);
    MirrorOptions how = new MirrorOptions(2, PlatformFilter.ALL, NO_WAIT);
    try (Mirror mirror = new Mirror(source, how, RunListener.NONE)) {
      return mirror.plan(List.of(new ImageRequest(image, image)), to).carryOut().getFirst();
    }
  }

  @Test
  void anImageThatContradictsAnothersSizesFailsAlone() throws IOException {
    Layer layer = images.layer("a", 1000);
    Manifest right = images.image(TestImages.AMD64, layer);
    String text = new String(right.bytes(), java.nio.charset.StandardCharsets.UTF_8);
    String size = "\"size\":" + layer.descriptor().size();
    Manifest wrong =
        images.manifest(
            text.replace(size, size + "0").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    source.add(images, "rancher/right:1", right);
    source.add(images, "rancher/wrong:1", wrong);

    List<ImageResult> results = sync("rancher/right:1", "rancher/wrong:1");

    assertThat(byName(results, "rancher/right:1").status()).isEqualTo(Status.COPIED);
    assertThat(byName(results, "rancher/wrong:1").reason()).contains(FailureKind.CORRUPT);
  }

  private List<ImageResult> sync(String... names) throws IOException {
    return mirror(source, PlatformFilter.ALL, target, names);
  }

  private static List<ImageResult> mirror(
      ImageSource source, PlatformFilter filter, MemoryRegistry target, String... names)
      throws IOException {
    try (Mirror mirror = new Mirror(source, options(filter), RunListener.NONE)) {
      return mirror.plan(requests(names), target.asTarget()).carryOut();
    }
  }

  private static MirrorOptions options(PlatformFilter filter) {
    return new MirrorOptions(4, filter, NO_WAIT);
  }

  private static PlatformFilter filter(String... platforms) {
    return new PlatformFilter(Stream.of(platforms).map(Platform::parse).toList());
  }

  private static List<ImageRequest> requests(String... names) {
    return Stream.of(names)
        .map(Reference::parse)
        .map(name -> new ImageRequest(name, name))
        .toList();
  }

  private static ImageResult byName(List<ImageResult> results, String name) {
    Reference reference = Reference.parse(name);
    return results.stream()
        .filter(r -> r.request().source().equals(reference))
        .findFirst()
        .orElseThrow();
  }

  private static long sizes(Manifest manifest) {
    return manifest.bytes().length + manifest.blobs().stream().mapToLong(Descriptor::size).sum();
  }

  /** Breaks the first download of every blob after so many bytes. */
  private static class BreakingOnce extends MemoryRegistry {
    private final int after;

    BreakingOnce(int after) {
      this.after = after;
    }

    @Override
    public InputStream open(Repository repository, Descriptor blob, long offset)
        throws IOException {
      InputStream in = super.open(repository, blob, offset);
      if (offset > 0 || blob.size() <= after) {
        return in;
      }
      byte[] beginning = in.readNBytes(after);
      return new FilterInputStream(new ByteArrayInputStream(beginning)) {
        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
          int count = super.read(buffer, from, length);
          if (count < 0) {
            throw new IOException("connection reset");
          }
          return count;
        }
      };
    }
  }
}
