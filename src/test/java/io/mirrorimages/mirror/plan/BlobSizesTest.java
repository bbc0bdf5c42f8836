package io.mirrorimages.mirror.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.port.ForwardingImageSource;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.work.Scheduler;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is wrong about the size of a blob, whatever the order of the images. */
class BlobSizesTest {
  private final TestImages images = new TestImages();
  private final Descriptor base = images.layer("base", 1000).descriptor();
  private final Manifest honest = images.image(TestImages.AMD64, images.layer("base", 1000));
  private final Manifest liar = images.claiming(honest, base, 77);
  private final PlannedImage right = images.plan("h.io/a/right:1", honest);
  private final PlannedImage wrong = images.plan("h.io/a/wrong:1", liar);
  private final PlannedImage other =
      images.plan("h.io/a/other:1", images.image(TestImages.ARM64, images.layer("other", 9)));
  private final MemoryRegistry memory = new MemoryRegistry();
  private final Scheduler scheduler = new Scheduler(2);

  BlobSizesTest() {
    memory.add(images, "h.io/a/right:1", honest);
  }

  @AfterEach
  void stop() {
    scheduler.close();
  }

  private List<PlannedImage> contradicting(ImageSource source, PlannedImage... plan)
      throws IOException {
    return List.copyOf(new BlobSizes(source, scheduler, 2).contradictions(List.of(plan)).keySet());
  }

  @Test
  void whatDoesNotContradictIsNotAskedFor() throws IOException {
    assertThat(contradicting(memory, right, other, right)).isEmpty();
    assertThat(contradicting(memory, wrong, other))
        .as("a claim alone is no contradiction")
        .isEmpty();
    assertThat(memory.requestCount()).isZero();
  }

  @Test
  void theSourceTellsWhoIsWrong() throws IOException {
    assertThat(contradicting(memory, right, wrong, other)).containsExactly(wrong);
    assertThat(contradicting(memory, wrong, other, right)).containsExactly(wrong);
    assertThat(memory.requests("HAS")).isNotEmpty();
    assertThat(memory.requests("OPEN")).isEmpty();
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    Map<PlannedImage, TransferException> failures =
        new BlobSizes(memory, scheduler, 2).contradictions(List.of(wrong, right));

    assertThat(failures.get(wrong))
        .hasMessage(
            "its manifest says that " + base.digest() + " has 77 bytes; it has " + base.size());
    assertThat(failures.get(wrong).reason()).isEqualTo(FailureKind.CORRUPT);
  }

  /** A source that says yes, or nothing, to every size. */
  private static final class Unsure extends ForwardingImageSource {
    private final boolean answers;

    Unsure(ImageSource source, boolean answers) {
      super(source);
      this.answers = answers;
    }

    @Override
    public boolean has(Repository repository, Descriptor blob) throws IOException {
      if (!answers) {
        throw new IOException("out of order");
      }
      return true;
    }
  }

  @Test
  void theBytesDecideWhereTheSourceDoesNot() throws IOException {
    for (boolean answers : new boolean[] {true, false}) {
      assertThat(contradicting(new Unsure(memory, answers), wrong, right)).containsExactly(wrong);
      assertThat(contradicting(new Unsure(memory, answers), right, wrong)).containsExactly(wrong);
    }
    assertThat(memory.requests("OPEN")).isNotEmpty();
  }

  @Test
  void theFirstIsBelievedOfABlobThatCannotBeHad() throws IOException {
    memory.spoil("h.io/a/right", base.digest(), null);

    assertThat(contradicting(memory, wrong, right)).containsExactly(right);
    assertThat(contradicting(memory, right, wrong)).containsExactly(wrong);
  }

  /** Nobody needs to be asked: its bytes are here. */
  @Test
  void aManifestsSizeIsKnown() throws IOException {
    Manifest odd = images.artifact("application/x", "application/y", new byte[] {1});
    Manifest naming =
        images.altered(
            odd,
            odd.layers().getFirst().digest() + "\",\"size\":1",
            honest.digest() + "\",\"size\":3");
    PlannedImage naughty = images.plan("h.io/a/naughty:1", naming);

    assertThat(contradicting(memory, naughty, right)).containsExactly(naughty);
    assertThat(memory.requestCount()).isZero();
  }

  @Test
  void anImageMayContradictItself() throws IOException {
    Manifest twice =
        images.altered(
            images.image(TestImages.AMD64, images.layer("base", 1000), images.layer("base", 1000)),
            "\"size\":" + base.size() + "}]",
            "\"size\":78}]");

    assertThat(contradicting(memory, images.plan("h.io/a/twice:1", twice))).hasSize(1);
  }

  @Test
  void aStoppedRunEnds() {
    ImageSource stopping =
        new ForwardingImageSource(memory) {
          @Override
          public boolean has(Repository repository, Descriptor blob) throws IOException {
            Thread.currentThread().interrupt();
            throw new IOException("closed");
          }
        };

    assertThatThrownBy(() -> contradicting(stopping, right, wrong))
        .isInstanceOf(InterruptedIOException.class);
  }
}
