package io.mirrorimages.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.read.InventoryFile;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.TestImages.Layer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several files served as one registry: volumes, and deltas with their base. */
class ServedVolumesTest {
  @TempDir private Path folder;
  private final TestImages images = new TestImages();
  private final Layer base = images.layer("base", 40_000);
  private final List<Manifest> made = new ArrayList<>();

  @Test
  void servesAllVolumesAsOneRegistry() throws Exception {
    List<PlannedImage> plan = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      plan.add(image("rancher/a" + i + ":v1", base, images.layer("a" + i, 40_000)));
    }
    ArchiveSpec spec =
        new ArchiveSpec(folder.resolve("r.tar"), OptionalLong.of(100_000), Optional.empty(), false);
    save(spec, plan);
    assertThat(spec.finished()).hasSizeGreaterThan(1);
    List<Path> volumes = new ArrayList<>(spec.finished());
    Collections.reverse(volumes);

    assertServesAll(volumes);

    try (ArchiveReader part = ArchiveReader.open(spec.finished().getLast());
        ArchiveServer server = start(part)) {
      String blob = "/v2/rancher/a0/blobs/" + base.descriptor().digest();
      assertThat(get(server, blob).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void servesADeltaTogetherWithItsBase() throws Exception {
    ArchiveSpec full = ArchiveSpec.of(folder.resolve("full.tar"));
    save(full, List.of(image("rancher/a:v1", base)));
    ArchiveSpec delta =
        new ArchiveSpec(
            folder.resolve("delta.tar"),
            OptionalLong.empty(),
            Optional.of(InventoryFile.read(full.output())),
            false);
    save(delta, List.of(image("rancher/a:v2", base, images.layer("a2", 100))));

    assertServesAll(List.of(delta.output(), full.output()));
  }

  private void assertServesAll(List<Path> files) throws Exception {
    try (ArchiveReader archive = ArchiveReader.open(files);
        ArchiveServer server = start(archive)) {
      assertThat(archive.images()).hasSameSizeAs(made);
      for (int i = 0; i < made.size(); i++) {
        String repository = "/v2/" + archive.images().get(i).name().repository().path();
        String tag = archive.images().get(i).name().tag().orElseThrow();
        Manifest manifest =
            Manifest.parse(get(server, repository + "/manifests/" + tag).body(), "");
        assertThat(made).contains(manifest);
        for (Descriptor blob : manifest.blobs()) {
          HttpResponse<byte[]> answer = get(server, repository + "/blobs/" + blob.digest());
          assertThat(Digest.sha256(answer.body())).isEqualTo(blob.digest());
        }
      }
    }
  }

  private PlannedImage image(String name, Layer... layers) {
    Manifest manifest = images.image(TestImages.AMD64, layers);
    made.add(manifest);
    return images.plan(name, manifest);
  }

  private void save(ArchiveSpec spec, List<PlannedImage> plan) throws IOException {
    Plan whole = new Plan(plan, List.of(), new Plan.Totals(0, 0, 0, 0, 0));
    try (ArchiveWriter writer = ArchiveWriter.create(spec, whole, "key")) {
      for (PlannedImage image : plan) {
        images.store(image, writer);
      }
      writer.finish(plan);
    }
  }

  private static ArchiveServer start(ArchiveReader archive) throws IOException {
    return ArchiveServer.start(archive, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static HttpResponse<byte[]> get(ArchiveServer server, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
    }
  }
}
