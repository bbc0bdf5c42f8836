package io.mirrorimages.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.ArchiveReader;
import io.mirrorimages.archive.ArchiveWriter;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.testing.Skopeo;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.TestImages.Layer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server, pulled from by skopeo. */
class SkopeoPullIT {
  private final TestImages images = new TestImages();
  private final Layer layer = images.layer("layer", 2_000_000);
  private final PlannedImage index =
      images.plan(
          "rancher/shell:v1",
          images.index(
              images.image(TestImages.AMD64, layer), images.image(TestImages.ARM64, layer)));
  private final PlannedImage docker =
      images.plan("quay.io/a/docker:2", images.dockerImage(TestImages.AMD64, layer));

  @TempDir Path folder;

  @Test
  void skopeoPullsImagesWithTheSameDigests() throws Exception {
    List<PlannedImage> plan = List.of(index, docker);
    Path file = folder.resolve("rancher.tar");
    try (ArchiveWriter writer = ArchiveWriter.create(file, plan)) {
      for (PlannedImage image : plan) {
        images.store(image, writer);
      }
      writer.finish(plan);
    }
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (ArchiveReader archive = ArchiveReader.open(file);
        ArchiveServer server = ArchiveServer.start(archive, loopback)) {
      String registry = "docker://127.0.0.1:" + server.address().getPort() + "/";
      pull(index, registry + "rancher/shell:v1");
      pull(index, registry + "docker.io/rancher/shell:v1");
      pull(docker, registry + "a/docker@" + docker.top().digest());
      byte[] tags = Skopeo.run("list-tags", "--tls-verify=false", registry + "a/docker");
      assertThat(new String(tags, StandardCharsets.UTF_8)).contains("\"2\"");
    }
  }

  private void pull(PlannedImage image, String url) throws Exception {
    Path copy = folder.resolve("copy-" + Integer.toHexString(url.hashCode()));
    Skopeo.run("copy", "--all", "--src-tls-verify=false", url, "dir:" + copy);

    assertThat(copy.resolve("manifest.json")).hasBinaryContent(image.top().bytes());
    for (Descriptor blob : image.blobs()) {
      assertThat(copy.resolve(blob.digest().hex())).hasBinaryContent(images.content(blob.digest()));
    }
  }
}
