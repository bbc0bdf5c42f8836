package io.mirrorimages.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class SampleImagesTest {
  private static final Descriptor NO_BLOB =
      new Descriptor("", Digest.sha256(new byte[] {1, 2, 3}), 3);

  private static SampleImages images;

  @BeforeAll
  static void make() throws IOException {
    images = SampleImages.create();
  }

  @Test
  void hasTheSameBytesOnEveryMachine() throws IOException {
    Map<String, String> digests = new LinkedHashMap<>();
    for (Reference name : images.names()) {
      digests.put(name.toString(), images.manifest(name).digest().hex());
    }

    assertThat(digests)
        .containsExactly(
            entry(
                "docker.io/rancher/sample-shell:v0.1.0",
                "1a8b7df7eda82b211e09b549d1960e6bb2271dd3ccbb0112a7dc5e2c89a06608"),
            entry(
                "docker.io/rancher/sample-shell:v0.2.0",
                "f4cbbe78356c22432cd2938de39cba1caf0ccaacbcd7f02339987c3620d56e8d"),
            entry(
                "docker.io/rancher/sample-agent:v0.1.0",
                "decf56620d78581652f09d1f457617128b267e46a79884cad1005e322dafe68f"),
            entry(
                "docker.io/rancher/mirrored-sample-pause:3.6",
                "e2f45260426ac0d7b45a686ef987f3829e13e247987cc2ed396971ead6fcd45f"),
            entry(
                "docker.io/rancher/sample-webhook:v0.1.0",
                "c179d60c73189f4124ab5d29cb98d8aaf229aec4222ca37502a47a0091a6aaf3"),
            entry(
                "docker.io/rancher/charts/sample-chart:1.2.3_up0.1.0",
                "05a936062ac0578af0067d9a217b4bc878b7f2821cd927e05bb53e3be1cd8171"));
  }

  @Test
  void hasEveryContentItsManifestsSpeakOf() throws IOException {
    Set<Digest> seen = new HashSet<>();
    long bytes = 0;
    for (Reference name : images.names()) {
      for (Manifest manifest : manifests(name)) {
        for (Descriptor blob : manifest.blobs()) {
          assertThat(images.has(name.repository(), blob)).isTrue();
          assertThat(read(name.repository(), blob)).hasSize((int) blob.size());
          bytes += seen.add(blob.digest()) ? blob.size() : 0;
        }
      }
    }
    assertThat(bytes).isBetween(1_000_000L, 5_000_000L);
  }

  @Test
  void hasEveryShapeOfContent() throws IOException {
    assertThat(images.names().stream().map(Reference::repository).distinct())
        .hasSizeGreaterThanOrEqualTo(3);
    Manifest index = manifest("rancher/sample-shell:v0.1.0");
    assertThat(index.mediaType()).isEqualTo(MediaTypes.OCI_INDEX);
    assertThat(index.children()).hasSize(3);
    assertThat(index.children().getLast().attested())
        .contains(index.children().getFirst().digest().toString());
    assertThat(manifest("rancher/sample-agent:v0.1.0").mediaType())
        .isEqualTo(MediaTypes.DOCKER_MANIFEST);
    assertThat(manifest("rancher/mirrored-sample-pause:3.6").mediaType())
        .isEqualTo(MediaTypes.DOCKER_LIST);
    assertThat(
            manifest("rancher/charts/sample-chart:1.2.3_up0.1.0")
                .config()
                .orElseThrow()
                .mediaType())
        .isEqualTo("application/vnd.cncf.helm.config.v1+json");
    String odd =
        new String(manifest("rancher/sample-webhook:v0.1.0").bytes(), StandardCharsets.UTF_8);
    assertThat(odd).contains(" ,\r\n\t  ").endsWith("}\n");
  }

  @Test
  void sharesLayersBetweenRepositories() throws IOException {
    Map<Digest, Set<Repository>> places = new HashMap<>();
    for (Reference name : images.names()) {
      for (Manifest manifest : manifests(name)) {
        manifest
            .layers()
            .forEach(
                l ->
                    places
                        .computeIfAbsent(l.digest(), d -> new HashSet<>())
                        .add(name.repository()));
      }
    }

    assertThat(places.values()).anyMatch(repositories -> repositories.size() >= 3);
    assertThat(places.values()).anyMatch(repositories -> repositories.size() == 1);
  }

  @Test
  void hasLayersThatUnpackToWhatTheConfigSays() throws IOException {
    Reference name = Reference.parse("rancher/sample-shell:v0.2.0");
    Manifest manifest = images.manifest(name);
    JsonNode config =
        new ObjectMapper().readTree(read(name.repository(), manifest.config().orElseThrow()));

    assertThat(config.at("/rootfs/diff_ids")).hasSameSizeAs(manifest.layers());
    for (int i = 0; i < manifest.layers().size(); i++) {
      byte[] layer = read(name.repository(), manifest.layers().get(i));
      byte[] tar = new GZIPInputStream(new ByteArrayInputStream(layer)).readAllBytes();
      assertThat(Digest.sha256(tar)).hasToString(config.at("/rootfs/diff_ids/" + i).asString());
      try (var entries = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
        assertThat(entries.getNextEntry().getName()).isEqualTo("usr/");
      }
    }
  }

  @Test
  void givesManifestsByTagAndByDigest() throws IOException {
    Reference name = Reference.parse("rancher/sample-shell:v0.1.0");
    Manifest index = images.manifest(name);

    assertThat(images.resolve(name)).contains(index.digest());
    assertThat(images.manifest(name.at(index.digest()))).isEqualTo(index);
  }

  @Test
  void givesBlobsFromAnOffset() throws IOException {
    Reference name = Reference.parse("rancher/sample-agent:v0.1.0");
    Descriptor layer = images.manifest(name).layers().getFirst();

    byte[] whole = read(name.repository(), layer);
    try (InputStream rest = images.open(name.repository(), layer, layer.size() - 10)) {
      assertThat(rest.readAllBytes())
          .isEqualTo(Arrays.copyOfRange(whole, whole.length - 10, whole.length));
    }
  }

  @Test
  void saysWhatItDoesNotHave() {
    Reference agent = Reference.parse("rancher/sample-agent:v9");
    Repository elsewhere = Reference.parse("rancher/elsewhere").repository();

    assertThatThrownBy(() -> images.manifest(agent)).isInstanceOf(TransferException.class);
    assertThatThrownBy(() -> images.resolve(Reference.parse("rancher/elsewhere")))
        .isInstanceOf(TransferException.class);
    assertThat(images.has(agent.repository(), NO_BLOB)).isFalse();
    assertThatThrownBy(() -> images.open(elsewhere, NO_BLOB, 0))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining(NO_BLOB.digest().toString());
  }

  private static Manifest manifest(String name) throws IOException {
    return images.manifest(Reference.parse(name));
  }

  private static List<Manifest> manifests(Reference name) throws IOException {
    Manifest top = images.manifest(name);
    List<Manifest> manifests = new ArrayList<>(List.of(top));
    for (Descriptor child : top.children()) {
      manifests.add(images.manifest(name.at(child.digest())));
    }
    return manifests;
  }

  /** The whole blob, hashed. */
  private static byte[] read(Repository repository, Descriptor blob) throws IOException {
    try (InputStream in = images.open(repository, blob, 0)) {
      byte[] bytes = in.readAllBytes();
      assertThat(Digest.sha256(bytes)).isEqualTo(blob.digest());
      return bytes;
    }
  }
}
