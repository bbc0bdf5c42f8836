package io.mirrorimages.mirror.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.PullForecast;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.event.Phase;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.ForwardingImageSource;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.work.Scheduler;
import io.mirrorimages.mirror.work.TaskQueue;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What becomes of one request, and what is asked for it. */
class PlannerTest {
  private static final Reference SOURCE = Reference.parse("docker.io/a/b:1");
  private static final Reference TARGET = Reference.parse("h.io/a/b:1");
  private static final String FOREIGN = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";

  private final TestImages images = new TestImages();
  private final TestImages.Layer base = images.layer("base", 10);
  private final Manifest amd64 = images.image(TestImages.AMD64, base);
  private final Manifest arm64 = images.image(TestImages.ARM64, images.layer("arm64", 10));
  private final Manifest index = images.index(amd64, arm64);
  private final MemoryRegistry from = new MemoryRegistry();
  private final MemoryRegistry to = new MemoryRegistry();
  private ImageSource source = from;
  private boolean withoutForeignLayers;
  private boolean withTarget = true;

  private Planner planner(String... platforms) {
    PlatformFilter filter = new PlatformFilter(Stream.of(platforms).map(Platform::parse).toList());
    MirrorOptions options = new MirrorOptions(2, filter, new Retries(0, Duration.ZERO));
    return planner(withoutForeignLayers ? options.withoutForeignLayers(true) : options);
  }

  private Planner planner(MirrorOptions options) {
    Optional<ImageTarget> target = withTarget ? Optional.of(to.asTarget()) : Optional.empty();
    return new Planner(source, target, options, new ManifestCache(source, target));
  }

  private static ImageResolution draft(String name) {
    return ImageResolution.of(new ImageRequest(Reference.parse(name), TARGET));
  }

  private static Planner.Outcome planned(Planner planner, ImageResolution draft)
      throws IOException {
    return planner.plan(planner.read(planner.look(draft)));
  }

  private Planner.Outcome planned(String... platforms) throws IOException {
    return planned(planner(platforms), draft(SOURCE.toString()));
  }

  private static PlannedImage toCopy(Planner.Outcome planned) {
    assertThat(planned).isInstanceOf(Planner.Outcome.ToCopy.class);
    return ((Planner.Outcome.ToCopy) planned).image();
  }

  private static ImageResult settled(Planner.Outcome planned) {
    assertThat(planned).isInstanceOf(Planner.Outcome.Settled.class);
    return ((Planner.Outcome.Settled) planned).result();
  }

  @Test
  void anImageIsPlannedWithChildrenBeforeTheirIndex() throws IOException {
    Manifest outer = images.index(index, amd64);
    from.add(images, SOURCE.toString(), outer);

    PlannedImage image = toCopy(planned());

    assertThat(image.manifests()).containsExactly(amd64, arm64, index, outer);
    assertThat(image.sourceDigest()).isEqualTo(outer.digest());
    assertThat(image.request()).isEqualTo(new ImageRequest(SOURCE, TARGET));
    assertThat(image.replaced()).isEmpty();
    assertThat(image.omitted()).isEmpty();
    assertThat(from.requests("GET")).as("each manifest once").hasSize(4);
    assertThat(from.requests("HEAD")).as("nothing to compare with").isEmpty();
  }

  @Test
  void anUnchangedImageCostsOneQuestionAtEachSide() throws IOException {
    from.add(images, SOURCE.toString(), index);
    to.add(images, TARGET.toString(), index);

    ImageResult result = settled(planned());

    assertThat(result.status()).isEqualTo(Status.UNCHANGED);
    assertThat(result.sourceDigest()).contains(index.digest());
    assertThat(result.targetDigest()).contains(index.digest());
    assertThat(from.requestCount()).isOne();
    assertThat(to.requestCount()).isOne();
  }

  @Test
  void whatIsNoContainerImageIsLeftOutOnDemandBeforeItsContentIsFetched() throws IOException {
    Manifest chart =
        images.artifact("application/vnd.cncf.helm.config.v1+json", "tar", new byte[9]);
    from.add(images, SOURCE.toString(), chart);
    PlatformFilter one = new PlatformFilter(List.of(TestImages.AMD64));
    MirrorOptions options = new MirrorOptions(2, one, new Retries(0, Duration.ZERO));
    withTarget = false;

    ImageResult result =
        settled(planned(planner(options.withImagesOnly()), draft(SOURCE.toString())));

    assertThat(result.status()).isEqualTo(Status.SKIPPED);
    assertThat(result.anyPlatform()).isTrue();
    assertThat(result.message()).contains("no container image", "vnd.cncf.helm.config.v1+json");
    assertThat(from.requests("GET")).as("the manifest").hasSize(1);
    assertThat(toCopy(planned(planner(options), draft(SOURCE.toString()))).top()).isEqualTo(chart);
  }

  @Test
  void aChangedImageReplacesTheOther() throws IOException {
    from.add(images, SOURCE.toString(), index);
    to.add(images, TARGET.toString(), amd64);

    assertThat(toCopy(planned()).replaced()).contains(amd64.digest());
  }

  @Test
  void anImageForAnArchiveIsNotLookedFor() throws IOException {
    withTarget = false;
    from.add(images, SOURCE.toString(), amd64);

    assertThat(toCopy(planned()).manifests()).containsExactly(amd64);
    assertThat(from.requests("GET")).hasSize(1);
    assertThat(to.requestCount()).isZero();
  }

  @Test
  void onePlatformIsComparedByItsOwnDigest() throws IOException {
    from.add(images, SOURCE.toString(), index);
    assertThat(toCopy(planned("linux/arm64")).manifests()).containsExactly(arm64);
    assertThat(toCopy(planned("linux/arm64")).sourceDigest()).isEqualTo(index.digest());

    to.add(images, TARGET.toString(), arm64);
    ImageResult result = settled(planned("linux/arm64"));
    assertThat(result.status()).isEqualTo(Status.UNCHANGED);
    assertThat(result.sourceDigest()).contains(index.digest());
    assertThat(result.targetDigest()).contains(arm64.digest());
    to.add(images, TARGET.toString(), index);
    assertThat(toCopy(planned("linux/arm64")).replaced())
        .as("the whole index is another image")
        .contains(index.digest());
  }

  @Test
  void whatHasNoWantedPlatformIsSkipped() throws IOException {
    from.add(images, SOURCE.toString(), index);

    ImageResult result = settled(planned("linux/s390x"));

    assertThat(result.status()).isEqualTo(Status.SKIPPED);
    assertThat(result.message()).contains("linux/s390x");
  }

  @Test
  void aPinnedImageIsNotAskedForItsDigest() throws IOException {
    from.add(images, SOURCE.toString(), amd64);
    to.add(images, TARGET.toString(), arm64);
    String pinned = "docker.io/a/b@" + amd64.digest();

    assertThat(toCopy(planned(planner(), draft(pinned))).manifests()).containsExactly(amd64);
    assertThat(from.requests("HEAD")).isEmpty();
    to.add(images, TARGET.toString(), amd64);
    from.forgetRequests();
    assertThat(settled(planned(planner(), draft(pinned))).status()).isEqualTo(Status.UNCHANGED);
    assertThat(from.requestCount()).isZero();
  }

  /** It is the content that counts: HEAD may know less, or an older tag. */
  @Test
  void whatHeadSaysIsNotBelieved() throws IOException {
    from.add(images, SOURCE.toString(), amd64);
    to.add(images, TARGET.toString(), arm64);
    Digest gone = Digest.sha256(new byte[0]);
    source =
        new ForwardingImageSource(from) {
          @Override
          public Optional<Digest> resolve(Reference image) {
            return Optional.of(gone);
          }
        };
    assertThat(toCopy(planned()).manifests()).containsExactly(amd64);
    source =
        new ForwardingImageSource(from) {
          @Override
          public Optional<Digest> resolve(Reference image) throws IOException {
            throw new TransferException(FailureKind.MISSING, "no HEAD here");
          }
        };
    assertThat(toCopy(planned()).manifests()).containsExactly(amd64);
    source =
        new ForwardingImageSource(from) {
          @Override
          public Optional<Digest> resolve(Reference image) throws IOException {
            throw new TransferException(FailureKind.DENIED, "not you");
          }
        };
    assertThat(settled(planned()).reason()).contains(FailureKind.DENIED);
  }

  @Test
  void aFailureIsTheImagesResult() throws IOException {
    ImageResult missing = settled(planned());

    assertThat(missing.status()).isEqualTo(Status.FAILED);
    assertThat(missing.reason()).contains(FailureKind.MISSING);
    source =
        new ForwardingImageSource(from) {
          @Override
          public Manifest manifest(Reference image) {
            throw new InvalidContentException("no manifest");
          }
        };
    assertThat(settled(planned()).message()).contains("no manifest");
  }

  @Test
  void anInterruptionIsNoResult() {
    source =
        new ForwardingImageSource(from) {
          @Override
          public Manifest manifest(Reference image) throws IOException {
            Thread.currentThread().interrupt();
            throw new IOException("closed");
          }
        };

    assertThatThrownBy(this::planned).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whatHasEndedIsLeftAlone() throws IOException {
    ImageResolution done = draft(SOURCE.toString());
    ImageResolution ended = done.ended(ImageResult.unfinished(done.request()));

    assertThat(planner().look(ended)).isEqualTo(ended);
    assertThat(planner().read(ended)).isEqualTo(ended);
    assertThat(settled(planner().plan(ended)).status()).isEqualTo(Status.UNFINISHED);
    assertThat(from.requestCount() + to.requestCount()).isZero();
  }

  @Test
  void aForeignLayerThatTheSourceLacksIsAFailureUnlessItMayBeLeftOut() throws IOException {
    Manifest foreign =
        images.altered(
            amd64,
            "\"mediaType\":\"" + base.descriptor().mediaType(),
            "\"mediaType\":\"" + FOREIGN);
    from.add(images, SOURCE.toString(), foreign);
    Digest layer = base.descriptor().digest();

    assertThat(toCopy(planned()).omitted()).as("the source has it").isEmpty();
    from.spoil("docker.io/a/b", layer, null);
    assertThat(settled(planned()).message())
        .contains("1 foreign layer(s)", layer.toString(), "{setting allow-missing-foreign-layers}");
    withoutForeignLayers = true;
    assertThat(toCopy(planned()).omitted()).containsExactly(layer);
  }

  /** Any other layer that is missing is not foreign, and fails later, by itself. */
  @Test
  void otherLayersAreNotAskedFor() throws IOException {
    from.add(images, SOURCE.toString(), amd64);
    from.spoil("docker.io/a/b", base.descriptor().digest(), null);

    assertThat(toCopy(planned()).omitted()).isEmpty();
    assertThat(from.requests("HAS")).isEmpty();
  }

  @Test
  void indexesAreNestedFourDeep() throws IOException {
    Manifest deep = images.index(images.index(images.index(amd64)));
    from.add(images, SOURCE.toString(), deep);
    assertThat(toCopy(planned()).manifests()).hasSize(4);

    from.add(images, SOURCE.toString(), images.index(deep));
    assertThat(settled(planned()).message()).contains("nested more than 4 deep");
  }

  @Test
  void anImageHasASizeThatCanBeSummedUp() throws IOException {
    Descriptor layer = base.descriptor();
    long config = amd64.config().orElseThrow().size();
    from.add(images, SOURCE.toString(), images.claiming(amd64, layer, (1L << 50) - config));
    assertThat(planned()).isInstanceOf(Planner.Outcome.ToCopy.class);

    from.add(images, SOURCE.toString(), images.claiming(amd64, layer, (1L << 50) - config + 1));
    assertThat(settled(planned()).message())
        .contains("more than 1125899906842624 bytes, " + layer.digest() + " alone ");
  }

  /** Whoever needs one of them too fetches it. */
  @Test
  void theManifestsOfAFailedImageAreForgotten() throws IOException {
    Manifest deep = images.index(images.index(images.index(images.index(arm64))));
    from.add(images, SOURCE.toString(), deep);
    from.add(images, "docker.io/a/c:1", arm64);
    Planner planner = planner();
    settled(planned(planner, draft(SOURCE.toString())));
    from.forgetRequests();

    toCopy(planned(planner, draft("docker.io/a/c@" + arm64.digest())));

    assertThat(from.requests("GET")).hasSize(1);
  }

  @Test
  void whatTheTargetHasIsNotFetchedFromWhereItIsCounted() throws IOException {
    from.add(images, SOURCE.toString(), index);
    to.add(images, TARGET.toString(), amd64);
    source = new CountingSource(from);

    assertThat(toCopy(planned()).manifests()).containsExactly(amd64, arm64, index);
    assertThat(from.requests("GET"))
        .containsExactly(
            "GET docker.io/a/b@" + index.digest(), "GET docker.io/a/b@" + arm64.digest());
  }

  @Test
  void saysBeforeEachStepWhatItCosts() throws IOException {
    from.add(images, SOURCE.toString(), index);
    source = new CountingSource(from);
    withTarget = false;
    Queue<PullForecast> foreseen = new ConcurrentLinkedQueue<>();
    Queue<RunEvent> steps = new ConcurrentLinkedQueue<>();
    RunListener listener =
        event -> {
          steps.add(event);
          if (event instanceof RunEvent.PullsForeseen pulls) {
            foreseen.add(pulls.forecast());
          }
        };
    PlatformFilter all = new PlatformFilter(List.of());
    ManifestCache near = new ManifestCache(source, Optional.empty());
    MirrorOptions options = new MirrorOptions(2, all, new Retries(0, Duration.ZERO));
    List<ImageRequest> requests =
        List.of(
            new ImageRequest(SOURCE, TARGET),
            new ImageRequest(Reference.parse("docker.io/a/gone:1"), TARGET));
    try (Scheduler scheduler = new Scheduler(2);
        TaskQueue queue = scheduler.open()) {
      Planning planning =
          new Planning(
              requests,
              new Planner(source, Optional.empty(), options, near),
              new PullCount(source, all, near),
              scheduler,
              queue,
              request -> "",
              listener);

      Planned planned = planning.all();

      assertThat(planned.images().getFirst().manifests()).containsExactly(amd64, arm64, index);
      assertThat(planned.settled().getFirst().reason()).contains(FailureKind.MISSING);
      assertThat(foreseen)
          .extracting(PullForecast::needed, PullForecast::exact)
          .containsExactly(tuple(2L, false), tuple(2L, true), tuple(0L, true));

      for (Phase phase : List.of(Phase.TAGS, Phase.MANIFESTS, Phase.PLATFORMS)) {
        assertThat(steps)
            .containsOnlyOnce(new RunEvent.StepsAdded(phase, 2))
            .filteredOn(new RunEvent.StepEnded(phase)::equals)
            .hasSize(2);
      }

      scheduler.endSoon();
      assertThatThrownBy(planning::all).isInstanceOf(InterruptedIOException.class);
    }
  }
}
