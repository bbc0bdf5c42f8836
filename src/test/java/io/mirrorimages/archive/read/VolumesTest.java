package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.archive.design.ArchiveDesign;
import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.design.VolumeContents;
import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.layout.NamedImage;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.archive.write.UnfinishedArchive;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.TargetNaming;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.engine.Verifier;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.TestImages.Layer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class VolumesTest {
  private static final MirrorOptions OPTIONS =
      new MirrorOptions(4, PlatformFilter.ALL, new Retries(0, Duration.ZERO));
  private static final int CAPACITY = 100_000;

  @TempDir Path folder;
  private Path output;

  private final TestImages images = new TestImages();
  private final MemoryRegistry source = new MemoryRegistry();
  private final MemoryRegistry target = new MemoryRegistry();
  private final Map<String, Manifest> made = new LinkedHashMap<>();

  @BeforeEach
  void chooseOutput() {
    output = folder.resolve("rancher.tar");
  }

  @Test
  void eachVolumeIsALayoutOfItsOwnWithinTheSize() throws IOException {
    List<Path> volumes = saveSix();

    assertThat(volumes).hasSizeGreaterThan(2);
    assertThat(volumes.getFirst().getFileName()).hasToString("rancher-0001.tar");
    Set<String> named = new HashSet<>();
    for (Path volume : volumes) {
      assertThat(Files.size(volume)).isLessThanOrEqualTo(CAPACITY);
      try (ArchiveReader alone = ArchiveReader.open(volume)) {
        ArchiveVolume scanned =
            ArchiveVolume.open(new ImageLocation.OciArchive(volume), Optional.empty());
        scanned.scan().index().named().forEach(image -> named.add(image.name().toString()));
        scanned.close();
        assertThat(alone.inventory().volumes()).isEqualTo(volumes.size());
      }
    }
    assertThat(named).hasSize(6);
  }

  @Test
  void whatWasWrittenTellsItsInventoryWithoutAScan() throws IOException {
    for (Path volume : saveSix()) {
      assertThat(InventoryFile.ofWritten(volume)).isEqualTo(InventoryFile.read(volume));
    }
    Path other = new TarBuilder().file("oci-layout", "{}").writeTo(folder.resolve("other.tar"));
    assertThatThrownBy(() -> InventoryFile.ofWritten(other))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("other.tar has no inventory");
  }

  @Test
  void storesEachBlobOnceAndLoadsAllVolumesTogetherInAnyOrder() throws IOException {
    List<Path> volumes = new ArrayList<>(saveSix());
    Collections.reverse(volumes);

    Map<Digest, Integer> places = new HashMap<>();
    for (Path path : volumes) {
      try (ArchiveVolume volume =
          ArchiveVolume.open(new ImageLocation.OciArchive(path), Optional.empty())) {
        volume.scan().blobs().keySet().forEach(digest -> places.merge(digest, 1, Integer::sum));
      }
    }
    made.values().stream()
        .flatMap(manifest -> manifest.blobs().stream())
        .forEach(blob -> assertThat(places).containsEntry(blob.digest(), 1));
    assertThat(load(volumes)).extracting(ImageResult::status).containsOnly(Status.COPIED);
    assertAllAtTarget();
  }

  @Test
  void loadsVolumesOneAtATimeInAnyOrder() throws IOException {
    List<Path> volumes = saveSix();
    Random random = new Random(7);
    for (int round = 0; round < 5; round++) {
      List<Path> order = new ArrayList<>(volumes);
      Collections.shuffle(order, random);
      MemoryRegistry fresh = new MemoryRegistry();
      List<ImageResult> last = List.of();
      for (Path volume : order) {
        last = load(List.of(volume), fresh);
      }
      assertThat(made)
          .allSatisfy(
              (name, manifest) ->
                  assertThat(fresh.shown("registry.example.com/" + name))
                      .hasValueSatisfying(
                          m -> assertThat(m.digest()).isEqualTo(manifest.digest())));
      // The last one knows that the others are done.
      assertThat(last)
          .hasSize(6)
          .extracting(ImageResult::status)
          .isSubsetOf(Status.COPIED, Status.UNCHANGED);
      // What was sent once is not sent again.
      assertThat(fresh.requests("UPLOAD")).doesNotHaveDuplicates();
    }
  }

  @Test
  void saysWhichVolumeAnImageStillNeeds() throws IOException {
    List<Path> volumes = saveSix();

    List<ImageResult> results = load(List.of(volumes.getLast()));

    assertThat(results).hasSize(6);
    List<ImageResult> failed = results.stream().filter(r -> r.status() == Status.WAITING).toList();
    assertThat(failed).isNotEmpty();
    assertThat(failed)
        .allSatisfy(
            result -> {
              assertThat(result.reason()).contains(FailureKind.VOLUME);
              assertThat(result.message()).containsPattern("volume [0-9] of " + volumes.size());
            });
  }

  @Test
  void splitsOnlyAnImageThatIsLargerThanAVolume() throws IOException {
    add("rancher/large:1", layer("l1", 60_000), layer("l2", 60_000), layer("l3", 60_000));
    add("rancher/small:1", layer("s", 10_000));
    List<Path> volumes = save(spec(CAPACITY, Optional.empty()), made.keySet());

    assertThat(volumes).hasSize(3);
    for (Path volume : volumes) {
      load(List.of(volume));
    }
    assertAllAtTarget();
  }

  @Test
  void refusesABlobThatIsLargerThanAVolumeAndNamesIt() {
    Layer large = layer("large", 120_000);
    add("rancher/large:1", large);

    assertThatThrownBy(() -> save(spec(CAPACITY, Optional.empty()), made.keySet()))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining(large.descriptor().digest().toString())
        .hasMessageContaining("{setting volume-size}");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void namesADoubledVolumeAForeignOneAndOneOfAnotherTool() throws IOException {
    List<Path> volumes = saveSix();
    Path copy = Files.copy(volumes.getFirst(), folder.resolve("copy.tar"));
    assertThatThrownBy(() -> ArchiveReader.open(List.of(volumes.getFirst(), copy)))
        .hasMessageContaining("copy.tar")
        .hasMessageContaining("volume 1 of")
        .hasMessageContaining("rancher-0001.tar");

    add("rancher/other:1", layer("other", 100));
    Path other = folder.resolve("other.tar");
    save(ArchiveSpec.of(other), Set.of("rancher/other:1"));
    try (ArchiveReader both = ArchiveReader.open(List.of(volumes.getFirst(), other))) {
      assertThat(both.images()).anyMatch(i -> i.name().toString().contains("rancher/other"));
      assertThat(both.missingVolumes()).isNotEmpty().noneMatch(v -> v.contains("volume 1 of 1"));
    }

    add("rancher/other:1", layer("something else", 100));
    Path changed = folder.resolve("changed.tar");
    save(ArchiveSpec.of(changed), Set.of("rancher/other:1"));
    assertThatThrownBy(() -> ArchiveReader.open(List.of(changed, other)))
        .hasMessageContaining("rancher/other:1 is one image in")
        .hasMessageContaining("one after the other");
  }

  @Test
  void writesChecksumsOfItsVolumesBesideThoseOfOthers() throws Exception {
    Files.writeString(folder.resolve("SHA256SUMS"), "0".repeat(64) + "  other.iso\n");
    List<Path> volumes = saveSix();

    List<String> lines = Files.readAllLines(folder.resolve("SHA256SUMS"));
    assertThat(lines).hasSize(volumes.size() + 1).first().asString().endsWith("  other.iso");
    Files.write(folder.resolve("ours"), lines.subList(1, lines.size()));
    Process check =
        new ProcessBuilder("sha256sum", "-c", "ours")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(check.waitFor()).isZero();
  }

  @Test
  void theSamePlanGivesTheSameVolumes() throws IOException {
    List<Path> first = saveSix();
    Path again = Files.createDirectory(folder.resolve("again")).resolve("other-name.tar");
    List<Path> second =
        save(
            new ArchiveSpec(again, OptionalLong.of(CAPACITY), Optional.empty(), false),
            made.keySet());

    assertThat(second).hasSameSizeAs(first);
    for (int i = 0; i < first.size(); i++) {
      assertThat(Files.mismatch(first.get(i), second.get(i))).isEqualTo(-1);
    }
  }

  @Test
  void packsAnyPlanWithinTheSizeAndCompletable() throws IOException {
    long seed = Long.getLong("mirror-images.seed", System.nanoTime());
    System.out.println("VolumesTest: -Dmirror-images.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      packsWithinTheSizeAndCompletable(random, "seed " + seed + " round " + round);
    }
  }

  private void packsWithinTheSizeAndCompletable(Random random, String name) throws IOException {
    TestImages any = new TestImages();
    MemoryRegistry registry = new MemoryRegistry();
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      layers.add(any.layer("layer" + i, random.nextInt(30_000)));
    }
    List<ImageRequest> requests = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(25); i++) {
      Collections.shuffle(layers, random);
      Manifest image =
          any.image(TestImages.AMD64, layers.subList(0, random.nextInt(6)).toArray(new Layer[0]));
      if (random.nextInt(3) == 0) {
        image = any.index(image, any.image(TestImages.ARM64, layers.get(10)));
      }
      registry.add(any, "any/image" + i + ":1", image);
      Reference reference = Reference.parse("any/image" + i + ":1");
      requests.add(new ImageRequest(reference, reference));
    }
    // A layer, and JSON files of 25 images that are all indexes: up to 50 kB.
    long size = 90_000 + random.nextInt(100_000);
    try (Mirror mirror = new Mirror(registry, OPTIONS, RunListener.NONE)) {
      Plan plan = mirror.plan(requests);
      ArchiveSpec spec = new ArchiveSpec(output, OptionalLong.of(size), Optional.empty(), false);
      ArchiveDesign design = new ArchiveDesign(plan.images(), spec);
      Map<Digest, Integer> volumeOf = new HashMap<>();
      for (int i = 0; i < design.volumes().size(); i++) {
        VolumeContents volume = design.volumes().get(i);
        assertThat(volume.size()).as(name).isLessThanOrEqualTo(size);
        for (NamedImage image : volume.images()) {
          image
              .image()
              .manifests()
              .forEach(m -> assertThat(volume.blobs()).containsKey(m.digest()));
        }
        for (Digest blob : volume.blobs().keySet()) {
          volumeOf.merge(blob, i, Math::max);
        }
      }
      List<NamedImage> homed = new ArrayList<>();
      for (int i = 0; i < design.volumes().size(); i++) {
        for (NamedImage image : design.volumes().get(i).images()) {
          homed.add(image);
          for (Descriptor blob : image.image().blobs()) {
            assertThat(volumeOf.get(blob.digest())).as(name).isLessThanOrEqualTo(i);
          }
        }
      }
      assertThat(homed).as(name).containsExactlyInAnyOrderElementsOf(design.images());
      // Every volume with a blob of an image can complete it.
      for (NamedImage image : design.images()) {
        for (Descriptor blob : image.image().blobs()) {
          VolumeContents volume =
              design.volumes().stream()
                  .filter(v -> v.blobs().containsKey(blob.digest()))
                  .findFirst()
                  .orElseThrow();
          assertThat(volume.blobs()).as(name).containsKey(image.image().top().digest());
        }
      }
    }
  }

  @Test
  void goesOnWithVolumesThatWereInterrupted() throws IOException {
    sixImages();
    ArchiveSpec spec = spec(CAPACITY, Optional.empty());
    List<Path> expected = save(spec, made.keySet());
    Map<Path, byte[]> whole = new HashMap<>();
    for (Path volume : expected) {
      whole.put(volume, Files.readAllBytes(volume));
      Files.delete(volume);
    }
    try (Mirror mirror = new Mirror(source, OPTIONS, RunListener.NONE)) {
      Plan plan = mirror.plan(requests(made.keySet()));
      Plan part = new Plan(plan.images().subList(0, 3), List.of(), plan.totals());
      try (ArchiveWriter archive = ArchiveWriter.create(spec, plan, "key")) {
        mirror.carryOut(part, archive);
      }
    }
    source.forgetRequests();

    UnfinishedArchive earlier = UnfinishedArchive.find(spec).orElseThrow();
    try (Mirror mirror = new Mirror(source, OPTIONS, RunListener.NONE);
        ArchiveWriter archive = ArchiveWriter.resume(spec, earlier)) {
      mirror.carryOut(earlier.plan(), archive);
      archive.finish(earlier.plan().images());
    }

    assertThat(source.requests("OPEN").size()).isLessThan(8);
    whole.forEach((path, bytes) -> assertThat(path).hasBinaryContent(bytes));
    assertThat(folder.resolve("rancher.tar.journal")).doesNotExist();
  }

  @Test
  void aDeltaLeavesOutWhatItsBaseHasAndLoadsOnTopOfIt() throws IOException {
    Path full = folder.resolve("full.tar");
    Layer base = layer("base", 50_000);
    add("rancher/a:1", base, layer("a1", 100));
    add("rancher/same:1", base);
    save(ArchiveSpec.of(full), Set.of("rancher/a:1", "rancher/same:1"));
    Layer fresh = layer("a2", 200);
    add("rancher/a:2", base, fresh);
    add("rancher/b:1", base);
    Path delta = folder.resolve("delta.tar");
    save(
        deltaSpec(delta, InventoryFile.read(full)),
        Set.of("rancher/a:2", "rancher/b:1", "rancher/same:1"));
    assertThat(Files.size(delta)).isLessThan(50_000);

    load(List.of(full));
    assertThat(load(List.of(delta)))
        .extracting(ImageResult::status)
        .containsOnly(Status.COPIED, Status.UNCHANGED);
    assertAllAtTarget();
    String digest = base.descriptor().digest().toString();
    assertThat(target.requests("UPLOAD")).filteredOn(r -> r.contains(digest)).hasSize(1);
  }

  @Test
  void aDeltaSendsNothingOfAnImageWhoseBaseIsNotAtTheTargetAndListsWhatIsMissing()
      throws IOException {
    Path full = folder.resolve("full.tar");
    Layer base = layer("base", 50_000);
    add("rancher/a:1", base);
    save(ArchiveSpec.of(full), Set.of("rancher/a:1"));
    add("rancher/a:2", base, layer("a2", 200));
    made.put("rancher/free:1", images.image(TestImages.AMD64, layer("free", 200)));
    source.add(images, "rancher/free:1", made.get("rancher/free:1"));
    Path delta = folder.resolve("delta.tar");
    Inventory inventory = InventoryFile.read(full);
    save(deltaSpec(delta, inventory), Set.of("rancher/a:2", "rancher/free:1"));

    Map<String, ImageResult> results = new HashMap<>();
    load(List.of(delta))
        .forEach(r -> results.put(r.request().source().toString().replace("docker.io/", ""), r));

    assertThat(results.get("rancher/free:1").status()).isEqualTo(Status.COPIED);
    assertThat(results.get("rancher/a:2").message())
        .contains(base.descriptor().digest().toString())
        .contains(inventory.id());
    assertThat(target.requests("UPLOAD")).noneMatch(r -> r.contains("rancher/a"));
  }

  @Test
  void deltasFormChains() throws IOException {
    Path full = folder.resolve("full.tar");
    Path first = folder.resolve("first.tar");
    Path second = folder.resolve("second.tar");
    Layer one = layer("one", 40_000);
    Layer two = layer("two", 40_000);
    add("rancher/a:1", one);
    save(ArchiveSpec.of(full), Set.of("rancher/a:1"));
    add("rancher/a:2", one, two);
    // Only the inventory, as a file of its own, is needed.
    Path inventory = folder.resolve("inv.json");
    Files.write(inventory, InventoryFile.read(full).toJson());
    save(deltaSpec(first, InventoryFile.read(inventory)), Set.of("rancher/a:2"));
    add("rancher/b:3", one, two, layer("three", 100));
    save(deltaSpec(second, InventoryFile.read(first)), Set.of("rancher/b:3"));
    assertThat(Files.size(second)).isLessThan(30_000);

    for (Path archive : List.of(full, first, second)) {
      assertThat(load(List.of(archive)))
          .extracting(ImageResult::status)
          .containsOnly(Status.COPIED);
    }
    assertAllAtTarget();

    MemoryRegistry together = new MemoryRegistry();
    assertThat(load(List.of(second, full, first), together))
        .extracting(ImageResult::status)
        .containsOnly(Status.COPIED);
    assertThat(together.shown("registry.example.com/rancher/b:3")).isPresent();
  }

  /**
   * The id depends on what was planned. So an archive that an image is missing from is named in a
   * delta as the one that a later run completed, which may take its place on the far side; the
   * other way round what is missing is found when it is loaded.
   */
  @Test
  void anArchiveThatLacksAnImageHasTheIdOfTheWholeOne() throws IOException {
    Layer lost = layer("lost", 50_000);
    add("rancher/a:1", layer("a", 50_000));
    add("rancher/b:1", lost);
    Path whole = folder.resolve("whole.tar");
    Path part = folder.resolve("part.tar");
    save(ArchiveSpec.of(whole), made.keySet());
    savePart(part, "rancher/a:1");
    Inventory ofPart = InventoryFile.read(part);
    Inventory ofWhole = InventoryFile.read(whole);
    assertThat(ofPart.id()).isEqualTo(ofWhole.id());
    assertThat(ofPart.purpose()).isEmpty();
    assertThat(ofPart.byDigest()).doesNotContainKey(lost.descriptor().digest());
    assertThatThrownBy(() -> ArchiveReader.open(List.of(whole, part)))
        .hasMessageContaining("give one of them");

    add("rancher/b:2", lost, layer("b2", 100));
    Path small = folder.resolve("small.tar");
    save(deltaSpec(small, ofWhole), Set.of("rancher/b:2"));
    load(List.of(part));
    assertThat(load(List.of(small)))
        .filteredOn(result -> result.request().source().toString().endsWith("b:2"))
        .singleElement()
        .satisfies(
            result -> {
              assertThat(result.status()).isEqualTo(Status.WAITING);
              assertThat(result.message()).contains(lost.descriptor().digest().toString());
            });

    Path large = folder.resolve("large.tar");
    save(deltaSpec(large, ofPart), Set.of("rancher/b:2"));
    assertThat(Files.size(large)).isGreaterThan(50_000);
    load(List.of(large));
    load(List.of(whole));
    assertAllAtTarget();
  }

  /** Saves all that is made, where only one image can be brought. */
  private void savePart(Path part, String name) throws IOException {
    try (Mirror mirror = new Mirror(source, OPTIONS, RunListener.NONE)) {
      Plan plan = mirror.plan(requests(made.keySet()));
      List<PlannedImage> brought =
          plan.images().stream()
              .filter(image -> image.request().equals(requests(Set.of(name)).getFirst()))
              .toList();
      try (ArchiveWriter archive = ArchiveWriter.create(ArchiveSpec.of(part), plan, "key")) {
        mirror.carryOut(new Plan(brought, plan.settled(), plan.totals()), archive);
        archive.finish(brought);
      }
    }
  }

  @Test
  void aDeltaIsVerifiedWithoutItsBaseAndAVolumeNotWithoutTheOthers() throws IOException {
    Path full = folder.resolve("full.tar");
    Layer base = layer("base", 50_000);
    add("rancher/a:1", base);
    save(ArchiveSpec.of(full), Set.of("rancher/a:1"));
    add("rancher/a:2", base, layer("a2", 200));
    Path delta = folder.resolve("delta.tar");
    save(deltaSpec(delta, InventoryFile.read(full)), Set.of("rancher/a:2"));

    assertThat(verify(List.of(delta)))
        .extracting(ImageResult::status)
        .containsOnly(Status.VERIFIED);

    made.clear();
    List<Path> volumes = saveSix();
    assertThat(verify(volumes)).extracting(ImageResult::status).containsOnly(Status.VERIFIED);
    assertThat(verify(volumes.subList(1, volumes.size())))
        .filteredOn(r -> r.status() == Status.WAITING)
        .isNotEmpty()
        .allSatisfy(r -> assertThat(r.message()).contains("volume 1 of"));
  }

  @Test
  void anIndexThatLostOrGainedAnImageIsToldAndNotFollowed() throws IOException {
    sixImages();
    save(ArchiveSpec.of(output), made.keySet());
    String whole = new String(Files.readAllBytes(output), StandardCharsets.ISO_8859_1);
    int index = whole.indexOf("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX);
    int end = whole.indexOf(",{", index);
    int second = whole.indexOf(",{", end + 1);

    String lost = whole.substring(0, end) + " ".repeat(second - end) + whole.substring(second);
    Files.write(output, lost.getBytes(StandardCharsets.ISO_8859_1));
    try (ArchiveReader archive = ArchiveReader.open(output)) {
      assertThat(archive.indexFaults()).isEqualTo(1);
      assertThat(archive.images()).hasSize(6);
    }

    String renamed =
        whole.substring(0, index)
            + whole.substring(index, second).replace("rancher/base0:1", "rancher/evil0:1")
            + whole.substring(second);
    Files.write(output, renamed.getBytes(StandardCharsets.ISO_8859_1));
    try (ArchiveReader archive = ArchiveReader.open(output)) {
      assertThat(archive.indexFaults()).isEqualTo(1);
      assertThat(archive.images()).hasSize(6).noneMatch(i -> i.toString().contains("evil"));
    }
  }

  @Test
  void anInventoryIsMadeForArchivesOfOtherTools() throws IOException {
    sixImages();
    save(ArchiveSpec.of(output), made.keySet());
    try (ArchiveReader archive = ArchiveReader.open(output)) {
      Inventory own = archive.inventory();
      Inventory taken = new InventoryBuilder(archive).inventory();
      assertThat(taken.blobs().stream().map(Inventory.Blob::digest))
          .containsExactlyInAnyOrderElementsOf(
              own.blobs().stream().map(Inventory.Blob::digest).toList());
      assertThat(taken.images()).hasSameSizeAs(own.images());
    }
  }

  @Test
  void overwritesOnlyWhenToldAndWhenTheNewOneIsWhole() throws IOException {
    add("rancher/a:1", layer("a", 1000));
    save(ArchiveSpec.of(output), made.keySet());
    byte[] old = Files.readAllBytes(output);
    add("rancher/b:1", layer("b", 1000));
    assertThatThrownBy(() -> save(ArchiveSpec.of(output), made.keySet()))
        .hasMessageContaining("{setting overwrite}");

    ArchiveSpec overwriting = new ArchiveSpec(output, OptionalLong.empty(), Optional.empty(), true);
    try (Mirror mirror = new Mirror(source, OPTIONS, RunListener.NONE)) {
      Plan plan = mirror.plan(requests(made.keySet()));
      try (ArchiveWriter archive = ArchiveWriter.create(overwriting, plan, "key")) {
        mirror.carryOut(plan, archive);
        assertThat(output).hasBinaryContent(old);
      }
      assertThat(output).hasBinaryContent(old);
      UnfinishedArchive earlier = UnfinishedArchive.find(overwriting).orElseThrow();
      try (ArchiveWriter archive = ArchiveWriter.resume(overwriting, earlier)) {
        mirror.carryOut(earlier.plan(), archive);
        archive.finish(earlier.plan().images());
      }
    }
    assertThat(load(List.of(output))).hasSize(2);
    assertAllAtTarget();
  }

  @Test
  void overwritingVolumesLeavesNoneOfTheOldOnes() throws IOException {
    List<Path> volumes = saveSix();
    made.clear();
    add("rancher/only:1", layer("only", 1000));
    save(new ArchiveSpec(output, OptionalLong.of(CAPACITY), Optional.empty(), true), made.keySet());

    assertThat(volumes.getFirst()).exists();
    assertThat(volumes.subList(1, volumes.size())).noneMatch(Files::exists);
  }

  private List<Path> saveSix() throws IOException {
    sixImages();
    return save(spec(CAPACITY, Optional.empty()), made.keySet());
  }

  private void sixImages() {
    Layer base = layer("base", 30_000);
    Layer other = layer("other", 20_000);
    for (int i = 0; i < 3; i++) {
      add("rancher/base" + i + ":1", base, layer("b" + i, 30_000));
      add("rancher/other" + i + ":1", other, layer("o" + i, 30_000));
    }
  }

  private Layer layer(String name, int size) {
    return images.layer(name, size);
  }

  private void add(String name, Layer... layers) {
    Manifest manifest =
        images.index(images.image(TestImages.AMD64, layers), images.image(TestImages.ARM64));
    made.put(name, manifest);
    source.add(images, name, manifest);
  }

  private ArchiveSpec spec(long volumeSize, Optional<Inventory> base) {
    return new ArchiveSpec(output, OptionalLong.of(volumeSize), base, false);
  }

  private static ArchiveSpec deltaSpec(Path output, Inventory base) {
    return new ArchiveSpec(output, OptionalLong.empty(), Optional.of(base), false);
  }

  private static List<ImageRequest> requests(Set<String> names) {
    return names.stream()
        .map(Reference::parse)
        .map(reference -> new ImageRequest(reference, reference))
        .toList();
  }

  private List<Path> save(ArchiveSpec spec, Set<String> names) throws IOException {
    try (Mirror mirror = new Mirror(source, OPTIONS, RunListener.NONE)) {
      Plan plan = mirror.plan(requests(names));
      try (ArchiveWriter archive = ArchiveWriter.create(spec, plan, "key")) {
        List<ImageResult> results = mirror.carryOut(plan, archive);
        assertThat(results).extracting(ImageResult::status).containsOnly(Status.COPIED);
        archive.finish(plan.images());
      }
      assertThat(spec.finished().stream().mapToLong(f -> f.toFile().length()).sum())
          .isEqualTo(ArchiveWriter.sizeOf(plan.images(), spec));
    }
    return spec.finished();
  }

  private List<ImageResult> load(List<Path> files) throws IOException {
    return load(files, target);
  }

  private List<ImageResult> load(List<Path> files, MemoryRegistry registry) throws IOException {
    TargetNaming naming =
        name -> Reference.parse("registry.example.com/" + name.repository().path() + rest(name));
    try (ArchiveReader reader = ArchiveReader.open(files);
        Mirror mirror = new Mirror(reader, OPTIONS, RunListener.NONE)) {
      List<ImageRequest> requests = new ArrayList<>();
      for (ArchivedImage image : reader.images()) {
        requests.add(new ImageRequest(image.name(), naming.of(image.name())));
      }
      for (ArchivedImage image : reader.awaited()) {
        requests.add(new ImageRequest(image.name(), naming.of(image.name())));
      }
      return mirror.plan(requests, registry.asTarget(), naming).carryOut();
    }
  }

  private static String rest(Reference name) {
    return name.tag().map(t -> ":" + t).orElse("") + name.digest().map(d -> "@" + d).orElse("");
  }

  private List<ImageResult> verify(List<Path> files) throws IOException {
    try (ArchiveReader reader = ArchiveReader.open(files);
        Verifier verifier = new Verifier(reader, true, 2, OPTIONS.retries(), RunListener.NONE)) {
      List<ImageRequest> requests = new ArrayList<>();
      reader.images().forEach(i -> requests.add(new ImageRequest(i.name(), i.name())));
      reader.awaited().forEach(i -> requests.add(new ImageRequest(i.name(), i.name())));
      return verifier.verify(requests);
    }
  }

  private void assertAllAtTarget() {
    assertThat(made)
        .allSatisfy(
            (name, manifest) ->
                assertThat(target.shown("registry.example.com/" + name))
                    .hasValueSatisfying(m -> assertThat(m.digest()).isEqualTo(manifest.digest())));
  }
}
