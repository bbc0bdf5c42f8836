package io.mirrorimages.sample;

import static io.mirrorimages.sample.ContainerImage.describe;
import static io.mirrorimages.sample.ManifestText.bytes;

import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.sample.ImageMaker.Layer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which sample images there are, and what is in them. Used by one thread. */
final class SampleSet {
  private static final int KIB = 1024;

  private final Map<Repository, SampleBlobStore> shelves = new LinkedHashMap<>();
  private final List<Reference> names = new ArrayList<>();
  private final ImageMaker maker;

  // In several repositories, as a distribution's base layers are.
  private final Layer base = SampleFiles.layer("base", 1024 * KIB);
  private final Layer tools = SampleFiles.layer("tools", 384 * KIB);

  private SampleSet(ImageMaker maker) {
    this.maker = maker;
  }

  static SampleImages make(ImageMaker maker) throws IOException {
    SampleSet set = new SampleSet(maker);
    set.addIndex("rancher/sample-shell:v0.1.0");
    set.addImage("rancher/sample-shell:v0.2.0");
    set.addDockerImage("rancher/sample-agent:v0.1.0");
    set.addDockerList("rancher/mirrored-sample-pause:3.6");
    set.addOddlyWritten("rancher/sample-webhook:v0.1.0");
    set.addChart("rancher/charts/sample-chart:1.2.3_up0.1.0");
    return new SampleImages(set.shelves, set.names);
  }

  /** Two platforms, and what the builder attests of the first. */
  private void addIndex(String text) throws IOException {
    Reference name = Reference.parse(text);
    Manifest amd64 = store(name, ociImage(name, "amd64", base, tools));
    Manifest arm64 = store(name, ociImage(name, "arm64", base));
    Manifest attestation = store(name, attestation(name, amd64));
    tag(
        name,
        ManifestText.index(
            MediaTypes.OCI_INDEX,
            ManifestText.linux(amd64.descriptor(), "amd64"),
            ManifestText.linux(arm64.descriptor(), "arm64"),
            ManifestText.attestation(attestation.descriptor(), amd64.descriptor())));
  }

  private void addImage(String text) throws IOException {
    Reference name = Reference.parse(text);
    tag(name, ociImage(name, "amd64", base, tools));
  }

  private void addDockerImage(String text) throws IOException {
    Reference name = Reference.parse(text);
    tag(name, image(name, "amd64", base).dockerManifest());
  }

  private void addDockerList(String text) throws IOException {
    Reference name = Reference.parse(text);
    Manifest amd64 = store(name, image(name, "amd64").dockerManifest());
    Manifest arm64 = store(name, image(name, "arm64").dockerManifest());
    tag(
        name,
        ManifestText.index(
            MediaTypes.DOCKER_LIST,
            ManifestText.linux(amd64.descriptor(), "amd64"),
            ManifestText.linux(arm64.descriptor(), "arm64")));
  }

  /** A manifest with blanks and line ends that parsing and rewriting would lose. */
  private void addOddlyWritten(String text) throws IOException {
    Reference name = Reference.parse(text);
    String compact = new String(ociImage(name, "amd64", base, tools), StandardCharsets.UTF_8);
    tag(name, bytes(compact.replace(",", " ,\r\n\t  ").replace(":{", " :  {") + "\n"));
  }

  /** A Helm chart: an artifact that is no image. */
  private void addChart(String text) throws IOException {
    Reference name = Reference.parse(text);
    byte[] config =
        bytes("{\"apiVersion\":\"v2\",\"name\":\"sample-chart\",\"version\":\"1.2.3+up0.1.0\"}");
    tag(
        name,
        artifact(
            name,
            "application/vnd.cncf.helm.config.v1+json",
            config,
            "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
            StoredGzip.of(SampleFiles.chart())));
  }

  private byte[] attestation(Reference name, Manifest image) {
    byte[] statement =
        bytes(
            ("{\"_type\":\"https://in-toto.io/Statement/v0.1\","
                    + "\"predicateType\":\"https://slsa.dev/provenance/v0.2\","
                    + "\"subject\":[{\"name\":\"%s\",\"digest\":{\"sha256\":\"%s\"}}],"
                    + "\"predicate\":{\"builder\":{\"id\":\"sample\"},\"buildType\":\"sample\"}}")
                .formatted(name, image.digest().hex()));
    byte[] config =
        bytes(
            ("{\"architecture\":\"unknown\",\"os\":\"unknown\",\"config\":{},"
                    + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"%s\"]}}")
                .formatted(describe("", statement).digest()));
    return artifact(name, MediaTypes.OCI_CONFIG, config, "application/vnd.in-toto+json", statement);
  }

  private byte[] ociImage(Reference name, String architecture, Layer... shared) throws IOException {
    return image(name, architecture, shared).ociManifest();
  }

  /** An image of the shared layers and one of its own, whose blobs are in its repository. */
  private ContainerImage image(Reference name, String architecture, Layer... shared)
      throws IOException {
    List<Layer> layers = new ArrayList<>(Arrays.asList(shared));
    layers.add(SampleFiles.layer(baseName(name) + "-" + architecture, 96 * KIB));
    ContainerImage image = maker.make(architecture, layers);
    shelf(name).put(image.config());
    image.layers().forEach(shelf(name)::put);
    return image;
  }

  /** For example {@code sample-shell-v0.1.0}. */
  private static String baseName(Reference name) {
    String path = name.repository().path();
    return path.substring(path.lastIndexOf('/') + 1) + "-" + name.storeName();
  }

  private byte[] artifact(
      Reference name, String configType, byte[] config, String type, byte[] content) {
    shelf(name).put(config);
    shelf(name).put(content);
    return ManifestText.manifest(
        MediaTypes.OCI_MANIFEST, describe(configType, config), List.of(describe(type, content)));
  }

  private Manifest store(Reference name, byte[] manifest) {
    Manifest stored = Manifest.parse(manifest, "");
    shelf(name).put(stored);
    return stored;
  }

  private void tag(Reference name, byte[] manifest) {
    shelf(name).tag(name.tag().orElseThrow(), Manifest.parse(manifest, ""));
    names.add(name);
  }

  private SampleBlobStore shelf(Reference name) {
    return shelves.computeIfAbsent(name.repository(), r -> new SampleBlobStore());
  }
}
