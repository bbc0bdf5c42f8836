package io.mirrorimages.mirror.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.event.Phase;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.EmptyRepositoryCheck;
import io.mirrorimages.mirror.port.ForwardingImageTarget;
import io.mirrorimages.mirror.port.ReadableTarget;
import io.mirrorimages.mirror.work.Scheduler;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a target is asked before anything is sent. */
class BlobExistenceCheckTest {
  private static final int LARGE = 300 * 1024;

  private final TestImages images = new TestImages();
  private final TestImages.Layer base = images.layer("base", LARGE);
  private final Manifest one = images.image(TestImages.AMD64, base);
  private final Manifest two = images.image(TestImages.ARM64, base);
  private final MemoryRegistry memory = new MemoryRegistry();
  private final Asked target = new Asked();
  private final BlobPresenceCache contents = new BlobPresenceCache(target);
  private final Scheduler scheduler = new Scheduler(2);
  private final Queue<RunEvent> events = new ConcurrentLinkedQueue<>();

  @AfterEach
  void stop() {
    scheduler.close();
  }

  /** A target with empty repositories, which writes down what it is asked. */
  private final class Asked extends ForwardingImageTarget
      implements EmptyRepositoryCheck, ReadableTarget {
    private final Set<Repository> empty = new HashSet<>();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private boolean failing;

    Asked() {
      super(memory.asTarget());
    }

    @Override
    public boolean isEmpty(Repository repository) {
      asked.add("EMPTY " + repository.path());
      return empty.contains(repository);
    }

    @Override
    public boolean has(Repository repository, Descriptor blob) throws IOException {
      asked.add("HAS " + repository.path() + " " + blob.digest());
      if (failing) {
        throw new TransferException(FailureKind.NETWORK, "out of order");
      }
      return super.has(repository, blob);
    }

    @Override
    public Optional<Manifest> manifest(Reference image) throws IOException {
      asked.add("GET " + image.repository().path() + " " + image.digest().orElseThrow());
      if (failing) {
        throw new TransferException(FailureKind.NETWORK, "out of order");
      }
      return ReadableTarget.of(memory.asTarget()).manifest(image);
    }

    List<String> asked(String verb) {
      return asked.stream().filter(a -> a.startsWith(verb)).toList();
    }
  }

  private static Repository repository(String path) {
    return new Repository("h.io", path);
  }

  private void survey(List<ImageResult> settled, PlannedImage... plan) throws IOException {
    new BlobExistenceCheck(target, contents, scheduler, 2, List.of(plan), settled, events::add)
        .ask(blob -> false);
  }

  private PlannedImage plan(String name, Manifest top) {
    return images.plan("h.io/" + name, top);
  }

  private static String has(String path, Digest digest) {
    return "HAS " + path + " " + digest;
  }

  @Test
  void asksForEachBlobInEachRepositoryOnce() throws IOException {
    survey(List.of(), plan("p/a:1", one), plan("p/a:2", two), plan("p/b:1", one));

    Digest layer = base.descriptor().digest();
    Digest first = one.config().orElseThrow().digest();
    Digest second = two.config().orElseThrow().digest();
    assertThat(target.asked("HAS"))
        .containsExactlyInAnyOrder(
            has("p/a", layer),
            has("p/a", first),
            has("p/a", second),
            has("p/b", layer),
            has("p/b", first));
    assertThat(target.asked("EMPTY")).containsExactlyInAnyOrder("EMPTY p/a", "EMPTY p/b");
    assertThat(events)
        .startsWith(new RunEvent.StepsAdded(Phase.TARGET, 5))
        .endsWith(new RunEvent.StepEnded(Phase.TARGET))
        .hasSize(6);
  }

  @Test
  void knowsWhatWasAsked() throws IOException {
    memory.add(images, "h.io/p/a:1", one);
    survey(List.of(), plan("p/a:2", two));

    assertThat(contents.present()).containsExactly(base.descriptor().digest());
  }

  /** The uploads find what it has. */
  @Test
  void ofAnEmptyRepositoryOneQuestionIsEnough() throws IOException {
    target.empty.add(repository("p/a"));
    survey(List.of(), plan("p/a:1", one), plan("p/b:1", one));

    assertThat(target.asked("HAS")).hasSize(2).allMatch(a -> a.startsWith("HAS p/b "));
    assertThat(contents.isBlank(repository("p/a"))).isTrue();
    assertThat(contents.isBlank(repository("p/b"))).isFalse();
  }

  @Test
  void whatTheSourceLacksIsAskedForInAnEmptyRepositoryToo() throws IOException {
    target.empty.add(repository("p/a"));
    Digest layer = base.descriptor().digest();
    new BlobExistenceCheck(
            target,
            contents,
            scheduler,
            2,
            List.of(plan("p/a:1", one)),
            List.of(),
            RunListener.NONE)
        .ask(blob -> blob.digest().equals(layer));

    assertThat(target.asked("HAS")).containsExactly(has("p/a", layer));
  }

  @Test
  void itIsNotAskedWhetherARepositoryIsEmptyWhereThatIsKnownOrSavesNothing() throws IOException {
    Manifest single = images.artifact("application/x", "application/y", "{}".getBytes());
    assertThat(plan("p/one:1", single).blobs()).as("config and layer are one blob").hasSize(1);
    memory.add(images, "h.io/p/old:1", one);

    survey(
        List.of(ImageResult.unchanged(plan("p/old:1", one))),
        plan("p/old:2", two),
        plan("p/pinned@" + one.digest(), one),
        plan("p/one:1", single));

    assertThat(target.asked("EMPTY")).isEmpty();
  }

  @Test
  void learnsFromAnUnchangedImageWhatCanBeMounted() throws IOException {
    Manifest index = images.index(one, images.index(one));
    memory.add(images, "h.io/p/old:1", index);

    survey(List.of(ImageResult.unchanged(plan("p/old:1", index))), plan("p/new:1", two));

    assertThat(contents.holder(repository("p/new"), base.descriptor().digest()))
        .contains(repository("p/old"));
    assertThat(contents.holder(repository("p/new"), one.config().orElseThrow().digest()))
        .as("nobody wants it")
        .isEmpty();
    assertThat(target.asked("GET")).as("each manifest once").hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void learnsNothingWhereItIsNotWorthIt() throws IOException {
    memory.add(images, "h.io/p/old:1", one);
    memory.add(images, "h.io/p/new:0", one);
    ImageResult unchanged = ImageResult.unchanged(plan("p/old:1", one));

    survey(List.of(unchanged), plan("p/new:1", two));
    assertThat(target.asked("GET")).as("the layer is there").isEmpty();
    survey(List.of(unchanged, unchanged), plan("p/other:1", two));
    assertThat(target.asked("GET")).as("less than each of them costs").isEmpty();
  }

  @Test
  void aBlobOfAnotherSizeIsAnother() throws IOException {
    Manifest liar = images.claiming(one, base.descriptor(), base.descriptor().size() + 1);
    memory.add(images, "h.io/p/old:1", one);

    survey(List.of(ImageResult.unchanged(plan("p/old:1", one))), plan("p/new:1", liar));

    assertThat(contents.holder(repository("p/new"), base.descriptor().digest())).isEmpty();
  }

  @Test
  void whatTheTargetDoesNotAnswerIsTheImagesTrouble() throws IOException {
    memory.add(images, "h.io/p/old:1", one);
    target.failing = true;

    survey(List.of(ImageResult.unchanged(plan("p/old:1", one))), plan("p/new:1", two));

    assertThat(target.asked("HAS")).hasSize(2);
    assertThat(target.asked("GET")).hasSize(1);
    assertThat(contents.present()).isEmpty();
  }
}
