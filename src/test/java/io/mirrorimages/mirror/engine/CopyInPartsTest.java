package io.mirrorimages.mirror.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.TargetNaming;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.ForwardingImageSource;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.work.Scheduler;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.TestImages.Layer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Registries that are away when a copy begins. */
@Timeout(120)
class CopyInPartsTest {
  private static final MirrorOptions OPTIONS =
      new MirrorOptions(2, PlatformFilter.ALL, new Retries(0, Duration.ZERO));

  private final TestImages images = new TestImages();
  private final MemoryRegistry source = new MemoryRegistry();
  private final MemoryRegistry target = new MemoryRegistry();
  private final Steps steps = new Steps();
  private final List<RunEvent> events = Collections.synchronizedList(new ArrayList<>());
  private RunListener listener = events::add;

  /** The hosts that are away, until they are counted down. */
  private final CountDownLatch away = new CountDownLatch(1);

  private final class Steps implements Preparation {
    private final List<Plan> plans = Collections.synchronizedList(new ArrayList<>());
    private final Set<String> checked = ConcurrentHashMap.newKeySet();
    private volatile boolean prepared;
    private String gone = "";

    @Override
    public void check(String registry) throws IOException {
      assertThat(checked.add(registry)).isTrue();
      if (registry.startsWith("away")) {
        Scheduler.pause(CopyInPartsTest.this::awaitAnswer);
      }
      if (registry.equals(gone)) {
        throw new TransferException(FailureKind.NETWORK, registry + " is gone");
      }
    }

    @Override
    public ImageTarget target() {
      assertThat(prepared).isFalse();
      prepared = true;
      return target.asTarget();
    }

    @Override
    public void planned(Plan part) throws IOException {
      plans.add(part);
    }
  }

  private Void awaitAnswer() throws IOException {
    try {
      away.await();
      return null;
    } catch (InterruptedException e) {
      throw Scheduler.interrupted();
    }
  }

  private static List<ImageRequest> requests(String... names) {
    return Stream.of(names)
        .map(Reference::parse)
        .map(
            name ->
                new ImageRequest(
                    name,
                    Reference.parse(
                        "target.test/"
                            + name.repository().path()
                            + ":"
                            + name.tag().orElseThrow())))
        .toList();
  }

  private Mirror.Copied copy(String... names) throws IOException {
    try (Mirror mirror = new Mirror(source, OPTIONS, listener)) {
      return mirror.copy(requests(names), TargetNaming.SAME, steps);
    }
  }

  /** The host answers when so many images have ended. */
  private void answersAfter(int ended) {
    CountDownLatch left = new CountDownLatch(ended);
    listener =
        event -> {
          events.add(event);
          if (event instanceof RunEvent.ImageEnded) {
            left.countDown();
            if (left.getCount() == 0) {
              away.countDown();
            }
          }
        };
  }

  @Test
  void imagesOfOtherRegistriesAreCopiedWhileOneIsAway() throws IOException {
    Layer base = images.layer("base", 1000);
    source.add(images, "away.test/team/a:1", images.image(TestImages.AMD64, base));
    source.add(images, "here.test/team/b:1", images.image(TestImages.AMD64, base));
    source.add(images, "there.test/team/c:1", images.image(TestImages.AMD64));
    answersAfter(2);

    Mirror.Copied copied = copy("away.test/team/a:1", "here.test/team/b:1", "there.test/team/c:1");

    assertThat(copied.results())
        .extracting(r -> r.request().source().repository().registry(), ImageResult::status)
        .containsExactly(
            tuple("here.test", Status.COPIED),
            tuple("there.test", Status.COPIED),
            tuple("away.test", Status.COPIED));
    assertThat(events.stream().filter(RunEvent.PlanMade.class::isInstance)).hasSize(2);
    String digest = base.descriptor().digest().toString();
    assertThat(source.requests("OPEN")).filteredOn(r -> r.contains(digest)).hasSize(1);
    assertThat(target.requests("UPLOAD")).filteredOn(r -> r.contains(digest)).hasSize(1);
    assertThat(copied.plan().images()).hasSize(3);
    assertThat(steps.plans.get(1).totals().atTarget()).isGreaterThanOrEqualTo(1000);
    assertThat(copied.plan().totals().toMove())
        .isEqualTo(steps.plans.stream().mapToLong(plan -> plan.totals().toMove()).sum());
  }

  @Test
  void aRegistryThatGoesAwayWhileItsImagesArePlannedHoldsUpNoOtherOne() throws IOException {
    source.add(images, "here.test/team/b:1", images.image(TestImages.AMD64));
    source.add(images, "leaving.test/team/a:1", images.image(TestImages.AMD64));
    source.add(images, "leaving.test/team/c:1", images.image(TestImages.AMD64));
    ImageSource leaving =
        new ForwardingImageSource(source) {
          @Override
          public Manifest manifest(Reference image) throws IOException {
            if (image.repository().registry().equals("leaving.test")) {
              Scheduler.pause(CopyInPartsTest.this::awaitAnswer);
            }
            return super.manifest(image);
          }
        };
    answersAfter(1);

    try (Mirror mirror = new Mirror(leaving, OPTIONS, listener)) {
      List<ImageResult> results =
          mirror
              .copy(
                  requests("leaving.test/team/a:1", "here.test/team/b:1", "leaving.test/team/c:1"),
                  TargetNaming.SAME,
                  steps)
              .results();

      assertThat(results)
          .extracting(r -> r.request().source().repository().registry(), ImageResult::status)
          .containsExactly(
              tuple("here.test", Status.COPIED),
              tuple("leaving.test", Status.COPIED),
              tuple("leaving.test", Status.COPIED));
    }
  }

  @Test
  void registriesThatAreThereMakeOnePlanInTheOrderOfTheList() throws IOException {
    for (String name : List.of("one.test/team/a:1", "two.test/team/b:1", "one.test/team/c:1")) {
      source.add(images, name, images.image(TestImages.AMD64));
    }
    Mirror.Copied copied = copy("one.test/team/a:1", "two.test/team/b:1", "one.test/team/c:1");

    assertThat(steps.plans).hasSize(1);
    assertThat(copied.plan().images())
        .extracting(PlannedImage::request)
        .containsExactlyElementsOf(
            requests("one.test/team/a:1", "two.test/team/b:1", "one.test/team/c:1"));
  }

  @Test
  void imagesOfARegistryThatIsGivenUpFailForItsReasonAndTheOthersAreThere() throws IOException {
    source.add(images, "here.test/team/b:1", images.image(TestImages.AMD64));
    steps.gone = "away.test";
    answersAfter(1);

    Mirror.Copied copied = copy("away.test/team/a:1", "here.test/team/b:1", "away.test/team/c:1");

    assertThat(copied.results())
        .extracting(ImageResult::status, ImageResult::message)
        .containsExactlyInAnyOrder(
            tuple(Status.COPIED, ""),
            tuple(Status.FAILED, "away.test is gone"),
            tuple(Status.FAILED, "away.test is gone"));
    assertThat(copied.plan().settled()).hasSize(2);
    assertThat(events.stream().filter(RunEvent.ImageEnded.class::isInstance)).hasSize(3);
  }

  @Test
  void withoutARegistryThatCanBeUsedNothingIsPrepared() {
    steps.gone = "gone.test";

    assertThatThrownBy(() -> copy("gone.test/team/a:1"))
        .isInstanceOf(TransferException.class)
        .hasMessage("gone.test is gone");
    assertThat(steps.prepared).isFalse();
  }

  @Test
  void theTargetIsNotPreparedBeforeARegistryAnswers() throws Exception {
    source.add(images, "away.test/team/a:1", images.image(TestImages.AMD64));
    source.add(images, "away2.test/team/b:1", images.image(TestImages.AMD64));
    steps.gone = "gone.test";
    AtomicBoolean early = new AtomicBoolean();
    Thread answer =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (steps.checked.size() < 3) {
                    Thread.onSpinWait();
                  }
                  early.set(steps.prepared);
                  away.countDown();
                });

    Mirror.Copied copied = copy("gone.test/team/a:1", "away.test/team/a:1", "away2.test/team/b:1");

    answer.join();
    assertThat(early).isFalse();
    assertThat(copied.results())
        .extracting(ImageResult::status)
        .containsExactlyInAnyOrder(Status.FAILED, Status.COPIED, Status.COPIED);
  }

  @Test
  void aStopKeepsWhatWasCopiedAndLeavesTheRestUnfinished() throws IOException {
    source.add(images, "here.test/team/b:1", images.image(TestImages.AMD64));
    try (Mirror mirror =
        new Mirror(
            source,
            OPTIONS,
            event -> {
              events.add(event);
              if (event instanceof RunEvent.ImageEnded end
                  && end.result().status() == Status.COPIED) {
                stop.run();
              }
            })) {
      stop = mirror::stop;
      Mirror.Copied copied =
          mirror.copy(
              requests("away.test/team/a:1", "here.test/team/b:1"), TargetNaming.SAME, steps);

      assertThat(copied.results())
          .extracting(ImageResult::status)
          .containsExactly(Status.COPIED, Status.UNFINISHED);
      assertThat(events.stream().filter(RunEvent.ImageEnded.class::isInstance)).hasSize(2);
    }
  }

  private Runnable stop = () -> {};

  @Test
  void aLaterPartThatCanNotBeCopiedFailsAlone() throws IOException {
    source.add(images, "away.test/team/a:1", images.image(TestImages.AMD64));
    source.add(images, "here.test/team/b:1", images.image(TestImages.AMD64));
    answersAfter(1);
    Preparation full =
        new Preparation() {
          @Override
          public void check(String registry) throws IOException {
            steps.check(registry);
          }

          @Override
          public ImageTarget target() {
            return steps.target();
          }

          @Override
          public void planned(Plan part) throws IOException {
            steps.planned(part);
            if (steps.plans.size() > 1) {
              throw new TransferException(FailureKind.SPACE, "no room for them");
            }
          }
        };

    try (Mirror mirror = new Mirror(source, OPTIONS, listener)) {
      List<ImageResult> results =
          mirror
              .copy(requests("away.test/team/a:1", "here.test/team/b:1"), TargetNaming.SAME, full)
              .results();

      assertThat(results)
          .extracting(ImageResult::status, ImageResult::message)
          .containsExactly(tuple(Status.COPIED, ""), tuple(Status.FAILED, "no room for them"));
    }
  }

  @Test
  void anImageThatContradictsTheSizesOfAnEarlierPartFailsAlone() throws IOException {
    Layer layer = images.layer("a", 1000);
    Manifest right = images.image(TestImages.AMD64, layer);
    String size = "\"size\":" + layer.descriptor().size();
    Manifest wrong =
        images.manifest(
            new String(right.bytes(), StandardCharsets.UTF_8)
                .replace(size, size + "0")
                .getBytes(StandardCharsets.UTF_8));
    source.add(images, "here.test/team/right:1", right);
    source.add(images, "away.test/team/wrong:1", wrong);
    answersAfter(1);

    assertThat(copy("away.test/team/wrong:1", "here.test/team/right:1").results())
        .extracting(ImageResult::status, ImageResult::reason)
        .containsExactlyInAnyOrder(
            tuple(Status.COPIED, Optional.empty()),
            tuple(Status.FAILED, Optional.of(FailureKind.CORRUPT)));
  }
}
