package io.mirrorimages.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.Skopeo;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.TestImages.Layer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What we write, read by skopeo; and what skopeo writes, read by us. */
class SkopeoArchiveIT {
  private final TestImages images = new TestImages();
  private final Layer shared = images.layer("shared", 50_000);
  private final Manifest amd64 = images.image(TestImages.AMD64, shared, images.layer("a", 10));
  private final Manifest arm64 = images.image(TestImages.ARM64, shared, images.layer("b", 10));
  private final PlannedImage index = images.plan("rancher/shell:v1", images.index(arm64, amd64));
  private final PlannedImage docker =
      images.plan("quay.io/a/docker:2", images.dockerImage(TestImages.AMD64, shared));
  private final PlannedImage chart =
      images.plan(
          "rancher/charts/x:1.2.3_up1",
          images.artifact(
              "application/vnd.cncf.helm.config.v1+json",
              "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
              new byte[] {1, 2, 3}));
  private final PlannedImage odd =
      images.plan(
          "rancher/odd:1",
          images.manifest(
              (new String(amd64.bytes(), StandardCharsets.UTF_8).replace(":{", " :\t{ ") + "\n\n")
                  .getBytes(StandardCharsets.UTF_8)));
  private final PlannedImage byDigest = images.plan("rancher/pinned@" + arm64.digest(), arm64);
  private final List<PlannedImage> plan = List.of(index, docker, chart, odd, byDigest);

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws Exception {
    file = folder.resolve("rancher.tar");
    try (ArchiveWriter writer = ArchiveWriter.create(file, plan)) {
      for (PlannedImage image : plan) {
        images.store(image, writer);
      }
      writer.finish(plan);
    }
  }

  @Test
  void skopeoSeesTheManifestsAsTheyAre() throws Exception {
    for (PlannedImage image : List.of(index, chart, odd, byDigest)) {
      String name = image.request().source().toString();
      assertThat(Skopeo.run("inspect", "--raw", "oci-archive:" + file + ":" + name))
          .isEqualTo(image.top().bytes());
    }
  }

  @Test
  void skopeoCopiesImagesWithTheSameDigests() throws Exception {
    for (PlannedImage image : List.of(index, odd)) {
      Path copy = folder.resolve("copy-" + image.top().digest().hex());
      Skopeo.run(
          "copy", "--all", "oci-archive:" + file + ":" + image.request().source(), "dir:" + copy);

      assertThat(copy.resolve("manifest.json")).hasBinaryContent(image.top().bytes());
      for (Descriptor blob : image.blobs()) {
        assertThat(copy.resolve(blob.digest().hex()))
            .hasBinaryContent(images.content(blob.digest()));
      }
    }
  }

  /** Up to 1.9 at least, skopeo finds images of Docker's types only where they are alone. */
  @Test
  void skopeoReadsADockerImageThatIsTheOnlyOneThatCompleted() throws Exception {
    Path part = folder.resolve("part.tar");
    try (ArchiveWriter writer = ArchiveWriter.create(part, plan)) {
      images.store(docker, writer);
      writer.finish(List.of(docker));
    }

    Path copy = folder.resolve("only");
    Skopeo.run("copy", "oci-archive:" + part, "dir:" + copy);
    assertThat(copy.resolve("manifest.json")).hasBinaryContent(docker.top().bytes());
  }

  @Test
  void skopeoReadsItAsADockerArchiveToo() throws Exception {
    JsonNode config =
        Json.parse(
            Skopeo.run(
                "inspect",
                "--raw",
                "--config",
                "docker-archive:" + file + ":docker.io/rancher/shell:v1"),
            "config");

    assertThat(config.get("architecture").asString()).isEqualTo("amd64");
    Skopeo.run(
        "copy",
        "docker-archive:" + file + ":docker.io/rancher/shell:v1",
        "oci:" + folder.resolve("from-docker") + ":x");
  }

  @Test
  void readsTheFoldersOfSkopeoByTheNamesOfTheirPaths() throws Exception {
    Path theirs = folder.resolve("synced");
    Path image = Files.createDirectories(theirs.resolve("docker.io/rancher")).resolve("shell:v1");
    Skopeo.run(
        "copy", "--all", "oci-archive:" + file + ":docker.io/rancher/shell:v1", "dir:" + image);

    assertHasTheIndex(theirs);
  }

  @Test
  void readsTheFileSystemOfARegistry() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    try (DockerRegistry registry = DockerRegistry.storingIn(data)) {
      Skopeo.run(
          "copy",
          "--all",
          "--dest-tls-verify=false",
          "oci-archive:" + file + ":docker.io/rancher/shell:v1",
          "docker://" + registry.name() + "/rancher/shell:v1");
    }

    assertHasTheIndex(data);
    Path tar = folder.resolve("data.tar");
    Process packed =
        new ProcessBuilder("tar", "-cf", tar.toString(), "-C", folder.toString(), "data").start();
    assertThat(packed.waitFor()).isZero();
    assertHasTheIndex(tar);
  }

  private void assertHasTheIndex(Path theirs) throws IOException {
    try (ArchiveReader reader = ArchiveReader.open(theirs)) {
      assertThat(reader.images())
          .extracting(image -> image.name().toString())
          .containsExactly("docker.io/rancher/shell:v1");
      assertThat(reader.manifest(Reference.parse("rancher/shell:v1")).bytes())
          .isEqualTo(index.top().bytes());
      for (Descriptor blob : index.blobs()) {
        try (var in = reader.open(index.request().source().repository(), blob, 0)) {
          assertThat(in.readAllBytes()).isEqualTo(images.content(blob.digest()));
        }
      }
    }
  }

  /** Its layers are plain tars, with links to them; the config stays what it is. */
  @Test
  void readsTheDockerArchivesOfSkopeo() throws Exception {
    Path theirs = folder.resolve("docker.tar");
    Skopeo.run(
        "--override-arch=amd64",
        "copy",
        "oci-archive:" + file + ":docker.io/rancher/shell:v1",
        "docker-archive:" + theirs + ":rancher/shell:v1");

    try (ArchiveReader reader = ArchiveReader.open(theirs)) {
      Manifest manifest = reader.manifest(Reference.parse("rancher/shell:v1"));
      assertThat(manifest.config().orElseThrow().digest())
          .isEqualTo(amd64.config().orElseThrow().digest());
      assertThat(manifest.layers()).hasSize(2);
      for (Descriptor blob : manifest.blobs()) {
        try (var in = reader.open(index.request().source().repository(), blob, 0)) {
          assertThat(Digest.sha256(in.readAllBytes())).isEqualTo(blob.digest());
        }
      }
    }
  }

  @Test
  void readsWhatSkopeoWrites() throws Exception {
    Path theirs = folder.resolve("theirs.tar");
    Skopeo.run(
        "copy",
        "--all",
        "oci-archive:" + file + ":docker.io/rancher/shell:v1",
        "oci-archive:" + theirs + ":rancher/shell:v1");

    try (ArchiveReader reader = ArchiveReader.open(theirs)) {
      assertThat(reader.images())
          .extracting(ArchivedImage::name)
          .containsExactly(Reference.parse("rancher/shell:v1"));
      assertThat(reader.manifest(index.request().source())).isEqualTo(index.top());
      for (Descriptor blob : index.blobs()) {
        try (var in = reader.open(index.request().source().repository(), blob, 0)) {
          assertThat(Digest.sha256(in.readAllBytes())).isEqualTo(blob.digest());
        }
      }
    }
    assertThat(Files.size(theirs)).isPositive();
  }
}
