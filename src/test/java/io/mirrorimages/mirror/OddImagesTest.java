package io.mirrorimages.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.TestImages.Layer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
@Timeout(60)
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
    assertThat(byName(results, "b.test/liar:1").reason()).contains(Reason.CORRUPT);
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
    assertThat(byName(results, "rancher/liar:1").reason()).contains(Reason.CORRUPT);
  }

  private List<ImageResult> sync(PlatformFilter filter, String... names) throws IOException {
    return sync(source, filter, names);
  }

  private List<ImageResult> sync(MemoryRegistry from, PlatformFilter filter, String... names)
      throws IOException {
    Mirror.Options options = new Mirror.Options(4, filter, new Retries(1, Duration.ZERO));
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
