package io.mirrorimages.archive.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeTest {
  private static final int STOP_AT = 2_500_000;
  private static final String KEY = "this list";

  @TempDir private Path folder;
  private final TestImages images = new TestImages();
  private final TestImages.Layer large = images.layer("large", 4_000_000);
  // The large one last: what is begun before it fails is brought in any case.
  private final Manifest image = images.image(TestImages.AMD64, images.layer("small", 1000), large);
  private final Manifest other = images.image(TestImages.ARM64, images.layer("other", 1000));
  private final MemoryRegistry source = new MemoryRegistry();
  private final BrokenLine brokenLine = new BrokenLine();
  private Path output;

  @BeforeEach
  void fill() {
    output = folder.resolve("a.tar");
    for (MemoryRegistry registry : List.of(source, brokenLine)) {
      registry.add(images, "rancher/a:1", image);
      registry.add(images, "rancher/b:1", other);
    }
  }

  @Test
  void goesOnAtTheByteWhereItStoppedAndMakesTheSameArchive() throws IOException {
    interrupt();
    source.forgetRequests();

    assertThat(resume(source)).extracting(ImageResult::status).containsOnly(Status.COPIED);

    assertThat(source.requests("OPEN"))
        .containsExactly("OPEN docker.io/rancher/a@" + large.descriptor().digest() + " " + STOP_AT);
    assertThat(source.requests("GET")).isEmpty();
    assertThat(output).hasSameBinaryContentAs(undisturbed());
    assertThat(ArchiveFileNames.ofOneFile(output).journal()).doesNotExist();
    assertThat(ArchiveFileNames.partial(output)).doesNotExist();
  }

  /** A stop interrupts the threads, and closes their connections. */
  @Test
  void aStoppedRunKeepsEveryByteThatCame() throws IOException {
    MemoryRegistry stopped =
        new MemoryRegistry() {
          @Override
          public InputStream open(Repository repository, Descriptor blob, long offset)
              throws IOException {
            byte[] first = super.open(repository, blob, offset).readNBytes(STOP_AT);
            return new SequenceInputStream(
                new java.io.ByteArrayInputStream(first),
                new InputStream() {
                  @Override
                  public int read() throws IOException {
                    if (first.length < STOP_AT) {
                      return -1;
                    }
                    Thread.currentThread().interrupt();
                    throw new TransferException(FailureKind.NETWORK, "the connection is closed");
                  }
                });
          }
        };
    stopped.add(images, "rancher/a:1", image);
    stopped.add(images, "rancher/b:1", other);
    long told;
    try (Mirror mirror = mirror(stopped)) {
      Plan plan = mirror.plan(requests());
      try (ArchiveWriter archive = ArchiveWriter.create(ArchiveSpec.of(output), plan, KEY)) {
        mirror.carryOut(plan, archive);
        told = archive.writtenBytes();
      }
    }

    long rest =
        image.blobs().stream().mapToLong(Descriptor::size).sum()
            + other.blobs().stream().mapToLong(Descriptor::size).sum()
            - large.descriptor().size();
    assertThat(UnfinishedArchive.find(ArchiveSpec.of(output)).orElseThrow().keptBytes())
        .isEqualTo(told)
        .isEqualTo(STOP_AT + rest);
    source.forgetRequests();
    resume(source);
    assertThat(source.requests("OPEN"))
        .containsExactly("OPEN docker.io/rancher/a@" + large.descriptor().digest() + " " + STOP_AT);
    assertThat(output).hasSameBinaryContentAs(undisturbed());
  }

  @Test
  void aRunThatRanOutOfMemoryIsGoneOnWith() throws IOException {
    MemoryRegistry tooMuch =
        new MemoryRegistry() {
          @Override
          public InputStream open(Repository repository, Descriptor blob, long offset)
              throws IOException {
            if (blob.digest().equals(large.descriptor().digest())) {
              throw new OutOfMemoryError("as if");
            }
            return super.open(repository, blob, offset);
          }
        };
    tooMuch.add(images, "rancher/a:1", image);
    tooMuch.add(images, "rancher/b:1", other);
    try (Mirror mirror = mirror(tooMuch)) {
      Plan plan = mirror.plan(requests());
      assertThatThrownBy(
              () -> {
                try (ArchiveWriter archive =
                    ArchiveWriter.create(ArchiveSpec.of(output), plan, KEY)) {
                  mirror.carryOut(plan, archive);
                }
              })
          .isInstanceOf(OutOfMemoryError.class);
    }

    assertThat(ArchiveFileNames.partial(output)).exists();
    assertThat(resume(source)).extracting(ImageResult::status).containsOnly(Status.COPIED);
    assertThat(output).hasSameBinaryContentAs(undisturbed());
  }

  @Test
  void keptBytesThatWentBadAreFetchedAgain() throws IOException {
    interrupt();
    try (RandomAccessFile file =
        new RandomAccessFile(ArchiveFileNames.partial(output).toFile(), "rw")) {
      for (long position = 0; position < file.length(); position += 100_000) {
        file.seek(position);
        int old = file.read();
        file.seek(position);
        file.write(old ^ 1);
      }
    }

    assertThat(resume(source)).extracting(ImageResult::status).containsOnly(Status.COPIED);
    try (ArchiveReader reader = ArchiveReader.open(output);
        InputStream layer =
            reader.open(new Repository("docker.io", "rancher/a"), large.descriptor(), 0)) {
      assertThat(Digest.sha256(layer.readAllBytes())).isEqualTo(large.descriptor().digest());
    }
  }

  @Test
  void noByteOfAPartialFileIsBelieved() throws IOException {
    interrupt();
    byte[] rubbish = new byte[(int) Files.size(ArchiveFileNames.partial(output))];
    Arrays.fill(rubbish, (byte) 0xff);
    Files.write(ArchiveFileNames.partial(output), rubbish);

    assertThat(resume(source)).extracting(ImageResult::status).containsOnly(Status.COPIED);

    assertThat(output).hasSameBinaryContentAs(undisturbed());
  }

  @Test
  void aJournalCutOffInTheMiddleOfALineCostsOnlyThatLine() throws IOException {
    interrupt();
    Files.writeString(
        ArchiveFileNames.ofOneFile(output).journal(), "have sha256:12", StandardOpenOption.APPEND);

    assertThat(UnfinishedArchive.find(ArchiveSpec.of(output))).isPresent();
    assertThat(resume(source)).extracting(ImageResult::status).containsOnly(Status.COPIED);
  }

  @Test
  void aJournalThatIsNoneIsNotGoneOnWith() throws IOException {
    interrupt();
    for (String text : List.of("", "{}", "nonsense", "{\"journal\":2,\"key\":\"x\"}\n", "\u0000")) {
      Files.writeString(ArchiveFileNames.ofOneFile(output).journal(), text);
      assertThat(UnfinishedArchive.find(ArchiveSpec.of(output))).as(text).isEmpty();
    }
    Files.delete(ArchiveFileNames.ofOneFile(output).journal());
    assertThat(UnfinishedArchive.find(ArchiveSpec.of(output))).isEmpty();
  }

  @Test
  void anArchiveWithoutItsPartialFileBeginsAnewWithThePinnedPlan() throws IOException {
    interrupt();
    Files.write(ArchiveFileNames.partial(output), new byte[0]);

    assertThat(resume(source)).extracting(ImageResult::status).containsOnly(Status.COPIED);
  }

  @Test
  void whatAFinishedArchiveLacksIsAddedByTheNextRun() throws IOException {
    try (Mirror mirror = mirror(brokenLine)) {
      Plan plan = mirror.plan(requests());
      try (ArchiveWriter archive = ArchiveWriter.create(ArchiveSpec.of(output), plan, KEY)) {
        mirror.carryOut(plan, archive);
        archive.finish(plan.images().stream().filter(i -> i.top().equals(other)).toList());
      }
    }
    try (ArchiveReader reader = ArchiveReader.open(output)) {
      assertThat(reader.images()).hasSize(1);
    }

    assertThat(resume(source)).extracting(ImageResult::status).containsOnly(Status.COPIED);

    try (ArchiveReader reader = ArchiveReader.open(output)) {
      assertThat(reader.images()).hasSize(2);
    }
    assertThat(UnfinishedArchive.find(ArchiveSpec.of(output))).isEmpty();
  }

  @Test
  void whatARunNotedBehindALineThatWasCutOffIsNotForgotten() throws IOException {
    interrupt();
    List<String> lines = Files.readAllLines(ArchiveFileNames.ofOneFile(output).journal());
    List<String> plan = lines.stream().filter(line -> !line.startsWith("have ")).toList();
    Files.writeString(
        ArchiveFileNames.ofOneFile(output).journal(),
        String.join("\n", plan).strip() + "\nhave sha256:12");
    assertThat(UnfinishedArchive.find(ArchiveSpec.of(output)).orElseThrow().keptBytes()).isZero();

    try (Journal journal = Journal.append(ArchiveFileNames.ofOneFile(output).journal())) {
      journal.have(large.descriptor().digest(), STOP_AT);
    }

    assertThat(UnfinishedArchive.find(ArchiveSpec.of(output)).orElseThrow().keptBytes())
        .isEqualTo(STOP_AT);
  }

  @Test
  void partsBehindAGapAreKeptUntilTheBlobIsThrownAway() throws IOException {
    interrupt();
    long before = UnfinishedArchive.find(ArchiveSpec.of(output)).orElseThrow().keptBytes();
    Digest blob = large.descriptor().digest();
    try (Journal journal = Journal.append(ArchiveFileNames.ofOneFile(output).journal())) {
      journal.havePart(blob, 3_000_000, 3_100_000);
      journal.havePart(blob, 3_000_000, 3_200_000);
      // Some of it twice.
      journal.have(blob, STOP_AT + 100);
    }
    Files.writeString(
        ArchiveFileNames.ofOneFile(output).journal(),
        "part " + blob + " 3500000",
        StandardOpenOption.APPEND);

    assertThat(UnfinishedArchive.find(ArchiveSpec.of(output)).orElseThrow().keptBytes())
        .isEqualTo(before + 200_000 + 100);

    try (Journal journal = Journal.append(ArchiveFileNames.ofOneFile(output).journal())) {
      journal.have(blob, 0);
      journal.have(blob, 7);
    }
    assertThat(UnfinishedArchive.find(ArchiveSpec.of(output)).orElseThrow().keptBytes())
        .isEqualTo(before - STOP_AT + 7);
  }

  @Test
  void partsBeyondTheEndOfTheBlobAreNotBelieved() throws IOException {
    interrupt();
    try (Journal journal = Journal.append(ArchiveFileNames.ofOneFile(output).journal())) {
      journal.havePart(large.descriptor().digest(), 3_000_000, Long.MAX_VALUE);
    }

    assertThat(resume(source)).extracting(ImageResult::status).containsOnly(Status.COPIED);
    assertThat(output).hasSameBinaryContentAs(undisturbed());
  }

  @Test
  void bytesThatAreNoTextInTheJournalCostOnlyTheirLine() throws IOException {
    interrupt();
    long before = UnfinishedArchive.find(ArchiveSpec.of(output)).orElseThrow().keptBytes();
    Files.write(
        ArchiveFileNames.ofOneFile(output).journal(),
        new byte[] {(byte) 0xff, (byte) 0xfe, 0},
        StandardOpenOption.APPEND);

    assertThat(UnfinishedArchive.find(ArchiveSpec.of(output)).orElseThrow().keptBytes())
        .isEqualTo(before);
  }

  @Test
  void aPlanThatWentBadInTheJournalIsNotCarriedOut() throws IOException {
    interrupt();
    byte[] journal = Files.readAllBytes(ArchiveFileNames.ofOneFile(output).journal());
    int end = new String(journal, StandardCharsets.ISO_8859_1).indexOf("\nhave ");
    for (int position = 0; position < end - 1; position += 7) {
      byte[] spoilt = journal.clone();
      spoilt[position] ^= 1;
      Files.write(ArchiveFileNames.ofOneFile(output).journal(), spoilt);
      assertThat(UnfinishedArchive.find(ArchiveSpec.of(output))).as("byte %d", position).isEmpty();
    }
  }

  @Test
  void aPartialFileOfAnotherSizeIsBegunAnew() throws IOException {
    for (int size : new int[] {1000, 10_000_000}) {
      interrupt();
      byte[] rubbish = new byte[size];
      Arrays.fill(rubbish, (byte) 'x');
      Files.write(ArchiveFileNames.partial(output), rubbish);

      assertThat(resume(source)).extracting(ImageResult::status).containsOnly(Status.COPIED);

      assertThat(output).hasSameBinaryContentAs(undisturbed());
      Files.delete(output);
    }
  }

  @Test
  void aRunThatLooksJustBeforeAnotherFinishesLeavesTheFinishedArchiveAlone() throws IOException {
    interrupt();
    UnfinishedArchive late = UnfinishedArchive.find(ArchiveSpec.of(output)).orElseThrow();
    resume(source);

    assertThatThrownBy(() -> ArchiveWriter.resume(ArchiveSpec.of(output), late))
        .hasMessageContaining("not overwritten");

    assertThat(output).hasSameBinaryContentAs(undisturbed());
    assertThat(ArchiveFileNames.partial(output)).doesNotExist();
  }

  @Test
  void anArchiveIsNotTakenFromTheRunThatIsJustGivingItItsName() throws IOException {
    interrupt();
    Files.move(ArchiveFileNames.partial(output), output);
    UnfinishedArchive earlier = UnfinishedArchive.find(ArchiveSpec.of(output)).orElseThrow();

    try (PositionalFile first = PositionalFile.forWriting(output)) {
      assertThat(first.size()).isPositive();
      assertThatThrownBy(() -> ArchiveWriter.resume(ArchiveSpec.of(output), earlier))
          .hasMessageContaining("is being written by another process");
    }

    assertThat(output).exists();
    assertThat(ArchiveFileNames.partial(output)).doesNotExist();
  }

  @Test
  void anotherFileInTheArchivesPlaceIsNotWrittenOver() throws IOException {
    interrupt();
    Files.delete(ArchiveFileNames.partial(output));
    Files.writeString(output, "something else");
    UnfinishedArchive earlier = UnfinishedArchive.find(ArchiveSpec.of(output)).orElseThrow();

    assertThatThrownBy(() -> ArchiveWriter.resume(ArchiveSpec.of(output), earlier))
        .hasMessageContaining("not overwritten");

    assertThat(output).hasContent("something else");
    assertThat(ArchiveFileNames.partial(output)).doesNotExist();
  }

  @Test
  void aPlanMadeAnewThatCannotBeNotedLeavesTheOldOneAndItsBytes() throws IOException {
    interrupt();
    byte[] before = Files.readAllBytes(ArchiveFileNames.partial(output));
    try (Mirror mirror = mirror(source)) {
      Plan plan = mirror.plan(requests());
      // A folder where the new journal's draft goes.
      Path draft = Files.createDirectory(folder.resolve("a.tar.journal.new"));
      assertThatThrownBy(() -> ArchiveWriter.create(ArchiveSpec.of(output), plan, KEY))
          .isInstanceOf(IOException.class);
      Files.delete(draft);
    }

    assertThat(ArchiveFileNames.partial(output)).hasBinaryContent(before);
    source.forgetRequests();
    assertThat(resume(source)).extracting(ImageResult::status).containsOnly(Status.COPIED);
    assertThat(source.requests("OPEN")).hasSize(1);
    assertThat(output).hasSameBinaryContentAs(undisturbed());
  }

  @Test
  void thePlanSaysWhatIsThereAlready() throws IOException {
    interrupt();

    UnfinishedArchive earlier = UnfinishedArchive.find(ArchiveSpec.of(output)).orElseThrow();

    assertThat(earlier.key()).isEqualTo(KEY);
    assertThat(earlier.plan().images()).hasSize(2);
    assertThat(earlier.plan().totals().atTarget())
        .isEqualTo(earlier.keptBytes())
        .isGreaterThan(STOP_AT);
  }

  /** The archive of a run that nothing happens to. */
  private Path undisturbed() throws IOException {
    Path whole = folder.resolve("whole.tar");
    Files.deleteIfExists(whole);
    try (Mirror mirror = mirror(source)) {
      Plan plan = mirror.plan(requests());
      try (ArchiveWriter archive = ArchiveWriter.create(ArchiveSpec.of(whole), plan, KEY)) {
        mirror.carryOut(plan, archive);
        archive.finish(plan.images());
      }
    }
    return whole;
  }

  /** A run that gets to the middle of the large layer and never further. */
  private void interrupt() throws IOException {
    try (Mirror mirror = mirror(brokenLine)) {
      Plan plan = mirror.plan(requests());
      try (ArchiveWriter archive = ArchiveWriter.create(ArchiveSpec.of(output), plan, KEY)) {
        assertThat(mirror.carryOut(plan, archive))
            .extracting(ImageResult::status)
            .contains(Status.FAILED);
      }
    }
    assertThat(output).doesNotExist();
  }

  private List<ImageResult> resume(MemoryRegistry from) throws IOException {
    UnfinishedArchive earlier = UnfinishedArchive.find(ArchiveSpec.of(output)).orElseThrow();
    try (Mirror mirror = mirror(from);
        ArchiveWriter archive = ArchiveWriter.resume(ArchiveSpec.of(output), earlier)) {
      List<ImageResult> results = mirror.carryOut(earlier.plan(), archive);
      archive.finish(earlier.plan().images());
      return results;
    }
  }

  private static Mirror mirror(MemoryRegistry source) {
    Retries retries = new Retries(0, Duration.ZERO);
    return new Mirror(source, new MirrorOptions(2, PlatformFilter.ALL, retries), RunListener.NONE);
  }

  private static List<ImageRequest> requests() {
    return Stream.of("rancher/a:1", "rancher/b:1")
        .map(Reference::parse)
        .map(name -> new ImageRequest(name, name))
        .toList();
  }

  /** Gives no byte of any blob beyond a certain one. */
  private static final class BrokenLine extends MemoryRegistry {
    @Override
    public InputStream open(Repository repository, Descriptor blob, long offset)
        throws IOException {
      InputStream whole = super.open(repository, blob, offset);
      if (blob.size() <= STOP_AT) {
        return whole;
      }
      byte[] first = whole.readNBytes((int) Math.max(0, STOP_AT - offset));
      return new SequenceInputStream(
          new java.io.ByteArrayInputStream(first),
          new InputStream() {
            @Override
            public int read() throws IOException {
              throw new TransferException(FailureKind.NETWORK, "the line is dead");
            }
          });
    }
  }
}
