package io.mirrorimages.archive.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.engine.Verifier;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LayoutFolderTest {
  private static final Retries ONE_TRY = new Retries(0, Duration.ZERO);
  private static final MirrorOptions OPTIONS = new MirrorOptions(4, PlatformFilter.ALL, ONE_TRY);

  private final TestImages images = new TestImages();
  private final MemoryRegistry source = new MemoryRegistry();
  private final TestImages.Layer layer = images.layer("layer", 700_000);
  private final Manifest amd64 = images.image(TestImages.AMD64, layer);
  private final Manifest arm64 = images.image(TestImages.ARM64, images.layer("arm", 100));
  private final Manifest index = images.index(amd64, arm64);

  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void fillSource() {
    folder = temporary.resolve("layout");
    source.add(images, "rancher/a:1", index);
    source.add(images, "rancher/b:1", images.image(TestImages.AMD64, layer));
  }

  @Test
  void imagesArriveWithTheirBytesAndTheirNames() throws IOException {
    assertThat(save("rancher/a:1", "rancher/b:1"))
        .extracting(ImageResult::status)
        .containsOnly(Status.COPIED);

    try (ArchiveReader reader = read()) {
      assertThat(reader.images())
          .extracting(image -> image.name().toString())
          .containsExactlyInAnyOrder("docker.io/rancher/a:1", "docker.io/rancher/b:1");
      assertThat(reader.manifest(Reference.parse("rancher/a:1"))).isEqualTo(index);
    }
    assertWhole("rancher/a:1", "rancher/b:1");
    assertThat(names(folder)).containsExactlyInAnyOrder("oci-layout", "index.json", "blobs");
    assertThat(opened(layer.descriptor())).hasSize(1);
  }

  @Test
  void aSecondRunAddsAndMovesNothingTwice() throws IOException {
    save("rancher/a:1");
    source.forgetRequests();

    assertThat(save("rancher/a:1", "rancher/b:1"))
        .extracting(ImageResult::status)
        .containsExactlyInAnyOrder(Status.UNCHANGED, Status.COPIED);

    assertThat(opened(layer.descriptor())).isEmpty();
    assertWhole("rancher/a:1", "rancher/b:1");
  }

  @Test
  void aTagThatHasMovedIsReplacedAndNothingElse() throws IOException {
    save("rancher/a:1", "rancher/b:1");
    source.add(images, "rancher/a:1", arm64);

    assertThat(save("rancher/a:1")).extracting(ImageResult::status).containsOnly(Status.COPIED);

    try (ArchiveReader reader = read()) {
      assertThat(reader.images()).hasSize(2);
      assertThat(reader.resolve(Reference.parse("rancher/a:1"))).contains(arm64.digest());
    }
    assertWhole("rancher/b:1");
  }

  @Test
  void whatOtherToolsWroteIntoTheIndexStays() throws IOException {
    save("rancher/b:1");
    String entry =
        "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,\"annotations\":{\"org.opencontainers.image.ref.name\":\"v1\",\"x\":\"é\"}}"
            .formatted(amd64.mediaType(), amd64.digest(), amd64.bytes().length);
    Path json = folder.resolve("index.json");
    Files.writeString(
        json,
        Files.readString(json)
            .replace(
                "\"manifests\":[", "\"annotations\":{\"k\":\"v\"},\"manifests\":[" + entry + ","));

    save("rancher/a:1");

    assertThat(Files.readString(json)).contains(entry).contains("\"annotations\":{\"k\":\"v\"}");
    try (ArchiveReader reader = read()) {
      assertThat(reader.images()).hasSize(2);
      assertThat(reader.unnamed()).hasSize(1);
    }
  }

  @Test
  void aBlobThatBrokeOffIsContinuedAtItsEnd() throws IOException {
    byte[] content = images.content(layer.descriptor().digest());
    breakOff(Arrays.copyOf(content, 300_000));
    source.forgetRequests();

    assertThat(save("rancher/a:1")).extracting(ImageResult::status).containsOnly(Status.COPIED);

    assertThat(opened(layer.descriptor())).singleElement().asString().endsWith(" 300000");
    assertWhole("rancher/a:1");
    assertThat(names(folder)).doesNotContain("incomplete");
  }

  @Test
  void aBeginningThatIsWrongIsThrownAway() throws IOException {
    byte[] content = images.content(layer.descriptor().digest());
    content = Arrays.copyOf(content, 300_000);
    content[1000] ^= 1;
    breakOff(content);

    assertThat(save("rancher/a:1")).extracting(ImageResult::status).containsOnly(Status.COPIED);

    assertWhole("rancher/a:1");
  }

  /** As a line that breaks, or a run that is killed, leaves it. */
  private void breakOff(byte[] beginning) throws IOException {
    try (LayoutFolder target = LayoutFolder.open(folder);
        BlobUpload upload =
            target.begin(
                Reference.parse("rancher/a:1").repository(),
                layer.descriptor(),
                Optional.empty())) {
      InputStream broken =
          new SequenceInputStream(new ByteArrayInputStream(beginning), new Broken());
      assertThatThrownBy(() -> upload.send(broken)).isInstanceOf(EOFException.class);
    }
    assertThat(folder.resolve(LayoutNames.incomplete(layer.descriptor().digest())))
        .hasBinaryContent(beginning);
  }

  private static final class Broken extends InputStream {
    @Override
    public int read() throws IOException {
      throw new EOFException("broken");
    }
  }

  @Test
  void aBlobThatIsDamagedIsFetchedAgain() throws IOException {
    save("rancher/a:1");
    Path file = blob(layer.descriptor().digest());
    byte[] bytes = Files.readAllBytes(file);
    bytes[5] ^= 1;
    Files.write(file, bytes);
    source.forgetRequests();

    save("rancher/b:1");

    assertThat(opened(layer.descriptor())).hasSize(1);
    assertWhole("rancher/a:1", "rancher/b:1");
  }

  @Test
  void anImageOfWhichSomethingIsMissingIsNotUnchanged() throws IOException {
    save("rancher/a:1");
    Files.delete(blob(arm64.digest()));

    assertThat(save("rancher/a:1")).extracting(ImageResult::status).containsOnly(Status.COPIED);
    assertWhole("rancher/a:1");

    Files.write(blob(layer.descriptor().digest()), new byte[10]);

    assertThat(save("rancher/a:1")).extracting(ImageResult::status).containsOnly(Status.COPIED);
    assertWhole("rancher/a:1");
  }

  @Test
  void whatAKilledRunBroughtIsNamedWithoutFetchingIt() throws IOException {
    save("rancher/a:1");
    Files.delete(folder.resolve("index.json"));
    Files.writeString(folder.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[]}");
    Files.writeString(folder.resolve("index.json.new"), "{\"sche");
    source.forgetRequests();

    assertThat(save("rancher/a:1")).extracting(ImageResult::status).containsOnly(Status.COPIED);

    assertThat(source.requests("OPEN")).isEmpty();
    assertWhole("rancher/a:1");
  }

  @Test
  void anImageWithoutTagIsNamedByItsDigestAndItsPartsAreNot() throws IOException {
    String pinned = "rancher/a@" + index.digest();
    save(pinned);

    try (ArchiveReader reader = read()) {
      assertThat(reader.images())
          .extracting(image -> image.name().toString())
          .containsExactly("docker.io/" + pinned);
    }
    assertThat(save(pinned)).extracting(ImageResult::status).containsOnly(Status.UNCHANGED);
  }

  /** Names that come soon after each other are written together, without another one. */
  @Test
  void namesAreInTheIndexWhileTheFolderIsOpen() throws Exception {
    try (LayoutFolder target = LayoutFolder.open(folder);
        Mirror mirror = new Mirror(source, OPTIONS, RunListener.NONE)) {
      String pinned = "rancher/a@" + arm64.digest();
      Mirror.Transfer transfer =
          mirror.plan(requests("rancher/a:1", "rancher/b:1", pinned), target);
      target.expect(transfer.plan());
      transfer.carryOut();

      Path index = folder.resolve("index.json");
      List<String> names = List.of("rancher/a:1", "rancher/b:1", pinned);
      while (!names.stream().allMatch(Files.readString(index)::contains)) {
        Thread.sleep(10);
      }
      target.put(Reference.parse("rancher/c:1"), amd64);
    }
    assertWhole("rancher/a:1", "rancher/b:1", "rancher/c:1");
  }

  @Test
  void aPlanWritesNothing() throws IOException {
    try (LayoutFolder target = LayoutFolder.look(folder);
        Mirror mirror = new Mirror(source, OPTIONS, RunListener.NONE)) {
      assertThat(mirror.plan(requests("rancher/a:1"), target).plan().images()).hasSize(1);
      assertThatThrownBy(() -> target.put(Reference.parse("rancher/a:1"), index))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(folder).doesNotExist();

    save("rancher/a:1");
    try (LayoutFolder target = LayoutFolder.look(folder);
        Mirror mirror = new Mirror(source, OPTIONS, RunListener.NONE)) {
      assertThat(mirror.plan(requests("rancher/b:1"), target).plan().totals().toMove())
          .isLessThan(10_000);
    }
  }

  @Test
  void oneRunWritesAtATime() throws IOException {
    try (LayoutFolder first = LayoutFolder.open(folder)) {
      assertThat(first.keptBytes()).isZero();
      assertRefused("is being written by process");
    }
    LayoutFolder.open(folder).close();
  }

  @Test
  void aFolderOfSomethingElseIsLeftAlone() throws IOException {
    Files.createDirectory(folder);
    Files.writeString(folder.resolve("notes.txt"), "mine");

    assertRefused("is not empty, and no OCI image layout: give a new or an empty folder");
    assertThat(names(folder)).containsExactly("notes.txt");
  }

  @Test
  void anEmptyFolderIsTaken() throws IOException {
    Files.createDirectory(folder);

    save("rancher/b:1");

    assertWhole("rancher/b:1");
  }

  @Test
  void anUnpackedArchiveIsLeftAlone() throws IOException {
    Path archive = temporary.resolve("a.tar");
    PlannedImage image = images.plan("rancher/a:1", index);
    try (ArchiveWriter writer = ArchiveWriter.create(archive, List.of(image))) {
      images.store(image, writer);
      writer.finish(List.of(image));
    }
    Files.createDirectory(folder);
    unpack(archive);

    try (ArchiveReader reader = read()) {
      assertThat(reader.manifest(Reference.parse("rancher/a:1"))).isEqualTo(index);
    }
    assertRefused("is an unpacked archive, since it has mirror-images.json");
  }

  private void unpack(Path archive) throws IOException {
    try {
      assertThat(
              new ProcessBuilder("tar", "xf", archive.toString(), "-C", folder.toString())
                  .inheritIO()
                  .start()
                  .waitFor())
          .isZero();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void nothingIsWrittenThroughALink() throws IOException {
    save("rancher/b:1");
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    Files.createSymbolicLink(folder.resolve("incomplete"), elsewhere);

    assertThat(save("rancher/a:1")).extracting(ImageResult::status).containsOnly(Status.FAILED);
    assertThat(names(elsewhere)).isEmpty();

    Files.move(folder.resolve("blobs"), elsewhere.resolve("blobs"));
    Files.createSymbolicLink(folder.resolve("blobs"), elsewhere.resolve("blobs"));

    assertRefused("\"blobs\" is no regular file");
  }

  @Test
  void whatCanBeNoFolderIsSaid() throws IOException {
    Files.writeString(folder, "a file");

    assertRefused("is no folder: give the name of a new or an empty one");
    folder = temporary.resolve("missing/layout");
    assertRefused("the folder of " + folder + " does not exist: create it first");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> LayoutFolder.open(folder).close())
        .isInstanceOf(TransferException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  private List<ImageResult> save(String... names) throws IOException {
    try (LayoutFolder target = LayoutFolder.open(folder);
        Mirror mirror = new Mirror(source, OPTIONS, RunListener.NONE)) {
      Mirror.Transfer transfer = mirror.plan(requests(names), target);
      target.expect(transfer.plan());
      List<ImageResult> results = transfer.carryOut();
      target.finish();
      return results;
    }
  }

  private static List<ImageRequest> requests(String... names) {
    return Stream.of(names)
        .map(Reference::parse)
        .map(name -> new ImageRequest(name, name))
        .toList();
  }

  private ArchiveReader read() throws IOException {
    return ArchiveReader.openAll(List.of(new ImageLocation.OciLayout(folder)));
  }

  private void assertWhole(String... names) throws IOException {
    try (ArchiveReader reader = read();
        Verifier verifier = new Verifier(reader, true, 2, ONE_TRY, RunListener.NONE)) {
      assertThat(verifier.verify(requests(names)))
          .extracting(ImageResult::status)
          .containsOnly(Status.VERIFIED);
    }
  }

  private List<String> opened(Descriptor blob) {
    return source.requests("OPEN").stream()
        .filter(request -> request.contains(blob.digest().toString()))
        .toList();
  }

  private Path blob(Digest digest) {
    return folder.resolve(LayoutNames.blob(digest));
  }

  private static List<String> names(Path folder) throws IOException {
    assertThat(Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)).isTrue();
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(child -> child.getFileName().toString()).toList();
    }
  }
}
