package io.mirrorimages.archive.design;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.layout.InventoryJson;
import io.mirrorimages.archive.layout.LayoutJson;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.layout.NamedImage;
import io.mirrorimages.archive.tar.Region;
import io.mirrorimages.archive.tar.TarHeader;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.PlannedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where everything of an archive will be. {@code -Dmirror-images.seed} repeats a failure. */
class ArchiveDesignTest {
  private static final long SEED = Long.getLong("mirror-images.seed", System.nanoTime());
  private static final ArchiveSpec ONE_FILE = ArchiveSpec.of(Path.of("a.tar"));

  private final Descriptor base = Plans.layer("base", 40_000);
  private final PlannedImage one =
      Plans.image("a/one:1", Plans.manifest("one", base, Plans.layer("1", 9_000)));
  private final PlannedImage two =
      Plans.image("a/two:1", Plans.manifest("two", base, Plans.layer("2", 9_000)));
  private final PlannedImage three =
      Plans.image("a/three:1", Plans.manifest("three", Plans.layer("3", 30_000)));
  private final List<PlannedImage> plan = List.of(one, two, three);

  private static ArchiveSpec volumes(long size) {
    return new ArchiveSpec(Path.of("a.tar"), OptionalLong.of(size), Optional.empty(), false);
  }

  private static ArchiveSpec delta(Inventory base) {
    return new ArchiveSpec(Path.of("b.tar"), OptionalLong.empty(), Optional.of(base), false);
  }

  /** All files of a volume by name, JSON files first. */
  private static Map<String, Region> files(VolumeContents volume) {
    Map<String, Region> files = new LinkedHashMap<>();
    files.put(LayoutNames.LAYOUT, volume.layout());
    files.put(LayoutNames.INDEX, volume.index());
    files.put(LayoutNames.DOCKER_MANIFEST, volume.dockerManifest());
    files.put(LayoutNames.INVENTORY, volume.inventory());
    volume.blobs().forEach((digest, region) -> files.put(LayoutNames.blob(digest), region));
    return files;
  }

  /** One file follows the other, without a gap. */
  private static void assertIsTar(VolumeContents volume) {
    long end = 0;
    for (Map.Entry<String, Region> file : files(volume).entrySet()) {
      Region region = file.getValue();
      int header = TarHeader.of(file.getKey(), region.size()).length;
      assertThat(region).isEqualTo(new Region(end, header, region.size()));
      end = region.end();
    }
    assertThat(volume.size()).isEqualTo(end + 1024);
    assertThat(volume.sizes()).last().isEqualTo(volume.size());
  }

  private static long length(Inventory inventory) {
    return InventoryJson.of(inventory).length();
  }

  @Test
  void oneFileHasManifestsThenBlobsAtExactPlaces() throws TransferException {
    ArchiveDesign design = new ArchiveDesign(plan, ONE_FILE);
    VolumeContents file = design.volumes().getFirst();

    assertThat(design.volumes()).hasSize(1);
    assertThat(design.images()).isEqualTo(NamedImage.of(plan));
    assertIsTar(file);
    List<Digest> expected = new ArrayList<>();
    plan.forEach(image -> expected.add(image.top().digest()));
    for (PlannedImage image : plan) {
      image.blobs().stream()
          .map(Descriptor::digest)
          .filter(d -> !expected.contains(d))
          .forEach(expected::add);
    }
    assertThat(file.blobs().keySet()).containsExactlyElementsOf(expected);
    file.blobs().forEach((digest, region) -> assertThat(region.size()).isEqualTo(size(digest)));
    assertThat(file.layout().size()).isEqualTo(LayoutJson.layout().length());
    assertThat(file.index().size()).isEqualTo(LayoutJson.index(design.images()).length());
    assertThat(file.dockerManifest().size())
        .isEqualTo(LayoutJson.dockerManifest(design.images(), d -> true).length());
    assertThat(file.inventory().size())
        .isEqualTo(length(design.inventory(design.images(), 1).madeFor("any")));
    assertThat(design.size()).isEqualTo(file.size());
    assertThat(design.hasRoom()).isTrue();
  }

  private long size(Digest digest) {
    for (PlannedImage image : plan) {
      for (Manifest manifest : image.manifests()) {
        if (manifest.digest().equals(digest)) {
          return manifest.bytes().length;
        }
      }
      for (Descriptor blob : image.blobs()) {
        if (blob.digest().equals(digest)) {
          return blob.size();
        }
      }
    }
    throw new AssertionError(digest);
  }

  @Test
  void noVolumeOfAnyPlanIsLargerThanItMayBe() throws TransferException {
    Random random = new Random(SEED);
    for (int round = 0; round < 40; round++) {
      List<PlannedImage> any = Plans.any(random);
      long size = random.nextLong(120_000, 500_000);
      ArchiveDesign design;
      try {
        design = new ArchiveDesign(any, volumes(size));
      } catch (TransferException e) {
        assertThat(e.reason()).isEqualTo(FailureKind.OPTION);
        continue;
      }
      String seed = "-Dmirror-images.seed=" + SEED + " round " + round;
      long sum = 0;
      int number = 0;
      List<NamedImage> shown = new ArrayList<>();
      for (VolumeContents volume : design.volumes()) {
        number++;
        sum += volume.size();
        shown.addAll(volume.images());
        assertThat(volume.size()).as(seed).isLessThanOrEqualTo(size);
        assertIsTar(volume);
        assertThat(volume.hasRoom(volume.inventory().size())).as(seed).isTrue();
        assertThat(LayoutJson.index(volume.images()).length()).isEqualTo(volume.index().size());
        assertThat(length(design.inventory(design.images(), number).madeFor("x")))
            .as(seed)
            .isLessThanOrEqualTo(volume.inventory().size());
      }
      assertThat(design.size()).isEqualTo(sum);
      assertThat(shown).as(seed).containsExactlyInAnyOrderElementsOf(design.images());
      Inventory inventory = design.inventory(design.images(), 1);
      for (Inventory.Blob blob : inventory.blobs()) {
        VolumeContents volume = design.volumes().get(blob.volume() - 1);
        assertThat(volume.blobs()).as(seed).containsKey(blob.digest());
        assertThat(volume.blobs().get(blob.digest()).size()).isEqualTo(blob.size());
      }
      assertThat(inventory.volumes()).isEqualTo(design.volumes().size());
    }
  }

  @Test
  void aVolumeHasRoomForWhatTheArchiveSaysOfItself() throws TransferException {
    assertThatThrownBy(() -> new ArchiveDesign(plan, volumes(4_000)))
        .isInstanceOf(TransferException.class)
        .hasMessageMatching(
            "a volume of 4000 bytes is too small, [0-9]+ are needed to say what the archive has:"
                + " give a larger \\{setting volume-size}");

    // Beside what a file of nothing has, longer numbers and a block of padding for two indexes.
    long nothing = new ArchiveDesign(List.of(), ONE_FILE).size();
    assertThat(nothing).isEqualTo(5_120);
    assertThatThrownBy(() -> new ArchiveDesign(List.of(), volumes(nothing)))
        .hasMessageContaining((nothing + 1024) + " are needed");
    assertThatThrownBy(() -> new ArchiveDesign(List.of(), volumes(nothing + 1023)))
        .isInstanceOf(TransferException.class);
    assertThat(new ArchiveDesign(List.of(), volumes(nothing + 1024)).volumes()).isEmpty();
  }

  @Test
  void aManifestIsInTheFirstVolumeThatHasIt() throws TransferException {
    ArchiveDesign design = new ArchiveDesign(plan, volumes(64_000));
    Map<Digest, Inventory.Blob> blobs = design.inventory(design.images(), 2).byDigest();

    assertThat(design.volumes()).hasSizeGreaterThan(1);
    for (PlannedImage image : plan) {
      Digest manifest = image.top().digest();
      int first = 1;
      while (!design.volumes().get(first - 1).blobs().containsKey(manifest)) {
        first++;
      }
      assertThat(blobs.get(manifest).volume()).isEqualTo(first);
    }
    assertThat(design.inventory(List.of(), 2).volume()).isEqualTo(2);
  }

  @Test
  void theInventoryListsEachImageWithItsContents() throws TransferException {
    ArchiveDesign design = new ArchiveDesign(List.of(one, two, one), ONE_FILE);
    Inventory inventory = design.inventory(design.images(), 1);

    assertThat(inventory.images())
        .extracting(image -> image.name().toString())
        .containsExactly("docker.io/a/one:1", "docker.io/a/two:1");
    assertThat(inventory.images().getFirst().descriptor()).isEqualTo(one.top().descriptor());
    assertThat(inventory.images().getFirst().contents())
        .containsExactly(
            one.top().digest(),
            one.top().config().orElseThrow().digest(),
            base.digest(),
            Plans.layer("1", 9_000).digest());
    assertThat(inventory.blobs())
        .contains(new Inventory.Blob(base.digest(), 40_000, 1, Optional.empty()));
    assertThat(inventory.blobs()).hasSize(7);
    assertThat(design.inventory(design.images().subList(0, 1), 1).blobs()).hasSize(4);
  }

  @Test
  void aDeltaLeavesOutWhatItsBaseHas() throws TransferException {
    ArchiveDesign first = new ArchiveDesign(List.of(one), ONE_FILE);
    Inventory earlier = first.inventory(first.images(), 1).called("a.tar");

    ArchiveDesign delta = new ArchiveDesign(List.of(one, two), delta(earlier));
    Inventory inventory = delta.inventory(delta.images(), 1);

    assertThat(delta.isInBase(base.digest())).isTrue();
    assertThat(delta.isInBase(one.top().digest())).as("manifests are always there").isFalse();
    assertThat(delta.isInBase(Plans.layer("2", 9_000).digest())).isFalse();
    assertThat(delta.volumes().getFirst().blobs().keySet())
        .containsExactly(
            one.top().digest(),
            two.top().digest(),
            two.top().config().orElseThrow().digest(),
            Plans.layer("2", 9_000).digest());
    assertThat(inventory.byDigest().get(base.digest()))
        .isEqualTo(new Inventory.Blob(base.digest(), 40_000, 0, Optional.of(earlier.id())));
    assertThat(inventory.names()).containsEntry(earlier.id(), "a.tar");
    assertThat(inventory.images()).extracting(Inventory.Image::base).containsOnly(Optional.empty());
    Inventory other = new ArchiveDesign(List.of(two), delta(earlier)).inventory(List.of(), 1);
    assertThat(other.images())
        .extracting(Inventory.Image::base)
        .containsExactly(Optional.of(earlier.id()));
    assertThat(other.blobs()).hasSize(earlier.blobs().size());
  }

  @Test
  void theIdDependsOnAllThatDecidesTheBytes() throws TransferException {
    ArchiveDesign design = new ArchiveDesign(plan, ONE_FILE);
    Inventory inventory = design.inventory(design.images(), 1);
    Set<String> others =
        Set.of(
            id(List.of(one, two), ONE_FILE),
            id(List.of(two, one, three), ONE_FILE),
            id(List.of(one, two, Plans.image("a/three:2", three.top())), ONE_FILE),
            id(List.of(one, two, Plans.image("a/three:1", two.top())), ONE_FILE),
            id(plan, volumes(200_000)),
            id(plan, volumes(200_001)),
            id(plan, delta(inventory)));

    assertThat(id(plan, ONE_FILE)).isEqualTo(inventory.id()).isNotIn(others);
    assertThat(others).hasSize(7);
    assertThat(design.isIdOf(1, inventory.id())).isTrue();
    assertThat(others).noneMatch(id -> design.isIdOf(1, id));
  }

  private static String id(List<PlannedImage> plan, ArchiveSpec spec) throws TransferException {
    ArchiveDesign design = new ArchiveDesign(plan, spec);
    return design.inventory(design.images(), 1).id();
  }

  /** What was written stays where it is; what comes later goes behind it. */
  @Test
  void aFurtherStageChangesNoPlace() throws TransferException {
    Stages stages = new Stages(2, List.of(1));
    ArchiveDesign first = new ArchiveDesign(List.of(one), ONE_FILE, stages);
    ArchiveDesign second = new ArchiveDesign(plan, ONE_FILE, stages.then(2));
    VolumeContents before = first.volumes().getFirst();
    VolumeContents after = second.volumes().getFirst();

    assertIsTar(before);
    assertIsTar(after);
    assertThat(files(after)).containsAllEntriesOf(files(before));
    assertThat(List.copyOf(files(after).keySet()).subList(0, files(before).size()))
        .isEqualTo(List.copyOf(files(before).keySet()));
    assertThat(after.sizes()).containsExactly(before.size(), after.size());
    assertThat(after.images()).isEqualTo(second.images());
    assertThat(after.blobs()).containsKey(three.top().digest());
    assertThat(second.hasRoom()).isTrue();
    assertThat(second.isIdOf(1, first.inventory(first.images(), 1).id())).isTrue();
    assertThat(second.isIdOf(1, id(plan, ONE_FILE))).isTrue();
    assertThat(second.inventory(second.images(), 1).id()).isEqualTo(id(plan, ONE_FILE));
  }

  /**
   * What an earlier stage has is not stored again, and its volumes do not know of the later one.
   */
  @Test
  void inVolumesAFurtherStageGetsVolumesOfItsOwn() throws TransferException {
    Stages stages = new Stages(1, List.of(2));
    ArchiveDesign first = new ArchiveDesign(List.of(one, three), volumes(100_000), stages);
    ArchiveDesign both =
        new ArchiveDesign(List.of(one, three, two), volumes(100_000), stages.then(1));

    int before = first.volumes().size();
    assertThat(both.volumes()).hasSize(before + 1);
    for (int i = 0; i < before; i++) {
      assertThat(files(both.volumes().get(i))).isEqualTo(files(first.volumes().get(i)));
      assertThat(both.inventory(both.images(), i + 1))
          .isEqualTo(first.inventory(first.images(), i + 1));
      assertThat(both.isIdOf(i + 1, first.id())).isTrue();
      assertThat(both.isIdOf(i + 1, both.id())).isFalse();
    }
    VolumeContents last = both.volumes().getLast();
    assertIsTar(last);
    assertThat(last.blobs().keySet())
        .contains(two.top().digest(), Plans.layer("2", 9_000).digest())
        .doesNotContain(base.digest());
    Inventory inventory = both.inventory(both.images(), before + 1);
    assertThat(inventory.id()).isEqualTo(both.id()).isNotEqualTo(first.id());
    assertThat(inventory.continues()).containsExactly(first.id());
    assertThat(inventory.volumes()).isEqualTo(before + 1);
    assertThat(inventory.byDigest().get(base.digest()).volume()).isLessThanOrEqualTo(before);
    assertThat(length(inventory.madeFor("x"))).isLessThanOrEqualTo(last.inventory().size());
    assertThat(both.parts())
        .extracting(Part::first, Part::last)
        .containsExactly(tuple(1, before), tuple(before + 1, before + 1));
  }

  @Test
  void saysWhereAFurtherStageHasNoRoom() throws TransferException {
    ArchiveDesign crowded = new ArchiveDesign(plan, ONE_FILE, new Stages(0, List.of(1)).then(2));

    assertThat(crowded.hasRoom()).isFalse();
    VolumeContents file = crowded.volumes().getFirst();
    assertThat(file.hasRoom(file.inventory().size())).as("the index is full").isFalse();
    VolumeContents roomy =
        new ArchiveDesign(plan, ONE_FILE, new Stages(2, List.of(1)).then(2)).volumes().getFirst();
    assertThat(roomy.hasRoom(roomy.inventory().size())).isTrue();
    assertThat(roomy.hasRoom(roomy.inventory().size() + 1)).as("the inventory is full").isFalse();
  }

  /** Images that docker loads take more room there than others. */
  @Test
  void saysWhereTheDockerManifestHasNoRoom() throws TransferException {
    Descriptor[] layers = new Descriptor[120];
    for (int i = 0; i < layers.length; i++) {
      layers[i] = Plans.layer("l" + i, 1);
    }
    PlannedImage large = Plans.image("a/large:1", Plans.manifest("large", layers));
    VolumeContents file =
        new ArchiveDesign(List.of(one, large), ONE_FILE, new Stages(1, List.of(1)).then(1))
            .volumes()
            .getFirst();

    assertThat(file.dockerManifest(file.images()).length())
        .isGreaterThan(file.dockerManifest().size());
    assertThat(file.hasRoom(file.inventory().size())).isFalse();
  }

  @Test
  void volumesListOnlyTheImagesTheyComplete() throws TransferException {
    ArchiveDesign design = new ArchiveDesign(plan, volumes(64_000));
    VolumeContents last = design.volumes().getLast();

    assertThat(last.images()).isNotEmpty().isNotEqualTo(design.images());
    assertThat(design.hasRoom()).isTrue();
    // An image with a layer in another volume can't be loaded from this one alone.
    NamedImage elsewhere = design.volumes().getFirst().images().getFirst();
    assertThat(last.dockerManifest(List.of(elsewhere)).length()).isEqualTo(2);
  }

  @Test
  void withoutImagesThereIsAnEmptyFileAndNoVolume() throws TransferException {
    ArchiveDesign file = new ArchiveDesign(List.of(), ONE_FILE);
    ArchiveDesign none = new ArchiveDesign(List.of(), volumes(100_000));

    assertIsTar(file.volumes().getFirst());
    assertThat(file.images()).isEmpty();
    assertThat(none.volumes()).isEmpty();
    assertThat(none.size()).isZero();
    assertThat(none.hasRoom()).isTrue();
  }
}
