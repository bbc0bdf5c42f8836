package io.mirrorimages.harbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.EmptyRepositoryCheck;
import io.mirrorimages.mirror.port.ForwardingImageTarget;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.port.ReadableTarget;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of a Harbor's projects that are full, missing or guarded while images go there. */
class ParkedProjectsTest {
  private static final int LARGE = 4 * 1024 * 1024;
  private static final Repository FULL = new Repository("h.io", "full/x");
  private static final Repository OTHER = new Repository("h.io", "other/x");
  private static final Room ROOM = new Room(10, 9);

  private final TestImages images = new TestImages();
  private final Manifest image = images.image(TestImages.AMD64, images.layer("a", 9));
  private final MemoryRegistry memory = new MemoryRegistry();
  private final FailingTarget target = new FailingTarget(memory.asTarget());
  private final List<String> asked = new ArrayList<>();
  private Optional<Room> room = Optional.empty();
  private IOException trouble;

  private final ParkedProjects parked =
      new ParkedProjects(
          target,
          (project, bytes) -> {
            asked.add(project + " " + bytes);
            if (trouble != null) {
              throw trouble;
            }
            return room;
          });

  /** A target whose steps fail if a test wants it. */
  private static final class FailingTarget extends ForwardingImageTarget
      implements EmptyRepositoryCheck {
    private IOException failure;
    private int begun;
    private int closed;

    FailingTarget(ImageTarget target) {
      super(target);
    }

    private void fail() throws IOException {
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public BlobUpload begin(Repository repository, Descriptor blob, Optional<Repository> from)
        throws IOException {
      fail();
      begun++;
      return new BlobUpload() {
        @Override
        public boolean mounted() {
          return from.isPresent();
        }

        @Override
        public void send(InputStream content) throws IOException {
          fail();
        }

        @Override
        public void close() {
          closed++;
        }
      };
    }

    @Override
    public void put(Reference name, Manifest manifest) throws IOException {
      fail();
      super.put(name, manifest);
    }

    @Override
    public boolean isEmpty(Repository repository) {
      return true;
    }
  }

  private static Descriptor blob(long size) {
    return new Descriptor(MediaTypes.OCI_CONFIG, Digest.sha256(new byte[0]), size);
  }

  private BlobUpload begin(Repository repository, long size) throws IOException {
    return parked.begin(repository, blob(size), Optional.empty());
  }

  private void assertFull(IOException failure, String message) {
    assertThat(failure).isInstanceOf(TransferException.class).hasMessageStartingWith(message);
    assertThat(((TransferException) failure).reason()).isEqualTo(FailureKind.QUOTA);
    assertThatThrownBy(() -> begin(FULL, 1))
        .as("nothing more")
        .isInstanceOf(TransferException.class)
        .hasMessage("project full is full, and gets nothing more in this run")
        .extracting(e -> ((TransferException) e).reason())
        .isEqualTo(FailureKind.QUOTA);
  }

  private static IOException failure(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      return e;
    }
    throw new AssertionError("does not fail");
  }

  private interface Step {
    void run() throws IOException;
  }

  @Test
  void aProjectThatIsFullGetsNothingMore() throws IOException {
    target.failure = new TransferException(FailureKind.QUOTA, "quota exceeded");
    IOException failure = failure(() -> begin(FULL, 1));
    target.failure = null;

    assertFull(failure, "project full is full, and gets nothing more in this run: quota exceeded");
    assertThat(target.begun).isZero();
    begin(OTHER, 1).close();
    assertThat(target.begun).isOne();
  }

  @Test
  void soItIsWhereAManifestOrABlobIsRefused() throws IOException {
    BlobUpload upload = begin(FULL, 1);
    target.failure = new TransferException(FailureKind.QUOTA, "quota exceeded");
    Reference name = Reference.parse("h.io/full/x:1");

    assertThat(failure(() -> parked.put(name, image)))
        .hasMessageEndingWith("in this run: quota exceeded");
    assertFull(failure(() -> upload.send(InputStream.nullInputStream())), "project full is full");
    assertThat(asked).isEmpty();
  }

  @Test
  void otherRefusalsParkNothing() throws IOException {
    BlobUpload upload = begin(FULL, 1);
    TransferException denied = new TransferException(FailureKind.DENIED, "no");
    target.failure = denied;

    assertThat(failure(() -> begin(FULL, 1))).isSameAs(denied);
    assertThat(failure(() -> upload.send(InputStream.nullInputStream()))).isSameAs(denied);
    assertThat(failure(() -> parked.put(Reference.parse("h.io/full/x:1"), image))).isSameAs(denied);
    target.failure = null;
    begin(FULL, 1).close();
    assertThat(asked).isEmpty();
  }

  /** Harbor counts a blob that comes in chunks when all of it has come. */
  @Test
  void aLargeBlobIsRefusedBeforeItIsSent() {
    room = Optional.of(ROOM);

    assertFull(
        failure(() -> begin(FULL, LARGE)),
        "project full is full, and gets nothing more in this run: the quota at h.io does not allow"
            + " for h.io/full/x@"
            + blob(1).digest()
            + " with 4194304 bytes: 9 of 10 are used");
    assertThat(asked).containsExactly("full 4194304");
    assertThat(target.closed).isOne();
  }

  @Test
  void asksOnlyBeforeALargeBlobThatIsToBeSent() throws IOException {
    room = Optional.of(ROOM);
    begin(FULL, LARGE - 1).close();
    parked.begin(FULL, blob(LARGE), Optional.of(OTHER)).close();
    assertThat(asked).isEmpty();

    room = Optional.empty();
    begin(FULL, LARGE).close();
    trouble = new IOException("no answer");
    begin(FULL, LARGE).close();
    assertThat(asked).hasSize(2);
  }

  /** Harbor hangs up; a further try would move all bytes again. */
  @Test
  void aConnectionThatBreaksMayMeanThatTheProjectIsFull() throws IOException {
    BlobUpload upload = begin(FULL, 7);
    BlobUpload again = begin(FULL, 7);
    room = Optional.of(ROOM);
    target.failure = new IOException("connection reset");
    IOException failure = failure(() -> upload.send(InputStream.nullInputStream()));

    assertFull(failure, "project full is full");
    assertThat(failure).hasMessageContaining("with 7 bytes: 9 of 10 are used");
    assertThat(asked).containsExactly("full 7");
    target.failure =
        TransferException.passing(FailureKind.NETWORK, "reset", target.failure, Optional.empty());
    assertThat(failure(() -> again.send(InputStream.nullInputStream())))
        .as("a network failure of known reason")
        .hasMessageStartingWith("project full is full");
  }

  @Test
  void aConnectionThatBreaksIsWhatItIsElse() throws IOException {
    BlobUpload upload = begin(FULL, 7);
    IOException reset = new IOException("connection reset");
    target.failure = reset;
    assertThat(failure(() -> upload.send(InputStream.nullInputStream()))).isSameAs(reset);
    assertThat(reset).hasNoSuppressedExceptions();

    trouble = new IOException("no answer");
    assertThat(failure(() -> upload.send(InputStream.nullInputStream()))).isSameAs(reset);
    assertThat(reset).hasSuppressedException(trouble);

    target.failure = new InterruptedIOException("stopped");
    assertThat(failure(() -> upload.send(InputStream.nullInputStream()))).isSameAs(target.failure);
    assertThat(asked).as("nothing is asked by who was stopped").hasSize(2);
  }

  /** A HEAD keeps a blob that no image names from being cleared away, a mount does not. */
  @Test
  void noRepositoryCountsAsEmpty() {
    assertThat(target.ability(EmptyRepositoryCheck.class)).isPresent();
    assertThat(parked.ability(EmptyRepositoryCheck.class)).isEmpty();
    assertThat(parked.ability(ReadableTarget.class)).isPresent();
    FutureProjects future = new FutureProjects(target, List.of());
    assertThat(future.ability(EmptyRepositoryCheck.class)).isEmpty();
    assertThat(future.ability(ReadableTarget.class)).contains(future);
  }

  @Test
  void aMissingProjectIsEmptyAndIsNotAsked() throws IOException {
    memory.add(images, "h.io/full/x:1", image);
    FutureProjects future = new FutureProjects(memory.asTarget(), List.of("full"));
    Reference missing = Reference.parse("h.io/full/x:1");

    assertThat(future.resolve(missing)).isEmpty();
    assertThat(future.manifest(missing)).isEmpty();
    assertThat(future.has(FULL, image.config().orElseThrow())).isFalse();
    assertThat(memory.requestCount()).isZero();
  }

  @Test
  void aProjectThatIsThereIsAsked() throws IOException {
    memory.add(images, "h.io/other/x:1", image);
    FutureProjects future = new FutureProjects(memory.asTarget(), List.of("full"));
    Reference there = Reference.parse("h.io/other/x@" + image.digest());

    assertThat(future.resolve(there)).contains(image.digest());
    assertThat(future.manifest(there)).contains(image);
    assertThat(future.has(OTHER, image.config().orElseThrow())).isTrue();
  }

  @Test
  void aPlanSendsNothing() {
    FutureProjects future = new FutureProjects(memory.asTarget(), List.of());

    assertThatThrownBy(() -> future.begin(OTHER, blob(1), Optional.empty()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> future.put(Reference.parse("h.io/other/x:1"), image))
        .isInstanceOf(IllegalStateException.class);
  }
}
