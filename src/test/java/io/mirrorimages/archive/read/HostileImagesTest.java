package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.engine.Verifier;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.TestImages.Layer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Well-formed archives that lie about their images, on their way to a registry: what lies is
 * refused by itself, what is honest beside it arrives.
 */
@Timeout(120)
class HostileImagesTest {
  private static final Retries ONCE = new Retries(0, Duration.ZERO);
  private static final String HONEST = "docker.io/rancher/honest:1";

  private final TestImages images = new TestImages();
  private final Layer layer = images.layer("layer", 1000);
  private final Manifest honest = images.image(TestImages.AMD64, layer);
  private final MemoryRegistry target = new MemoryRegistry();
  private final TarBuilder tar = new TarBuilder().file("oci-layout", TarBuilder.LAYOUT);
  private final List<String> entries = new ArrayList<>();

  @TempDir Path folder;

  @Test
  void indexesWithoutEnd() throws IOException {
    Manifest nested = images.index(honest);
    store(nested);
    for (int depth = 0; depth < 3000; depth++) {
      nested = images.index(nested);
      store(nested);
    }
    name("docker.io/rancher/bad:1", nested.descriptor());

    assertRefused(FailureKind.CORRUPT, "indexes are nested more than 4 deep");
  }

  /** Sixty-four thousand paths lead to one image. */
  @Test
  void indexesThatNameEachOtherManyTimesAreReadOnce() throws IOException {
    Manifest wide = honest;
    for (int depth = 0; depth < 3; depth++) {
      Manifest[] children = new Manifest[40];
      Arrays.fill(children, wide);
      wide = images.index(children);
      store(wide);
    }
    name("docker.io/rancher/wide:1", wide.descriptor());
    Manifest large = images.image(TestImages.ARM64, images.layer("large", 1_000_000));
    store(large);
    large.blobs().forEach(blob -> tar.blob(images.content(blob.digest())));
    name("docker.io/rancher/large:1", large.descriptor());
    try (ArchiveReader reader = open()) {
      List<Reference> first = List.of(Reference.parse("rancher/wide:1"), Reference.parse(HONEST));
      assertThat(load(reader, first)).extracting(ImageResult::status).containsOnly(Status.COPIED);
      assertThat(target.requests("PUT")).hasSize(1 + 1 + 3);

      // What is at the target is looked through for blobs that can be mounted.
      target.forgetRequests();
      assertThat(load(reader))
          .extracting(ImageResult::status)
          .containsExactlyInAnyOrder(Status.UNCHANGED, Status.UNCHANGED, Status.COPIED);
      assertThat(target.requests("GET")).hasSize(1 + 1 + 3);
    }
  }

  @Test
  void aBlobThatIsNotItsDigest() throws IOException {
    byte[] wrong = images.content(layer.descriptor().digest()).clone();
    wrong[500] ^= 1;
    Manifest other = images.image(TestImages.ARM64, images.layer("other", 1000));
    Descriptor blob = other.layers().getFirst();
    tar.file(LayoutNames.blob(blob.digest()), Arrays.copyOf(wrong, (int) blob.size()));
    store(other);
    tar.blob(images.content(other.config().orElseThrow().digest()));
    name("docker.io/rancher/bad:1", other.descriptor());

    assertRefused(FailureKind.CORRUPT, blob.digest().toString());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 10_000_000_000L, Long.MAX_VALUE})
  void aManifestThatClaimsAnotherSize(long size) throws IOException {
    String layers =
        json(new Descriptor(layer.descriptor().mediaType(), layer.descriptor().digest(), size));
    String config = json(honest.config().orElseThrow());
    Manifest bad = manifest("{\"config\":" + config + ",\"layers\":[" + layers + "]}");
    name("docker.io/rancher/bad:1", bad.descriptor());
    try (ArchiveReader reader = open()) {
      ImageResult loaded = load(reader).stream().filter(HostileImagesTest::isBad).findFirst().get();
      assertThat(loaded.reason()).contains(FailureKind.CORRUPT);
      assertThat(loaded.message()).contains(layer.descriptor().digest().toString()).hasLineCount(1);
      assertThat(target.shown("docker.io/rancher/bad:1")).isEmpty();

      assertThat(verify(reader))
          .extracting(ImageResult::status)
          .containsExactly(Status.FAILED, Status.VERIFIED);
    }
  }

  @Test
  void anIndexThatClaimsAnotherSizeOrTypeOfItsImageIsOfNoHarm() throws IOException {
    Descriptor lie = new Descriptor(MediaTypes.DOCKER_MANIFEST, honest.digest(), 5);
    Manifest odd = manifest("{\"manifests\":[" + json(lie) + "]}");
    name("docker.io/rancher/odd:1", odd.descriptor());
    try (ArchiveReader reader = open()) {
      assertThat(load(reader)).extracting(ImageResult::status).containsOnly(Status.COPIED);
      assertThat(target.shown("docker.io/rancher/odd:1")).contains(odd);
      assertThat(verify(reader)).extracting(ImageResult::status).containsOnly(Status.VERIFIED);
      assertThat(Inspection.of(reader).images())
          .hasSize(2)
          .allSatisfy(item -> assertThat(item.fault()).isEmpty());
    }
  }

  @Test
  void oneOddImageDoesNotHideTheOthersFromInspection() throws IOException {
    Manifest bad =
        manifest(
            "{\"manifests\":["
                + json(
                    new Descriptor(
                        MediaTypes.OCI_MANIFEST,
                        layer.descriptor().digest(),
                        layer.descriptor().size()))
                + "]}");
    name("docker.io/rancher/bad:1", bad.descriptor());
    try (ArchiveReader reader = open()) {
      assertThat(Inspection.of(reader).images())
          .extracting(item -> item.fault().isPresent())
          .containsExactlyInAnyOrder(false, true);
    }
  }

  @Test
  void anIndexOfWhatIsNoManifest() throws IOException {
    Descriptor blob = layer.descriptor();
    Descriptor lie = new Descriptor(MediaTypes.OCI_MANIFEST, blob.digest(), blob.size());
    Manifest bad = manifest("{\"manifests\":[" + json(lie) + "]}");
    name("docker.io/rancher/bad:1", bad.descriptor());

    assertRefused(FailureKind.CORRUPT, "not JSON");
  }

  @Test
  void anIndexOfWhatIsNotThere() throws IOException {
    Manifest bad = images.index(images.image(TestImages.ARM64));
    store(bad);
    name("docker.io/rancher/bad:1", bad.descriptor());

    assertRefused(FailureKind.MISSING, "has no manifest sha256:");
  }

  /** What has such a name can't be asked for, and is never put anywhere. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../etc/passwd:1",
        "docker.io/../rancher/x:1",
        "docker.io/rancher/../../x:1",
        "docker.io/rancher/x:../../y",
        "docker.io/rancher/x:1/../../blobs",
        "docker.io/rancher/x:1?ns=evil",
        "docker.io/rancher/x:1#y",
        "docker.io/rancher/%2e%2e/x:1",
        "docker.io//rancher/x:1",
        "/docker.io/rancher/x:1",
        "docker.io/Rancher/x:1",
        "user:password@docker.io/rancher/x:1",
        "http://docker.io/rancher/x:1",
        "docker.io:99999/rancher/x:1",
        "docker.io/rancher/x:1\\n",
        "docker.io/rancher/x\\u0000:1",
        "docker.io/rancher/x\\u202e:1",
        "docker.io/rancher/x :1",
        "docker.io/rancher/x:1@sha256:abc",
      })
  void hostileNamesAreNoNames(String name) throws IOException {
    name(name, honest.descriptor());
    try (ArchiveReader reader = open()) {
      assertThat(reader.images()).extracting(i -> i.name().toString()).containsExactly(HONEST);
      assertThat(reader.unnamed()).containsExactly(honest.descriptor());
      load(reader);
    }
    assertThat(target.requests("PUT")).containsExactly("PUT " + HONEST);
  }

  @Test
  void onlyWhatWasAskedForIsPut() throws IOException {
    name("docker.io/rancher/shell:v1", honest.descriptor());
    name("evil.example.com/rancher/shell:v1", honest.descriptor());
    name("docker.io/rancher/shell@" + honest.digest(), honest.descriptor());
    try (ArchiveReader reader = open()) {
      assertThat(reader.images()).hasSize(4);
      load(reader, List.of(Reference.parse("rancher/shell:v1")));
    }
    assertThat(target.requests("PUT")).containsExactly("PUT docker.io/rancher/shell:v1");
    assertThat(target.requests("UPLOAD")).allMatch(r -> r.contains("docker.io/rancher/shell@"));
  }

  /** Docker and RKE2 read the one list, containerd and we the other. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CONFIG | rancher/honest:1            | LAYER               |",
        "CONFIG | docker.io/rancher/honest:1  | LAYER               |",
        "OTHER  | docker.io/rancher/honest:1  | LAYER               | to another image",
        "CONFIG | docker.io/rancher/honest:1  | LAYER','LAYER       | to another image",
        "CONFIG | docker.io/rancher/honest:1  | ../../../etc/passwd | which is no blob",
        "x.json | docker.io/rancher/honest:1  | LAYER               | which is no blob",
        "CONFIG | docker.io/rancher/unknown:1 | LAYER               | to another image",
        "CONFIG | rancher/honest:1','a:1:1    | LAYER               | not a",
        "CONFIG | ','layers':'                | LAYER               | has the key",
      })
  void manifestJsonSaysWhatTheIndexSays(String config, String tags, String layers, String because)
      throws IOException {
    Layer other = images.layer("other", 10);
    tar.blob(images.content(other.descriptor().digest()));
    String json =
        ("[{'Config':'" + config + "','RepoTags':['" + tags + "'],'Layers':['" + layers + "']}]")
            .replace("['','layers':'']", "[],'layers':''")
            .replace("CONFIG", LayoutNames.blob(honest.config().orElseThrow().digest()))
            .replace("LAYER", LayoutNames.blob(layer.descriptor().digest()))
            .replace("OTHER", LayoutNames.blob(other.descriptor().digest()))
            .replace('\'', '"');
    tar.file(LayoutNames.DOCKER_MANIFEST, json);
    if (because == null) {
      try (ArchiveReader reader = open()) {
        assertThat(reader.images()).hasSize(1);
      }
    } else {
      assertThatThrownBy(this::open)
          .isInstanceOf(TransferException.class)
          .hasMessageContaining(because)
          .message()
          .hasLineCount(1);
    }
  }

  @Test
  void aListOfBeforeManifestJsonIsRefusedBesideAnIndex() {
    tar.file(LayoutNames.DOCKER_REPOSITORIES, "{}");

    assertThatThrownBy(this::open)
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("docker would read its repositories");
  }

  /**
   * An archive that knows of a layer no more than its digest, and names an image of another project
   * that has it: a target would mount it where everybody reads it. A user who may read both loads.
   */
  @ParameterizedTest
  @CsvSource({
    "docker.io/secret/app:1, delta, false",
    "docker.io/secret/app:1, plan, false",
    "docker.io/secret/app:1, wrong bytes, false",
    "docker.io/rancher/app:1, delta, true",
  })
  void aLayerIsMountedFromAnotherProjectOnlyWithItsBytes(String holder, String way, boolean taken)
      throws IOException {
    Layer wanted = images.layer("not in the archive", 500);
    Manifest secret = images.image(TestImages.ARM64, wanted);
    target.add(images, holder, secret);
    Descriptor blob = wanted.descriptor();
    Manifest bad =
        manifest(
            "{\"config\":%s,\"layers\":[%s]}"
                .formatted(json(honest.config().orElseThrow()), json(blob)));
    name("docker.io/rancher/bad:1", bad.descriptor());
    if (way.equals("delta")) {
      tar.file(LayoutNames.INVENTORY, delta(bad, secret, holder, blob).toJson());
    } else {
      store(secret);
      name(holder, secret.descriptor());
    }
    if (way.equals("wrong bytes")) {
      tar.file(LayoutNames.blob(blob.digest()), new byte[(int) blob.size()]);
    }
    try (ArchiveReader reader = open()) {
      ImageResult loaded = load(reader).stream().filter(HostileImagesTest::isBad).findFirst().get();

      // An image of a delta waits for the base that would bring the layer.
      Status missing = way.equals("delta") ? Status.WAITING : Status.FAILED;
      assertThat(loaded.status()).isEqualTo(taken ? Status.COPIED : missing);
      Repository rancher = Reference.parse("docker.io/rancher/bad:1").repository();
      assertThat(target.asTarget().has(rancher, blob)).isEqualTo(taken);
      assertThat(loaded.message())
          .contains(taken ? "takes layers from docker.io/rancher/app" : blob.digest().toString());
    }
  }

  private Inventory delta(Manifest bad, Manifest secret, String holder, Descriptor layer) {
    Descriptor config = honest.config().orElseThrow();
    Optional<String> base = Optional.of("fedcba9876543210");
    return new Inventory(
        "0123456789abcdef",
        1,
        1,
        List.of(
            new Inventory.Image(
                Reference.parse("docker.io/rancher/bad:1"),
                bad.descriptor(),
                List.of(bad.digest(), config.digest(), layer.digest()),
                Optional.empty()),
            new Inventory.Image(
                Reference.parse(holder),
                secret.descriptor(),
                List.of(secret.digest(), layer.digest()),
                base)),
        List.of(
            new Inventory.Blob(bad.digest(), bad.bytes().length, 1, Optional.empty()),
            new Inventory.Blob(config.digest(), config.size(), 1, Optional.empty()),
            new Inventory.Blob(layer.digest(), layer.size(), 0, base),
            new Inventory.Blob(secret.digest(), secret.bytes().length, 0, base)));
  }

  /** Each of them would be read and hashed, or sent, as often as it has names. */
  @Test
  void manyNamesForALargeManifestAreRefused() throws IOException {
    String layers = String.join(",", Collections.nCopies(26_000, json(layer.descriptor())));
    String config = json(honest.config().orElseThrow());
    Manifest large = manifest("{\"config\":" + config + ",\"layers\":[" + layers + "]}");
    for (int i = 0; i < 500; i++) {
      name("docker.io/rancher/i" + i + ":1", large.descriptor());
    }
    assertThatThrownBy(this::open)
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("too many names for large manifests");
  }

  @Test
  void volumesOfOneIdThatSayDifferentThingsAreRefused() throws IOException {
    List<Path> volumes = new ArrayList<>();
    for (int volume = 1; volume <= 2; volume++) {
      Manifest image = images.image(TestImages.AMD64, images.layer("v" + volume, 10));
      Descriptor top = image.descriptor();
      Inventory inventory =
          new Inventory(
              "0123456789abcdef",
              volume,
              2,
              List.of(
                  new Inventory.Image(
                      Reference.parse(HONEST), top, List.of(top.digest()), Optional.empty())),
              List.of(new Inventory.Blob(top.digest(), top.size(), volume, Optional.empty())));
      volumes.add(
          TarBuilder.layout()
              .blob(image.bytes())
              .file(LayoutNames.INVENTORY, inventory.toJson())
              .writeTo(folder.resolve(volume + ".tar")));
    }
    for (List<Path> order : List.of(volumes, volumes.reversed())) {
      assertThatThrownBy(() -> ArchiveReader.open(order).close())
          .isInstanceOf(TransferException.class)
          .hasMessageContaining("what its other volumes do not say");
    }
  }

  @Test
  void anInventoryThatGivesABlobAnotherSizeIsRefused() throws IOException {
    Descriptor top = honest.descriptor();
    Inventory inventory =
        new Inventory(
            "0123456789abcdef",
            1,
            1,
            List.of(),
            List.of(new Inventory.Blob(top.digest(), top.size() + 1, 1, Optional.empty())));
    tar.file(LayoutNames.INVENTORY, inventory.toJson());

    assertThatThrownBy(this::open)
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("its inventory says " + (top.size() + 1));
  }

  /** The bad image fails alone, in a load and in a check. */
  private void assertRefused(FailureKind reason, String because) throws IOException {
    try (ArchiveReader reader = open()) {
      List<ImageResult> loaded = load(reader);
      assertBadAlone(loaded, Status.COPIED, reason, because);
      assertThat(target.shown(HONEST)).contains(honest);
      assertThat(target.shown("docker.io/rancher/bad:1")).isEmpty();

      List<ImageResult> verified = verify(reader);
      assertBadAlone(verified, Status.VERIFIED, reason, because);
    }
  }

  private static void assertBadAlone(
      List<ImageResult> results, Status good, FailureKind reason, String because) {
    assertThat(results)
        .anySatisfy(
            bad -> {
              assertThat(bad.status()).isEqualTo(Status.FAILED);
              assertThat(bad.reason()).contains(reason);
              assertThat(bad.message()).contains(because).hasLineCount(1);
            })
        .anySatisfy(other -> assertThat(other.status()).isEqualTo(good))
        .hasSize(2);
  }

  private static boolean isBad(ImageResult result) {
    return result.request().source().toString().equals("docker.io/rancher/bad:1");
  }

  private static List<ImageResult> verify(ArchiveReader reader) {
    try (Verifier verifier = new Verifier(reader, true, 2, ONCE, RunListener.NONE)) {
      return verifier.verify(requests(names(reader)));
    }
  }

  private List<ImageResult> load(ArchiveReader reader) throws IOException {
    return load(reader, names(reader));
  }

  private List<ImageResult> load(ArchiveReader reader, List<Reference> names) throws IOException {
    MirrorOptions options = new MirrorOptions(2, new PlatformFilter(List.of()), ONCE);
    try (Mirror mirror = new Mirror(reader, options, RunListener.NONE)) {
      return mirror.plan(requests(names), target.asTarget()).carryOut();
    }
  }

  private static List<Reference> names(ArchiveReader reader) {
    return reader.images().stream().map(ArchivedImage::name).toList();
  }

  private static List<ImageRequest> requests(List<Reference> names) {
    return names.stream().map(name -> new ImageRequest(name, name)).toList();
  }

  /** {@code name} is written into the JSON as it is. */
  private void name(String name, Descriptor image) {
    entries.add(
        "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,\"annotations\":{\"%s\":\"%s\"}}"
            .formatted(
                image.mediaType(), image.digest(), image.size(), LayoutNames.REF_NAME, name));
  }

  private Manifest manifest(String text) {
    Manifest manifest = images.manifest(text.getBytes(StandardCharsets.UTF_8));
    store(manifest);
    return manifest;
  }

  private void store(Manifest manifest) {
    tar.blob(manifest.bytes());
  }

  /** Adds the honest image, last in the index, and opens the archive. */
  private ArchiveReader open() throws IOException {
    store(honest);
    honest.blobs().forEach(blob -> tar.blob(images.content(blob.digest())));
    name(HONEST, honest.descriptor());
    tar.file("index.json", "{\"manifests\":[" + String.join(",", entries) + "]}");
    return ArchiveReader.open(tar.writeTo(folder.resolve("hostile.tar")));
  }

  private static String json(Descriptor descriptor) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(descriptor.mediaType(), descriptor.digest(), descriptor.size());
  }
}
