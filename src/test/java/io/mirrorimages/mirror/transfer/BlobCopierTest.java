package io.mirrorimages.mirror.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.EmptyRepositoryCheck;
import io.mirrorimages.mirror.port.ExternalBlob;
import io.mirrorimages.mirror.port.ForwardingImageSource;
import io.mirrorimages.mirror.port.ForwardingImageTarget;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.LocalSource;
import io.mirrorimages.mirror.port.PartialSource;
import io.mirrorimages.mirror.presence.BlobExistenceCheck;
import io.mirrorimages.mirror.presence.BlobPresenceCache;
import io.mirrorimages.mirror.work.Exclusive;
import io.mirrorimages.mirror.work.Scheduler;
import io.mirrorimages.mirror.work.TaskQueue;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each digest is read once and sent once; the rest is mounted. */
class BlobCopierTest {
  private static final Repository FROM = new Repository("s.io", "p/a");
  private static final Repository FROM_B = new Repository("s.io", "p/b");
  private static final Repository TO = new Repository("t.io", "p/a");
  private static final Repository TO_B = new Repository("t.io", "p/b");
  private static final Repository TO_C = new Repository("t.io", "p/c");
  private static final Repository TO_D = new Repository("t.io", "p/d");

  /** Ends early where it is to see something; the other sees nothing, however long. */
  private static final Duration LONG = Duration.ofMinutes(2);

  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Repository ELSEWHERE = new Repository("t.io", "q/a");

  private final TestImages images = new TestImages();
  private final TestImages.Layer layer = images.layer("layer", 1000);
  private final Descriptor blob = layer.descriptor();
  private final Manifest image = images.image(TestImages.AMD64, layer);
  private final MemoryRegistry from = new MemoryRegistry();
  private final MemoryRegistry to = new MemoryRegistry();
  private final Target target = new Target();
  private final BlobPresenceCache contents = new BlobPresenceCache(target);
  private final Exclusive<Digest> digests = new Exclusive<>();
  private final Scheduler scheduler = new Scheduler(2);

  BlobCopierTest() {
    for (String name : List.of("s.io/p/a:1", "s.io/p/b:1", "s.io/p/c:1", "s.io/p/d:1")) {
      from.add(images, name, image);
    }
    from.add(images, "other.io/p/a:1", image);
  }

  @AfterEach
  void stop() {
    scheduler.close();
  }

  /** Writes down from where blobs are to be mounted. */
  private final class Target extends ForwardingImageTarget implements EmptyRepositoryCheck {
    private final List<String> begun = new ArrayList<>();
    private boolean mounting = true;
    private IOException failure;
    private Runnable duringMount = () -> {};

    Target() {
      super(to.asTarget());
    }

    @Override
    public boolean isEmpty(Repository repository) {
      return true;
    }

    @Override
    public BlobUpload begin(Repository repository, Descriptor wanted, Optional<Repository> mount)
        throws IOException {
      begun.add(repository.path() + mount.map(m -> " from " + m).orElse(""));
      if (mount.isPresent()) {
        duringMount.run();
      }
      if (failure != null) {
        throw failure;
      }
      return super.begin(repository, wanted, mounting ? mount : Optional.empty());
    }
  }

  private BlobCopier copier(ImageSource source) {
    return copier(source, 2);
  }

  private BlobCopier copier(ImageSource source, int jobs) {
    return new BlobCopier(
        source,
        target,
        contents,
        new MirrorOptions(
            jobs, new PlatformFilter(List.of()), new Retries(1, Duration.ofMillis(1))),
        digests,
        scheduler);
  }

  private static final class Local extends ForwardingImageSource implements LocalSource {
    Local(ImageSource source) {
      super(source);
    }
  }

  private final class Partial extends ForwardingImageSource implements PartialSource {
    Partial() {
      super(from);
    }

    @Override
    public Optional<ExternalBlob> lacking(Descriptor wanted) {
      return Optional.of(new ExternalBlob("volume 2 of 2", false, List.of()));
    }
  }

  private long bring(BlobCopier copier, Repository source, Repository wanting) throws IOException {
    return copier.bring(source, wanting, blob, RunListener.NONE);
  }

  private int read() {
    return from.requests("OPEN").size();
  }

  @Test
  void whatIsThereIsNotSent() throws IOException {
    to.add(images, "t.io/p/a:1", image);

    assertThat(bring(copier(from), FROM, TO)).isZero();
    assertThat(target.begun).isEmpty();
    assertThat(read()).isZero();
  }

  @Test
  void isSentOnceAndMountedThen() throws IOException {
    BlobCopier copier = copier(from);

    assertThat(bring(copier, FROM, TO)).isEqualTo(blob.size());
    assertThat(bring(copier, FROM, TO)).isZero();
    assertThat(bring(copier, FROM_B, ELSEWHERE)).isZero();

    assertThat(target.begun).containsExactly("p/a", "q/a from t.io/p/a");
    assertThat(read()).isOne();
  }

  @Test
  void fromTheUsualNumberOfJobsOnAMountTakesNoTurnUntilOneIsRefused() throws Exception {
    BlobCopier copier = copier(from, 8);
    bring(copier, FROM, TO);

    assertThat(anotherTaskRunsDuringTheMount(copier, TO_B, LONG)).isTrue();
    target.mounting = false;
    assertThat(anotherTaskRunsDuringTheMount(copier, TO_C, LONG)).isTrue();
    assertThat(anotherTaskRunsDuringTheMount(copier, TO_D, SHORT)).isFalse();
  }

  @Test
  void belowTheUsualNumberOfJobsAMountTakesATurn() throws Exception {
    BlobCopier copier = copier(from, 7);
    bring(copier, FROM, TO);

    assertThat(anotherTaskRunsDuringTheMount(copier, TO_B, SHORT)).isFalse();
  }

  /** Brings the blob in a queue that has one turn. */
  private boolean anotherTaskRunsDuringTheMount(
      BlobCopier copier, Repository wanting, Duration wait) throws Exception {
    CountDownLatch other = new CountDownLatch(1);
    AtomicBoolean beside = new AtomicBoolean();
    AtomicBoolean mounted = new AtomicBoolean();
    target.duringMount =
        () -> {
          try {
            mounted.set(true);
            beside.set(other.await(wait.toMillis(), TimeUnit.MILLISECONDS));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    try (TaskQueue queue = scheduler.open(1)) {
      queue.add(
          "t.io",
          List.of(
              () -> {
                bring(copier, FROM, wanting);
                return Optional.empty();
              },
              () -> {
                other.countDown();
                return Optional.empty();
              }));
      queue.await();
    }
    assertThat(mounted).isTrue();
    return beside.get();
  }

  @Test
  void isSentWhereItCannotBeMounted() throws IOException {
    target.mounting = false;
    BlobCopier copier = copier(from);

    assertThat(bring(copier, FROM, TO)).isEqualTo(blob.size());
    assertThat(bring(copier, FROM, TO_B)).isEqualTo(blob.size());
    assertThat(read()).isEqualTo(2);
  }

  /** Within one registry it need not move at all. */
  @Test
  void isMountedFromTheSourceItself() throws IOException {
    BlobCopier copier = copier(from);
    to.add(images, "s.io/p/a:1", image);

    Repository beside = new Repository("s.io", "q/new");
    assertThat(bring(copier, FROM, beside)).isZero();
    assertThat(target.begun).containsExactly("q/new from s.io/p/a");
    assertThat(read()).isZero();
  }

  @Test
  void aSourceThatGivesNothingToMountIsNotAskedAgain() throws IOException {
    target.mounting = false;
    BlobCopier copier = copier(from);
    bring(copier, FROM, new Repository("s.io", "q/one"));
    contents.forget(new Repository("s.io", "q/one"), blob.digest());
    bring(copier, FROM, new Repository("s.io", "q/two"));

    assertThat(target.begun).containsExactly("q/one from s.io/p/a", "q/two");
  }

  @Test
  void nothingIsMountedBesideItself() throws IOException {
    bring(copier(from), FROM, FROM);

    assertThat(target.begun).containsExactly("p/a");
  }

  /** Its uploads find what it has. */
  @Test
  void aRepositoryThatShowsNoImageIsNotAskedForItsBlobs() throws IOException {
    PlannedImage planned = images.plan("t.io/p/a:1", image);
    new BlobExistenceCheck(
            target, contents, scheduler, 2, List.of(planned), List.of(), RunListener.NONE)
        .ask(b -> false);
    BlobCopier copier = copier(from);

    assertThat(bring(copier, FROM, TO)).isEqualTo(blob.size());
    assertThat(target.begun).containsExactly("p/a from t.io/p/a");
    assertThat(to.requests("HAS")).isEmpty();
    to.add(images, "t.io/p/a:1", image);
    contents.forget(TO, blob.digest());
    new BlobExistenceCheck(
            target, contents, scheduler, 2, List.of(planned), List.of(), RunListener.NONE)
        .ask(b -> false);
    assertThat(bring(copier, FROM, TO)).as("it was there").isZero();
    assertThat(read()).isOne();
  }

  /** That it could not be mounted from elsewhere says nothing of what is here. */
  @Test
  void whereAMountFailedTheRepositoryIsAskedAfterAll() throws IOException {
    to.add(images, "t.io/p/a:1", image);
    PlannedImage planned = images.plan("t.io/p/a:1", image);
    new BlobExistenceCheck(
            target, contents, scheduler, 2, List.of(planned), List.of(), RunListener.NONE)
        .ask(b -> false);
    contents.add(TO_B, blob.digest());
    target.mounting = false;

    assertThat(bring(copier(from), FROM, TO)).isZero();
    assertThat(target.begun).containsExactly("p/a from t.io/p/b");
    assertThat(to.requests("HAS")).hasSize(1);
    assertThat(read()).isZero();
  }

  /** The archive may be anybody's, and is no right to read another project. */
  @Test
  void whatTheSourceDoesNotHaveIsMountedWithinTheProjectOnly() throws IOException {
    contents.add(ELSEWHERE, blob.digest());
    contents.add(TO_B, blob.digest());
    to.add(images, "t.io/p/b:1", image);
    to.add(images, "t.io/q/a:1", image);

    assertThat(bring(copier(new Partial()), FROM, TO)).isZero();
    assertThat(target.begun).containsExactly("p/a from t.io/p/b");
    contents.forget(TO_B, blob.digest());
    contents.forget(TO, blob.digest());
    target.begun.clear();
    to.spoil("t.io/p/a", blob.digest(), null);
    bring(copier(new Local(new Partial())), FROM, TO);
    assertThat(target.begun).doesNotContain("p/a from t.io/q/a");
  }

  @Test
  void saysWhatIsMissingWhereItCannotBeMounted() {
    target.mounting = false;
    contents.add(TO_B, blob.digest());

    assertThatThrownBy(() -> bring(copier(new Partial()), FROM, TO))
        .isInstanceOf(TransferException.class)
        .hasMessage(
            blob.digest()
                + " is in t.io/p/b, but could not be mounted from there: give the user the right"
                + " to read it, or add volume 2 of 2");
    assertThat(read()).isZero();
  }

  /** A file may call anything by that digest. */
  @Test
  void whatAFileHasIsProvedBeforeItIsMountedFromAnotherProject() throws IOException {
    contents.add(ELSEWHERE, blob.digest());
    to.add(images, "t.io/q/a:1", image);
    BlobCopier copier = copier(new Local(from));

    assertThat(bring(copier, FROM, TO)).isZero();
    assertThat(read()).as("hashed").isOne();
    contents.forget(TO, blob.digest());
    assertThat(bring(copier, FROM, TO_B)).isZero();
    assertThat(read()).as("once").isOne();

    byte[] wrong = images.content(blob.digest()).clone();
    wrong[7] ^= 1;
    from.spoil("s.io/p/a", blob.digest(), wrong);
    assertThatThrownBy(() -> bring(copier(new Local(from)), FROM, new Repository("t.io", "r/x")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(blob.digest().toString());
  }

  @Test
  void asksAgainForWhatTheTargetLost() throws IOException {
    BlobCopier copier = copier(from);
    bring(copier, FROM, TO);
    bring(copier, FROM, TO_B);
    target.begun.clear();
    to.spoil("t.io/p/a", blob.digest(), null);

    assertThat(copier.bringAgain(FROM, TO, blob, RunListener.NONE)).isEqualTo(blob.size());
    assertThat(digests.take(blob.digest(), () -> {})).as("given back").isTrue();
    assertThat(target.begun).as("no mount is believed").containsExactly("p/a");
  }

  private static class Failing extends ForwardingImageSource {
    private final List<Repository> asked = new ArrayList<>();
    private IOException failure = new IOException("connection reset");

    Failing(ImageSource source) {
      super(source);
    }

    @Override
    public InputStream open(Repository repository, Descriptor wanted, long offset)
        throws IOException {
      asked.add(repository);
      throw failure;
    }
  }

  /** Each image that has it would wait again. */
  @Test
  void whatFailedInARepositoryIsNotTriedThereAgain() {
    Failing failing = new Failing(from);
    BlobCopier copier = copier(failing);

    assertThatThrownBy(() -> bring(copier, FROM, TO)).hasMessageContaining("connection reset");
    int tries = failing.asked.size();
    assertThat(tries).isGreaterThan(1);
    assertThatThrownBy(() -> bring(copier, FROM, TO_B)).hasMessageContaining("connection reset");
    assertThat(failing.asked).hasSize(tries);

    assertThatThrownBy(() -> bring(copier, FROM_B, TO_B)).hasMessageContaining("connection reset");
    assertThat(failing.asked).as("one more try where the registry is ill").hasSize(tries + 1);
  }

  @Test
  void aRefusalIsThatOfOneRepository() {
    Failing failing = new Failing(from);
    failing.failure = new TransferException(FailureKind.DENIED, "not you");
    BlobCopier copier = copier(failing);

    assertThatThrownBy(() -> bring(copier, FROM, TO)).hasMessageContaining("not you");
    assertThatThrownBy(() -> bring(copier, FROM, TO_B)).hasMessageContaining("not you");
    assertThat(failing.asked).hasSize(2);
  }

  @Test
  void aFullDiskIsFullForAll() {
    target.failure = new TransferException(FailureKind.SPACE, "the disk is full");
    BlobCopier copier = copier(from);

    assertThatThrownBy(() -> bring(copier, FROM, TO)).hasMessageContaining("full");
    assertThatThrownBy(() -> bring(copier, FROM_B, TO_B)).hasMessageContaining("full");
    assertThat(target.begun).hasSize(1);
  }

  /** All of it is read each time. */
  @Test
  void whatIsDamagedInThreeRepositoriesIsSoInAllOfTheRegistry() throws IOException {
    byte[] wrong = images.content(blob.digest()).clone();
    wrong[7] ^= 1;
    List<Repository> asked = new ArrayList<>();
    ImageSource damaged =
        new ForwardingImageSource(from) {
          @Override
          public InputStream open(Repository repository, Descriptor wanted, long offset) {
            asked.add(repository);
            return new ByteArrayInputStream(wrong, (int) offset, wrong.length - (int) offset);
          }
        };
    BlobCopier copier = copier(damaged);
    for (String path : List.of("p/a", "p/b", "p/c")) {
      assertThatThrownBy(() -> bring(copier, new Repository("s.io", path), TO))
          .isInstanceOf(TransferException.class)
          .hasMessageEndingWith("(s.io/" + path + ")");
    }
    int reads = asked.size();
    assertThatThrownBy(() -> bring(copier, new Repository("s.io", "p/d"), TO))
        .isInstanceOf(TransferException.class);
    assertThat(asked).hasSize(reads);
    assertThatThrownBy(() -> bring(copier, new Repository("other.io", "p/a"), TO))
        .as("another registry may have it whole")
        .isInstanceOf(TransferException.class);
    assertThat(asked).hasSizeGreaterThan(reads);
  }

  @Test
  void aTargetThatDoesNotAnswerMayTakeItAllTheSame() throws IOException {
    class Mute extends ForwardingImageTarget {
      Mute() {
        super(target);
      }

      @Override
      public boolean has(Repository repository, Descriptor wanted) throws IOException {
        throw new TransferException(FailureKind.NETWORK, "no HEAD");
      }
    }

    BlobPresenceCache unknown = new BlobPresenceCache(new Mute());
    BlobCopier copier =
        new BlobCopier(
            from,
            target,
            unknown,
            new MirrorOptions(1, new PlatformFilter(List.of()), new Retries(0, Duration.ZERO)),
            digests,
            scheduler);

    assertThat(bring(copier, FROM, TO)).isEqualTo(blob.size());
    assertThat(to.asTarget().has(TO, blob)).isTrue();
  }
}
