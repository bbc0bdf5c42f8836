package io.mirrorimages.archive.design;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.archive.layout.LayoutJson;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.layout.NamedImage;
import io.mirrorimages.archive.tar.TarLayout;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.PlannedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What goes into which volume. {@code -Dmirror-images.seed} repeats a failure. */
class VolumePackerTest {
  private static final long SEED = Long.getLong("mirror-images.seed", System.nanoTime());

  @Test
  void keepsItsPromisesForAnyPlan() throws TransferException {
    Random random = new Random(SEED);
    int several = 0;
    for (int round = 0; round < 100; round++) {
      List<PlannedImage> plan = Plans.any(random);
      long room = random.nextLong(80_000, 400_000);
      List<Batch> batches;
      try {
        batches = pack(plan, room);
      } catch (TransferException e) {
        assertThat(e.reason()).isEqualTo(FailureKind.OPTION);
        continue;
      }
      several += batches.size() > 1 ? 1 : 0;
      new Promises(plan, room, batches).check("-Dmirror-images.seed=" + SEED + " round " + round);
      assertThat(pack(plan, room)).as("the same again").isEqualTo(batches);
    }
    assertThat(several).as("plans of several volumes").isGreaterThan(30);
  }

  /** What holds of the volumes of any plan. */
  private record Promises(List<PlannedImage> plan, long room, List<Batch> batches) {

    void check(String round) throws TransferException {
      StoredBlobs stored = new StoredBlobs(plan, Set.of());
      List<NamedImage> named = NamedImage.of(plan);
      List<Digest> blobs = new ArrayList<>();
      List<NamedImage> homes = new ArrayList<>();
      for (Batch batch : batches) {
        assertThat(size(batch, stored)).as(round).isLessThanOrEqualTo(room);
        assertThat(batch.blobs()).as(round).isSubsetOf(stored.blobs().keySet());
        assertThat(stored.blobs().keySet().stream().filter(batch.blobs()::contains))
            .as("%s in plan order", round)
            .containsExactlyElementsOf(batch.blobs());
        assertThat(stored.manifests().keySet().stream().filter(batch.manifests()::contains))
            .as("%s in plan order", round)
            .containsExactlyElementsOf(batch.manifests());
        assertThat(named.stream().filter(batch.images()::contains))
            .as("%s in plan order", round)
            .containsExactlyElementsOf(batch.images());
        blobs.addAll(batch.blobs());
        homes.addAll(batch.images());
        for (NamedImage image : batch.images()) {
          assertThat(blobs).as("%s: none comes later", round).containsAll(digests(image));
        }
        for (NamedImage image : named) {
          if (batch.images().contains(image)
              || digests(image).stream().anyMatch(batch.blobs()::contains)) {
            assertThat(batch.manifests())
                .as("%s: manifests of what is here", round)
                .containsAll(image.image().manifests().stream().map(Manifest::digest).toList());
          }
        }
      }
      assertThat(blobs).as("%s: each blob once", round).doesNotHaveDuplicates();
      assertThat(blobs).as(round).containsExactlyInAnyOrderElementsOf(stored.blobs().keySet());
      assertThat(homes).as("%s: each image once", round).containsExactlyInAnyOrderElementsOf(named);
    }
  }

  private static List<Digest> digests(NamedImage image) {
    return image.image().blobs().stream().map(Descriptor::digest).toList();
  }

  /** In the tar, measured by its layout; what the indexes say of the images counts too. */
  private static long size(Batch batch, StoredBlobs stored) {
    TarLayout tar = new TarLayout();
    batch.manifests().forEach(d -> tar.append(LayoutNames.blob(d), stored.size(d)));
    batch.blobs().forEach(d -> tar.append(LayoutNames.blob(d), stored.size(d)));
    long index = LayoutJson.index(batch.images()).length() - LayoutJson.index(List.of()).length();
    long docker = LayoutJson.dockerManifest(batch.images(), batch.blobs()::contains).length() - 2;
    return tar.size() - TarLayout.END_MARKER + index + docker;
  }

  private static List<Batch> pack(List<PlannedImage> plan, long room) throws TransferException {
    return VolumePacker.pack(
        NamedImage.of(plan), new StoredBlobs(plan, Set.of()), room, room + 9_000);
  }

  private static PlannedImage image(String name, Descriptor... layers) {
    return Plans.image("a/" + name + ":1", Plans.manifest(name, layers));
  }

  private static List<String> names(Batch batch) {
    return batch.images().stream()
        .map(image -> image.name().repository().path().substring(2))
        .toList();
  }

  @Test
  void anythingThatFitsIsInOneVolume() throws TransferException {
    List<PlannedImage> plan = Plans.any(new Random(SEED));
    Batch all = Batch.of(NamedImage.of(plan), new StoredBlobs(plan, Set.of()));

    assertThat(pack(plan, 4_000_000)).containsExactly(all);
  }

  @Test
  void imagesOfOneBaseAreTogether() throws TransferException {
    Descriptor base = Plans.layer("base", 40_000);
    Descriptor other = Plans.layer("other", 40_000);

    List<Batch> batches =
        pack(
            List.of(
                image("one", base, Plans.layer("1", 9_000)),
                image("two", other, Plans.layer("2", 9_000)),
                image("three", base, Plans.layer("3", 9_000)),
                image("four", other, Plans.layer("4", 9_000))),
            80_000);

    assertThat(batches)
        .extracting(VolumePackerTest::names)
        .containsExactly(List.of("one", "three"), List.of("two", "four"));
  }

  /** Else the next image would take the room that theirs needs. */
  @Test
  void imagesOfOneBaseComeFirst() throws TransferException {
    Descriptor base = Plans.layer("base", 40_000);

    List<Batch> batches =
        pack(
            List.of(
                image("one", base, Plans.layer("1", 5_000)),
                image("two"),
                image("three", Plans.layer("3", 16_000)),
                image("four", base, Plans.layer("4", 14_000))),
            70_000);

    assertThat(batches)
        .extracting(VolumePackerTest::names)
        .containsExactly(List.of("one", "four"), List.of("two", "three"));
  }

  @Test
  void aVolumeIsFilledToItsLastByte() throws TransferException {
    PlannedImage one = image("one", Plans.layer("1", 50_000));
    List<PlannedImage> plan = List.of(one, Plans.image("a/again:1", one.top()));
    List<NamedImage> named = NamedImage.of(plan);
    EntrySize entries = new EntrySize();
    long exact =
        entries.of(one.top().digest(), one.top().bytes().length)
            + one.blobs().stream().mapToLong(b -> entries.of(b.digest(), b.size())).sum()
            + entries.inIndexes(named.getFirst())
            + entries.inIndexes(named.getLast());

    assertThat(pack(plan, exact)).hasSize(1);
    assertThat(pack(plan, exact - 1)).hasSize(2);
    long alone = exact - entries.inIndexes(named.getLast());
    assertThat(pack(List.of(one), alone)).hasSize(1);
    assertThat(pack(List.of(one), alone - 1)).as("what does not fit is split").hasSize(2);
  }

  /** Its parts fill gaps before the volume of what it shares, where nothing more goes in. */
  @Test
  void aSplitImageEndsInANewVolumeWhereAllOthersAreFull() throws TransferException {
    Descriptor shared = Plans.layer("shared", 64_500);
    PlannedImage split =
        image(
            "split",
            shared,
            Plans.layer("1", 18_000),
            Plans.layer("2", 18_000),
            Plans.layer("3", 18_000),
            Plans.layer("4", 18_000));
    List<PlannedImage> plan = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      plan.add(image("half" + i, Plans.layer("half" + i, 40_000)));
    }
    plan.add(image("full", shared));
    plan.add(split);

    List<Batch> batches = pack(plan, 70_000);

    assertThat(batches).hasSize(7);
    assertThat(names(batches.get(5))).containsExactly("full");
    assertThat(names(batches.get(6))).containsExactly("split");
    assertThat(batches.get(6).blobs()).isEmpty();
  }

  @Test
  void aSmallImageFillsWhatALargeOneLeft() throws TransferException {
    List<Batch> batches =
        pack(
            List.of(
                image("one", Plans.layer("1", 50_000)),
                image("two", Plans.layer("2", 50_000)),
                image("three", Plans.layer("3", 5_000))),
            70_000);

    assertThat(batches)
        .extracting(VolumePackerTest::names)
        .containsExactly(List.of("one", "three"), List.of("two"));
  }

  /** What it shares with a later volume keeps it from going into an earlier one. */
  @Test
  void anImageIsNotBeforeWhatItShares() throws TransferException {
    Descriptor shared = Plans.layer("shared", 50_000);
    List<Batch> batches =
        pack(
            List.of(
                image("one", Plans.layer("1", 50_000)),
                image("two", shared),
                image("three", Plans.layer("3", 5_000), shared)),
            70_000);

    assertThat(batches)
        .extracting(VolumePackerTest::names)
        .containsExactly(List.of("one"), List.of("two", "three"));
  }

  @Test
  void anImageLargerThanAVolumeIsSplitAndEndsWithItsLastBlob() throws TransferException {
    PlannedImage large =
        image(
            "large", Plans.layer("1", 50_000), Plans.layer("2", 50_000), Plans.layer("3", 10_000));

    List<Batch> batches = pack(List.of(large, image("small", Plans.layer("4", 1_000))), 70_000);

    assertThat(batches)
        .extracting(VolumePackerTest::names)
        .containsExactly(List.of("small"), List.of("large"));
    List<Digest> blobs = large.blobs().stream().map(Descriptor::digest).toList();
    assertThat(batches.getFirst().blobs()).contains(blobs.get(0), blobs.get(1), blobs.get(3));
    assertThat(batches.getLast().blobs()).containsExactly(blobs.get(2));
    assertThat(batches.getFirst().manifests()).contains(large.top().digest());
  }

  @Test
  void aBlobLargerThanAVolumeIsRefused() {
    Descriptor layer = Plans.layer("1", 70_000);

    assertThatThrownBy(() -> pack(List.of(image("one", layer)), 70_000))
        .isInstanceOf(TransferException.class)
        .hasMessage(
            layer.digest()
                + " of docker.io/a/one:1 has 70000 bytes and does not fit, with its manifests, into"
                + " a volume of 79000: give a larger {setting volume-size}");
  }

  /** An image whose blobs the base has still needs a place for its manifests. */
  @Test
  void anImageWithoutBlobsOfItsOwnHasAPlace() throws TransferException {
    List<PlannedImage> plan = List.of(image("one", Plans.layer("1", 50_000)));
    Set<Digest> elsewhere =
        Set.copyOf(plan.getFirst().blobs().stream().map(Descriptor::digest).toList());

    List<Batch> batches =
        VolumePacker.pack(NamedImage.of(plan), new StoredBlobs(plan, elsewhere), 10_000, 20_000);

    assertThat(batches)
        .containsExactly(
            new Batch(NamedImage.of(plan), Set.of(plan.getFirst().top().digest()), Set.of()));
  }

  @Test
  void anEmptyPlanHasNoVolumes() throws TransferException {
    assertThat(pack(List.of(), 70_000)).isEmpty();
  }
}
