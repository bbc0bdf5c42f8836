package io.mirrorimages.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.ManifestBudget;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.engine.Verifier;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.TestImages.Layer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Images that are wrong about something: the digest decides, and what they claim harms no other.
 */
@Timeout(120)
class OddImagesTest {
  private final TestImages images = new TestImages();
  private final MemoryRegistry source = new MemoryRegistry();
  private final MemoryRegistry target = new MemoryRegistry();
  private final Layer layer = images.layer("shared", 1000);

  /** As rancher/mirrored-nginx-ingress-controller-defaultbackend:1.5-rancher1. */
  @ParameterizedTest
  @ValueSource(strings = {"", "linux/amd64", "linux/amd64,linux/arm64"})
  void anIndexThatIsWrongAboutItsImagesSizesAndTypesGoesOverAsItIs(String platforms)
      throws IOException {
    Manifest amd = images.image(TestImages.AMD64, layer);
    Manifest arm = images.image(TestImages.ARM64, images.layer("arm", 100));
    Manifest index = images.claiming(images.index(amd, arm), amd.descriptor(), 428);
    index = images.altered(index, MediaTypes.OCI_MANIFEST, MediaTypes.DOCKER_MANIFEST);
    source.add(images, "rancher/odd:1", index);

    ImageResult result = sync(filter(platforms), "rancher/odd:1").getFirst();

    assertThat(result.status()).isEqualTo(Status.COPIED);
    assertThat(target.shown("rancher/odd:1"))
        .contains(platforms.equals("linux/amd64") ? amd : index);
    try (Verifier verifier =
        new Verifier(target, true, 2, new Retries(0, Duration.ZERO), RunListener.NONE)) {
      assertThat(verifier.verify(requests("rancher/odd:1")))
          .extracting(ImageResult::status)
          .containsExactly(Status.VERIFIED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "linux/amd64"})
  void anIndexOfBlobsAsBuildKitKeepsItsCacheGoesOverWithThem(String platforms) throws IOException {
    Descriptor config = images.blob("application/vnd.buildkit.cacheconfig.v0", utf8("{\"a\":1}"));
    Manifest cache =
        images.manifest(
            utf8(
                "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s,%s]}"
                    .formatted(MediaTypes.OCI_INDEX, json(layer.descriptor()), json(config))));
    source.add(images, "rancher/cache:1", cache);

    ImageResult result = sync(filter(platforms), "rancher/cache:1").getFirst();

    assertThat(result.status()).isEqualTo(Status.COPIED);
    assertThat(target.shown("rancher/cache:1")).contains(cache);
    assertThat(target.requests("UPLOAD")).hasSize(2);
  }

  /** Whatever its place in the list, whatever it claims. */
  @ParameterizedTest
  @CsvSource({
    "rancher/good:1 rancher/liar:1, 7",
    "rancher/liar:1 rancher/good:1, 7",
    "rancher/liar:1 rancher/good:1, 0",
    "rancher/liar:1 rancher/good:1, 99999999999999",
    "rancher/liar:1 rancher/good:1, 9223372036854775807",
  })
  void whoIsWrongAboutASharedLayerFailsAlone(String list, long claimed) throws IOException {
    Manifest good = images.image(TestImages.AMD64, layer);
    source.add(images, "rancher/good:1", good);
    source.add(images, "rancher/liar:1", images.claiming(good, layer.descriptor(), claimed));

    List<ImageResult> results = sync(PlatformFilter.ALL, list.split(" "));

    assertThat(byName(results, "rancher/good:1").status()).isEqualTo(Status.COPIED);
    ImageResult liar = byName(results, "rancher/liar:1");
    assertThat(liar.status()).isEqualTo(Status.FAILED);
    assertThat(liar.message()).contains("its manifest");
    assertThat(source.requests("OPEN"))
        .filteredOn(r -> r.contains(layer.descriptor().digest().toString()))
        .hasSize(1);
  }

  /** The liar's registry confirms it: then only the hash can tell. */
  @ParameterizedTest
  @ValueSource(strings = {"a.test/good:1 b.test/liar:1", "b.test/liar:1 a.test/good:1"})
  void aRegistryThatLiesWithItsImageDoesNotDecide(String list) throws IOException {
    Manifest good = images.image(TestImages.AMD64, layer);
    MemoryRegistry lying =
        new MemoryRegistry() {
          @Override
          public boolean has(Repository repository, Descriptor blob) throws IOException {
            return repository.registry().equals("b.test")
                ? blob.size() != layer.descriptor().size()
                : super.has(repository, blob);
          }
        };
    lying.add(images, "a.test/good:1", good);
    lying.add(images, "b.test/liar:1", images.claiming(good, layer.descriptor(), 7));

    List<ImageResult> results = sync(lying, PlatformFilter.ALL, list.split(" "));

    assertThat(byName(results, "a.test/good:1").status()).isEqualTo(Status.COPIED);
    assertThat(byName(results, "b.test/liar:1").reason()).contains(FailureKind.CORRUPT);
  }

  @Test
  void aManifestsOwnSizeIsNobodysClaim() throws IOException {
    Manifest good = images.image(TestImages.AMD64, layer);
    Manifest liar =
        images.altered(
            images.image(TestImages.ARM64, layer),
            layer.descriptor().digest().toString(),
            good.digest().toString());
    source.add(images, "rancher/good:1", good);
    source.add(images, "rancher/liar:1", liar);

    List<ImageResult> results = sync(PlatformFilter.ALL, "rancher/liar:1", "rancher/good:1");

    assertThat(byName(results, "rancher/good:1").status()).isEqualTo(Status.COPIED);
    assertThat(byName(results, "rancher/liar:1").reason()).contains(FailureKind.CORRUPT);
  }

  @ParameterizedTest
  @ValueSource(longs = {99_999_999_999_999L, 1L << 60, Long.MAX_VALUE})
  void whatNoRegistryHoldsIsThatImagesFailureAndAddsUpToNothingAbsurd(long claimed)
      throws IOException {
    List<String> names = new ArrayList<>(List.of("rancher/good:1"));
    source.add(images, "rancher/good:1", images.image(TestImages.AMD64, layer));
    for (int i = 0; i < 5; i++) {
      Layer own = images.layer("huge" + i, 10);
      Manifest huge =
          images.claiming(images.image(TestImages.AMD64, own), own.descriptor(), claimed);
      source.add(images, "rancher/huge" + i + ":1", huge);
      names.add("rancher/huge" + i + ":1");
    }
    MirrorOptions options = new MirrorOptions(4, PlatformFilter.ALL, new Retries(1, Duration.ZERO));
    try (Mirror mirror = new Mirror(source, options, RunListener.NONE)) {
      Mirror.Transfer transfer =
          mirror.plan(requests(names.toArray(String[]::new)), target.asTarget());
      assertThat(transfer.plan().totals().toMove()).isPositive();
      assertThat(transfer.plan().totals().shared()).isNotNegative();
      List<ImageResult> results = transfer.carryOut();
      assertThat(results).filteredOn(r -> r.status() == Status.COPIED).hasSize(1);
      assertThat(results).filteredOn(r -> r.status() == Status.FAILED).hasSize(5);
    }
  }

  /** Each is valid alone. */
  @ParameterizedTest
  @ValueSource(strings = {"", "linux/amd64"})
  void anImageIsNotGivenAllMemoryForItsManifests(String platforms) throws IOException {
    Manifest[] large = new Manifest[5];
    for (int i = 0; i < large.length; i++) {
      String padding = "\"annotations\":{\"a\":\"" + "x".repeat(4_000_000 + i) + "\"},";
      large[i] =
          images.altered(
              images.image(TestImages.ARM64, layer), "\"config\":", padding + "\"config\":");
    }
    Manifest index = images.index(large);
    index = images.altered(index, "\"platform\":", "\"other\":");
    source.add(images, "rancher/large:1", index);
    source.add(images, "rancher/good:1", images.image(TestImages.AMD64, layer));

    List<ImageResult> results = sync(filter(platforms), "rancher/large:1", "rancher/good:1");

    assertThat(byName(results, "rancher/good:1").status()).isEqualTo(Status.COPIED);
    assertThat(byName(results, "rancher/large:1").message())
        .contains("more than the " + ManifestBudget.MAX_BYTES + " bytes");
    try (Verifier verifier =
        new Verifier(source, false, 2, new Retries(0, Duration.ZERO), RunListener.NONE)) {
      assertThat(verifier.verify(requests("rancher/large:1")).getFirst().message())
          .contains("more than the " + ManifestBudget.MAX_BYTES + " bytes");
    }
  }

  /** An archive has been laid out for what the earlier ones say. */
  @Test
  void whatComesLateAndContradictsWhatHasItsPlaceIsSettledAlone() {
    Manifest good = images.image(TestImages.AMD64, layer);
    PlannedImage earlier = images.plan("rancher/good:1", good);
    PlannedImage liar = images.plan("rancher/liar:1", images.claiming(good, layer.descriptor(), 7));
    PlannedImage other = images.plan("rancher/other:1", good);

    Plan late = plan(liar, other).agreeingWith(plan(earlier));

    assertThat(late.images()).containsExactly(other);
    assertThat(late.settled())
        .singleElement()
        .satisfies(r -> assertThat(r.request()).isEqualTo(liar.request()))
        .satisfies(r -> assertThat(r.message()).contains("7 bytes; it has"));
  }

  private static Plan plan(PlannedImage... planned) {
    return new Plan(List.of(planned), List.of(), new Plan.Totals(0, 0, 0, 0, 0));
  }

  /** As the base layers of Windows images are. */
  @Test
  void anImageWithoutItsForeignLayersIsBroughtOnlyIfThatIsAllowed() throws IOException {
    Layer own = images.layer("windows base", 10);
    Manifest windows =
        images.altered(
            images.dockerImage(TestImages.AMD64, own),
            "application/vnd.docker.image.rootfs.diff.tar.gzip",
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");
    source.add(images, "rancher/windows:1", windows);
    source.spoil("rancher/windows", own.descriptor().digest(), null);

    ImageResult refused = sync(PlatformFilter.ALL, "rancher/windows:1").getFirst();
    assertThat(refused.status()).isEqualTo(Status.FAILED);
    assertThat(refused.message())
        .contains(
            "{setting platform}",
            "{setting allow-missing-foreign-layers}",
            own.descriptor().digest().hex());
    assertThat(target.shown("rancher/windows:1")).isEmpty();

    assertThat(verify(false).status()).isEqualTo(Status.FAILED);
    assertThat(verify(true).status()).isEqualTo(Status.VERIFIED);
  }

  private ImageResult verify(boolean withoutForeignLayers) {
    try (Verifier verifier =
        new Verifier(source, true, 2, new Retries(0, Duration.ZERO), RunListener.NONE)
            .withoutForeignLayers(withoutForeignLayers)) {
      return verifier.verify(requests("rancher/windows:1")).getFirst();
    }
  }

  private List<ImageResult> sync(PlatformFilter filter, String... names) throws IOException {
    return sync(source, filter, names);
  }

  private List<ImageResult> sync(MemoryRegistry from, PlatformFilter filter, String... names)
      throws IOException {
    MirrorOptions options = new MirrorOptions(4, filter, new Retries(1, Duration.ZERO));
    try (Mirror mirror = new Mirror(from, options, RunListener.NONE)) {
      return mirror.plan(requests(names), target.asTarget()).carryOut();
    }
  }

  private static PlatformFilter filter(String platforms) {
    return new PlatformFilter(
        Stream.of(platforms.split(",")).filter(p -> !p.isEmpty()).map(Platform::parse).toList());
  }

  private static List<ImageRequest> requests(String... names) {
    return Stream.of(names)
        .map(Reference::parse)
        .map(name -> new ImageRequest(name, name))
        .toList();
  }

  private static ImageResult byName(List<ImageResult> results, String name) {
    return results.stream()
        .filter(r -> r.request().source().equals(Reference.parse(name)))
        .findFirst()
        .orElseThrow();
  }

  private static String json(Descriptor descriptor) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(descriptor.mediaType(), descriptor.digest(), descriptor.size());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
