package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.archive.write.UnfinishedArchive;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.TargetNaming;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes that a later run added to an archive, and how all of them are read together. */
class LaterVolumesTest {
  private static final MirrorOptions OPTIONS =
      new MirrorOptions(2, PlatformFilter.ALL, new Retries(0, Duration.ZERO));
  private static final String KEY = "this list";

  @TempDir private Path folder;
  private final TestImages images = new TestImages();
  private final TestImages.Layer base = images.layer("base", 30_000);
  private final MemoryRegistry source = new MemoryRegistry();
  private final MemoryRegistry target = new MemoryRegistry();
  private final Map<String, Manifest> made = new LinkedHashMap<>();
  private ArchiveSpec spec;

  /** Two volumes, then one with a late image, then one with another. */
  @BeforeEach
  void save() throws IOException {
    spec =
        new ArchiveSpec(folder.resolve("r.tar"), OptionalLong.of(90_000), Optional.empty(), false);
    add("rancher/one:1", base, images.layer("one", 40_000));
    add("rancher/two:1", images.layer("two", 60_000));
    begin("rancher/late:1", "rancher/later:1");
    add("rancher/late:1", base, images.layer("late", 10_000));
    extend("rancher/late:1");
    add("rancher/later:1", base, images.layer("late", 10_000), images.layer("later", 10_000));
    extend("rancher/later:1");
  }

  @Test
  void areNumberedBehindThoseThatWereThereAndDescribeThem() throws IOException {
    assertThat(spec.finished())
        .containsExactly(volume(1), volume(2), volume(3), volume(4))
        .allSatisfy(file -> assertThat(Files.size(file)).isLessThanOrEqualTo(90_000));
    Inventory first = inventory(1);
    Inventory late = inventory(3);
    Inventory later = inventory(4);
    assertThat(first.volumes()).isEqualTo(2);
    assertThat(late.volumes()).isEqualTo(3);
    assertThat(late.continues()).containsExactly(first.id());
    assertThat(later.volume()).isEqualTo(4);
    assertThat(later.continues()).containsExactly(first.id(), late.id());
    assertThat(later.images())
        .extracting(image -> image.name().repository().path(), Inventory.Image::base)
        .containsExactly(
            tuple("rancher/one", Optional.of(first.id())),
            tuple("rancher/two", Optional.of(first.id())),
            tuple("rancher/late", Optional.of(late.id())),
            tuple("rancher/later", Optional.empty()));
    assertThat(later.byDigest().get(base.descriptor().digest()).volume()).isEqualTo(1);
    assertThat(later.byDigest().get(images.layer("late", 10_000).descriptor().digest()).volume())
        .isEqualTo(3);
  }

  @Test
  void areReadTogetherInAnyOrder() throws IOException {
    for (List<Path> order : List.of(spec.finished(), spec.finished().reversed())) {
      try (ArchiveReader archive = ArchiveReader.open(order)) {
        assertThat(names(archive.images())).containsExactlyElementsOf(made.keySet());
        assertThat(archive.awaited()).isEmpty();
        assertThat(archive.missingVolumes()).isEmpty();
        assertThat(archive.indexFaults()).isZero();
        assertThat(archive.isMadeFor(KEY)).isTrue();
        assertThat(archive.lacksWanted()).isFalse();
        assertThat(archive.isMadeFor("another list")).isFalse();
        assertThat(archive.inventory().id()).isEqualTo(inventory(4).id());
      }
    }
    assertThat(load(spec.finished())).extracting(ImageResult::status).containsOnly(Status.COPIED);
    assertAllAtTarget();
  }

  @Test
  void areLoadedOneAfterTheOther() throws IOException {
    for (Path volume : spec.finished()) {
      load(List.of(volume));
    }

    assertAllAtTarget();
    assertThat(target.requests("UPLOAD")).doesNotHaveDuplicates();
  }

  @Test
  void oneThatIsMissingIsNamedAndWaitedFor() throws IOException {
    List<Path> without = List.of(volume(1), volume(2), volume(4));
    try (ArchiveReader archive = ArchiveReader.open(without)) {
      assertThat(archive.missingVolumes()).containsExactly("volume 3 of 4");
      assertThat(archive.incompleteVolumes())
          .containsExactly("volume 1 of 4", "volume 2 of 4", "volume 4 of 4");
      assertThat(names(archive.awaited())).containsExactly("rancher/late:1");
    }

    List<ImageResult> results = load(without);

    assertThat(results.stream().filter(r -> r.status() == Status.WAITING))
        .hasSize(2)
        .allSatisfy(
            result -> {
              assertThat(result.reason()).contains(FailureKind.VOLUME);
              assertThat(result.message()).contains("volume 3 of 4");
            });
    assertThat(results.stream().filter(r -> r.status() == Status.COPIED)).hasSize(2);
  }

  @Test
  void aLaterVolumeAloneKnowsOfAllBeforeIt() throws IOException {
    try (ArchiveReader archive = ArchiveReader.open(volume(4))) {
      assertThat(archive.missingVolumes())
          .containsExactly("volume 1 of 4", "volume 2 of 4", "volume 3 of 4");
      assertThat(names(archive.awaited()))
          .containsExactly("rancher/one:1", "rancher/two:1", "rancher/late:1");
    }
  }

  @Test
  void oneOfTheFirstThatIsMissingIsNamedAndItsImagesAreWaitedFor() throws IOException {
    try (ArchiveReader archive = ArchiveReader.open(List.of(volume(4), volume(3), volume(1)))) {
      assertThat(archive.missingVolumes()).containsExactly("volume 2 of 4");
      assertThat(names(archive.awaited())).containsExactly("rancher/two:1");
    }
  }

  /** What is finished can't know of it; but it does not say that it has everything. */
  @Test
  void withoutThemTheFirstOnesDoNotClaimToHaveAllThatWasWanted() throws IOException {
    try (ArchiveReader archive = ArchiveReader.open(List.of(volume(1), volume(2)))) {
      assertThat(archive.missingVolumes()).isEmpty();
      assertThat(archive.isMadeFor(KEY)).isFalse();
      assertThat(archive.lacksWanted()).isTrue();
    }
  }

  @Test
  void aDeltaOnTopOfThemLeavesOutWhatAllHave() throws IOException {
    add("rancher/next:1", base, images.layer("later", 10_000), images.layer("next", 100));
    ArchiveSpec delta =
        new ArchiveSpec(
            folder.resolve("d.tar"),
            OptionalLong.empty(),
            Optional.of(inventory(4).called("r-0004.tar")),
            false);
    source.forgetRequests();
    try (Mirror mirror = new Mirror(source, OPTIONS, RunListener.NONE)) {
      Plan plan = mirror.plan(requests("rancher/next:1"));
      try (ArchiveWriter archive = ArchiveWriter.create(delta, plan, KEY)) {
        mirror.carryOut(plan, archive);
        archive.finish(plan.images());
      }
    }

    // A config and a layer of its own.
    assertThat(source.requests("OPEN")).hasSize(2);
    List<Path> all = new ArrayList<>(spec.finished());
    all.add(delta.output());
    assertThat(load(all)).extracting(ImageResult::status).containsOnly(Status.COPIED);
    assertAllAtTarget();
    try (ArchiveReader archive =
        ArchiveReader.open(List.of(delta.output(), volume(1), volume(2)))) {
      assertThat(archive.missingVolumes()).isEmpty();
      assertThat(names(archive.images())).contains("rancher/next:1", "rancher/one:1");
    }
  }

  @Test
  void volumesThatContradictTheEarlierOnesAreRefused() throws IOException {
    Inventory first = inventory(1);
    Inventory.Image stolen = first.images().getFirst();
    Manifest other = images.image(TestImages.AMD64, images.layer("other", 10));
    Descriptor top = other.descriptor();
    Inventory.Blob blob = new Inventory.Blob(top.digest(), top.size(), 3, Optional.empty());
    String id = "0123456789abcdef";
    Inventory otherDigest =
        new Inventory(
            id,
            3,
            3,
            List.of(
                new Inventory.Image(
                    stolen.name(), top, List.of(top.digest()), Optional.of(first.id()))),
            List.of(blob),
            Optional.empty(),
            Map.of(),
            List.of(first.id()));
    Inventory sameVolume =
        new Inventory(
            id, 2, 3, List.of(), List.of(), Optional.empty(), Map.of(), List.of(first.id()));
    for (Inventory bad : List.of(otherDigest, sameVolume)) {
      Path file =
          TarBuilder.layout()
              .blob(other.bytes())
              .file(LayoutNames.INVENTORY, bad.toJson())
              .writeTo(folder.resolve("bad.tar"));
      assertThatThrownBy(() -> ArchiveReader.open(List.of(volume(1), volume(2), file)).close())
          .isInstanceOf(TransferException.class)
          .hasMessageContaining("which contradicts it");
      Files.delete(file);
    }
  }

  private Path volume(int number) {
    return spec.file(number);
  }

  @Test
  void noSumIsWrittenOverAnEarlierOneThatIsDamaged() throws IOException {
    Path sums = folder.resolve("SHA256SUMS");
    spec =
        new ArchiveSpec(folder.resolve("s.tar"), OptionalLong.of(90_000), Optional.empty(), false);
    begin("rancher/last:1");
    add("rancher/last:1", images.layer("last", 10_000));
    Path added = spec.file(spec.finished().size() + 1);
    Files.delete(sums);
    byte[] whole = Files.readAllBytes(volume(1));
    byte[] damaged = whole.clone();
    damaged[whole.length / 2] ^= 1;
    Files.write(volume(1), damaged);

    assertThatThrownBy(() -> extend("rancher/last:1"))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining(volume(1) + " is damaged in sha256:")
        .hasMessageContaining("no checksum");
    assertThat(sums)
        .content()
        .contains(added.getFileName().toString())
        .doesNotContain("s-0001.tar");
  }

  private Inventory inventory(int number) throws IOException {
    return InventoryFile.read(volume(number));
  }

  private void add(String name, TestImages.Layer... layers) {
    Manifest manifest = images.image(TestImages.AMD64, layers);
    made.put(name, manifest);
    source.add(images, name, manifest);
  }

  private static List<ImageRequest> requests(String... names) {
    return List.of(names).stream()
        .map(Reference::parse)
        .map(name -> new ImageRequest(name, name))
        .toList();
  }

  /** Saves what there is, without {@code lost}, which could not be planned. */
  private void begin(String... lost) throws IOException {
    try (Mirror mirror = new Mirror(source, OPTIONS, RunListener.NONE)) {
      Plan plan = mirror.plan(requests(made.keySet().toArray(new String[0]))).with(failed(lost));
      try (ArchiveWriter archive = ArchiveWriter.create(spec, plan, KEY)) {
        mirror.carryOut(plan, archive);
        archive.finish(plan.images());
      }
    }
  }

  /** Adds an image that can be planned now; what is still lost stays so. */
  private void extend(String late) throws IOException {
    UnfinishedArchive earlier = UnfinishedArchive.find(spec).orElseThrow();
    List<ImageResult> lost =
        earlier.plan().settled().stream()
            .filter(r -> !r.request().equals(requests(late).getFirst()))
            .toList();
    try (Mirror mirror = new Mirror(source, OPTIONS, RunListener.NONE)) {
      Plan plan = mirror.plan(requests(late));
      UnfinishedArchive grown = earlier.with(plan.images(), lost, spec).orElseThrow();
      try (ArchiveWriter archive = ArchiveWriter.resume(spec, grown)) {
        assertThat(mirror.carryOut(plan, archive))
            .extracting(ImageResult::status)
            .containsOnly(Status.COPIED);
        archive.finish(plan.images());
      }
    }
  }

  private static List<ImageResult> failed(String... names) {
    return requests(names).stream()
        .map(
            request ->
                ImageResult.failed(
                    request,
                    Optional.empty(),
                    new TransferException(FailureKind.MISSING, "not there yet")))
        .toList();
  }

  private List<ImageResult> load(List<Path> files) throws IOException {
    TargetNaming naming =
        name ->
            Reference.parse(
                "registry.example.com/"
                    + name.repository().path()
                    + name.tag().map(tag -> ":" + tag).orElse(""));
    try (ArchiveReader reader = ArchiveReader.open(files);
        Mirror mirror = new Mirror(reader, OPTIONS, RunListener.NONE)) {
      List<ImageRequest> requests = new ArrayList<>();
      for (List<ArchivedImage> some : List.of(reader.images(), reader.awaited())) {
        for (ArchivedImage image : some) {
          requests.add(new ImageRequest(image.name(), naming.of(image.name())));
        }
      }
      return mirror.plan(requests, target.asTarget(), naming).carryOut();
    }
  }

  private static List<String> names(List<ArchivedImage> images) {
    return images.stream()
        .map(image -> image.name().repository().path() + ":" + image.name().tag().orElse(""))
        .toList();
  }

  private void assertAllAtTarget() {
    assertThat(made)
        .allSatisfy(
            (name, manifest) ->
                assertThat(target.shown("registry.example.com/" + name))
                    .hasValueSatisfying(m -> assertThat(m.digest()).isEqualTo(manifest.digest())));
  }
}
