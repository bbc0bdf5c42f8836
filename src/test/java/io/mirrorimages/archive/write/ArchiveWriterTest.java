package io.mirrorimages.archive.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.mirrorimages.archive.design.ArchiveDesign;
import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.TestImages.Layer;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ArchiveWriterTest {
  private final TestImages images = new TestImages();
  private final Layer shared = images.layer("shared", 3000);
  private final Layer own = images.layer("own", 1024);
  private final Manifest amd64 = images.image(TestImages.AMD64, shared, own);
  private final Manifest arm64 = images.image(TestImages.ARM64, shared);
  private final PlannedImage index = images.plan("rancher/shell:v1", images.index(arm64, amd64));
  private final PlannedImage docker =
      images.plan("quay.io/a/b:2", images.dockerImage(TestImages.ARM64, shared));
  private final PlannedImage chart =
      images.plan(
          "rancher/charts/x:1.2.3_up1",
          images.artifact(
              "application/vnd.cncf.helm.config.v1+json",
              "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
              new byte[] {1, 2, 3}));
  private final List<PlannedImage> plan = List.of(index, docker, chart);

  @TempDir Path folder;
  private Path output;

  @BeforeEach
  void chooseOutput() {
    output = folder.resolve("rancher.tar");
  }

  @Test
  void writesEachDigestOnceAfterTheMetadata() throws IOException {
    write(plan, plan);

    List<String> names = new ArrayList<>(entries().keySet());
    assertThat(names.subList(0, 4))
        .containsExactly("oci-layout", "index.json", "manifest.json", "mirror-images.json");
    assertThat(names.subList(4, names.size()))
        .doesNotHaveDuplicates()
        .containsExactlyElementsOf(
            new ArchiveDesign(plan, ArchiveSpec.of(output))
                .volumes().getFirst().blobs().keySet().stream().map(LayoutNames::blob).toList());
    assertThat(names).contains(LayoutNames.blob(shared.descriptor().digest()));
    entries()
        .forEach(
            (name, bytes) -> {
              if (name.startsWith("blobs/sha256/")) {
                assertThat(Digest.sha256(bytes).hex()).isEqualTo(name.substring(13));
              }
            });
  }

  @Test
  void knowsTheExactSizeBeforehand() throws IOException {
    write(plan, plan);

    assertThat(Files.size(output)).isEqualTo(ArchiveWriter.sizeOf(plan));
    assertThat(folder.resolve("rancher.tar.partial")).doesNotExist();
  }

  @Test
  void givesTheSameBytesForTheSamePlan() throws IOException {
    write(plan, plan);
    byte[] first = Files.readAllBytes(output);
    Files.delete(output);

    try (ArchiveWriter writer = ArchiveWriter.create(output, plan)) {
      for (PlannedImage image : plan.reversed()) {
        images.store(image, writer);
      }
      writer.finish(plan);
    }

    assertThat(Files.readAllBytes(output)).isEqualTo(first);
  }

  @Test
  void headersTellNothingOfTimeAndUser() throws IOException {
    write(plan, plan);

    try (TarFile tar = new TarFile(output)) {
      assertThat(tar.getEntries())
          .allSatisfy(
              entry -> {
                assertThat(entry.getModTime().getTime()).isZero();
                assertThat(entry.getLongUserId()).isZero();
                assertThat(entry.getLongGroupId()).isZero();
                assertThat(entry.getUserName()).isEmpty();
                assertThat(entry.getMode()).isEqualTo(0644);
              });
    }
  }

  @Test
  void namesImagesForContainerdAndSkopeo() throws IOException {
    write(plan, plan);

    JsonNode manifests = Json.parse(entries().get("index.json"), "index").get("manifests");
    assertThat(manifests).hasSize(3);
    for (int i = 0; i < 3; i++) {
      String name = plan.get(i).request().source().toString();
      JsonNode entry = manifests.get(i);
      assertThat(entry.get("digest").asString()).isEqualTo(plan.get(i).top().digest().toString());
      assertThat(entry.get("mediaType").asString()).isEqualTo(plan.get(i).top().mediaType());
      assertThat(entry.get("size").asInt()).isEqualTo(plan.get(i).top().bytes().length);
      JsonNode annotations = entry.get("annotations");
      assertThat(annotations.get("io.containerd.image.name").asString()).isEqualTo(name);
      assertThat(annotations.get("org.opencontainers.image.ref.name").asString()).isEqualTo(name);
      assertThat(entry.has("platform")).isFalse();
    }
  }

  @Test
  void listsContainerImagesForDockerLoad() throws IOException {
    write(plan, plan);

    JsonNode list = Json.MAPPER.readTree(entries().get("manifest.json"));
    assertThat(list).hasSize(2);
    assertThat(list.get(0).get("RepoTags").get(0).asString())
        .isEqualTo("docker.io/rancher/shell:v1");
    assertThat(list.get(0).get("Config").asString())
        .isEqualTo(LayoutNames.blob(amd64.config().orElseThrow().digest()));
    assertThat(list.get(0).get("Layers"))
        .extracting(JsonNode::asString)
        .containsExactly(
            LayoutNames.blob(shared.descriptor().digest()),
            LayoutNames.blob(own.descriptor().digest()));
    assertThat(list.get(1).get("RepoTags").get(0).asString()).isEqualTo("quay.io/a/b:2");
  }

  @Test
  void dockerLoadGetsNoSignaturesAndNoImagesWithMissingLayers() throws IOException {
    PlannedImage signature =
        images.plan(
            "rancher/shell:sha256-1.sig",
            images.artifact(
                MediaTypes.OCI_CONFIG,
                "application/vnd.dev.cosign.simplesigning.v1+json",
                new byte[] {4}));
    PlannedImage incomplete =
        new PlannedImage(
            index.request(), amd64.digest(), List.of(amd64), Set.of(own.descriptor().digest()));
    List<PlannedImage> plan = List.of(signature, incomplete);
    write(plan, plan);

    assertThat(Json.MAPPER.readTree(entries().get("manifest.json"))).isEmpty();
    assertThat(entries()).doesNotContainKey(LayoutNames.blob(own.descriptor().digest()));
  }

  @Test
  void leavesOutImagesThatDidNotComplete() throws IOException {
    try (ArchiveWriter writer = ArchiveWriter.create(output, plan)) {
      images.store(docker, writer);
      images.store(chart, writer);
      writer.finish(List.of(docker, chart));
    }

    assertThat(Files.size(output)).isEqualTo(ArchiveWriter.sizeOf(plan));
    Map<String, byte[]> entries = entries();
    assertThat(Json.parse(entries.get("index.json"), "index").get("manifests")).hasSize(2);
    assertThat(Json.MAPPER.readTree(entries.get("manifest.json"))).hasSize(1);
    assertThat(entries)
        .containsKey(LayoutNames.blob(shared.descriptor().digest()))
        .doesNotContainKey(LayoutNames.blob(own.descriptor().digest()))
        .containsKey("incomplete/sha256-" + own.descriptor().digest().hex());
    try (ArchiveReader reader = ArchiveReader.open(output)) {
      assertThat(reader.images())
          .extracting(ArchivedImage::name)
          .containsExactly(docker.request().source(), chart.request().source());
    }
  }

  @Test
  void refusesToFinishAnImageThatLacksABlob() throws IOException {
    try (ArchiveWriter writer = ArchiveWriter.create(output, plan)) {
      images.store(docker, writer);
      assertThatThrownBy(() -> writer.finish(plan))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("docker.io/rancher/shell:v1");
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void leavesNothingBehindWhenItIsNotFinished() throws IOException {
    try (ArchiveWriter writer = ArchiveWriter.create(output, plan)) {
      images.store(docker, writer);
      assertThat(folder.resolve("rancher.tar.partial")).exists();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void neverWritesOverAnExistingFile() throws IOException {
    Files.writeString(output, "precious");

    assertThatThrownBy(() -> ArchiveWriter.create(output, plan))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("exists");
    assertThat(output).hasContent("precious");
    assertThat(folder.resolve("rancher.tar.partial")).doesNotExist();
  }

  @Test
  void replacesWhatAnInterruptedRunLeft() throws IOException {
    Files.write(folder.resolve("rancher.tar.partial"), new byte[1_000_000]);

    write(plan, plan);

    assertThat(Files.size(output)).isEqualTo(ArchiveWriter.sizeOf(plan));
  }

  @Test
  void twoWritersDoNotShareAnOutput() throws IOException {
    try (ArchiveWriter writer = ArchiveWriter.create(output, plan)) {
      assertThatThrownBy(() -> ArchiveWriter.create(output, plan))
          .isInstanceOf(TransferException.class)
          .hasMessageContaining("being written");
      for (PlannedImage image : plan) {
        images.store(image, writer);
      }
      writer.finish(plan);
    }
    assertThat(output).exists();
  }

  @Test
  void saysThatTheFolderIsMissing() {
    assertThatThrownBy(() -> ArchiveWriter.create(folder.resolve("no/such.tar"), plan))
        .isInstanceOfSatisfying(
            TransferException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureKind.FILE_MISSING));
  }

  @Test
  void hasABlobOnlyWhenItIsWhole() throws IOException {
    Descriptor blob = own.descriptor();
    byte[] content = images.content(blob.digest());
    try (ArchiveWriter writer = ArchiveWriter.create(output, plan)) {
      var repository = index.request().source().repository();
      for (InputStream bad :
          List.of(
              new ByteArrayInputStream(content, 0, content.length - 1),
              new ByteArrayInputStream(Arrays.copyOf(content, content.length + 1)))) {
        try (BlobUpload upload = writer.begin(repository, blob, Optional.empty())) {
          assertThatThrownBy(() -> upload.send(bad))
              .isInstanceOfAny(EOFException.class, TransferException.class);
        }
        assertThat(writer.has(repository, blob)).isFalse();
      }
      try (BlobUpload upload = writer.begin(repository, blob, Optional.empty())) {
        assertThat(upload.mounted()).isFalse();
        upload.send(new ByteArrayInputStream(content));
      }
      assertThat(writer.has(repository, blob)).isTrue();
      try (BlobUpload upload = writer.begin(repository, blob, Optional.empty())) {
        assertThat(upload.mounted()).isTrue();
      }
    }
  }

  @Test
  void refusesTwoSizesForOneDigest() {
    Descriptor blob = own.descriptor();
    String manifest =
        """
        {"schemaVersion":2,"config":{"mediaType":"a/b","digest":"%s","size":%d},"layers":[]}\
        """;
    Manifest right = images.manifest(utf8(manifest.formatted(blob.digest(), blob.size())));
    Manifest wrong = images.manifest(utf8(manifest.formatted(blob.digest(), blob.size() + 1)));

    assertThatThrownBy(
            () ->
                ArchiveWriter.sizeOf(List.of(images.plan("a:1", right), images.plan("b:1", wrong))))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.CORRUPT))
        .hasMessageContaining(right.digest().toString())
        .hasMessageContaining(wrong.digest().toString());
  }

  @Test
  void refusesSizesThatAddUpBeyondAllFiles() {
    String manifest =
        """
        {"schemaVersion":2,"config":{"mediaType":"a/b","digest":"sha256:%064d","size":%d},"layers":[]}\
        """;
    List<PlannedImage> plan = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Manifest m = images.manifest(utf8(manifest.formatted(i, Long.MAX_VALUE / 2)));
      plan.add(images.plan("a:" + i, m));
    }

    assertThatThrownBy(() -> ArchiveWriter.sizeOf(plan))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("more than any archive can hold");
  }

  @Test
  void takesEmptyBlobsAndSha512AndSizesBeyond8GiB() throws IOException {
    Digest sha512 = new Digest("sha512", "0".repeat(128));
    long huge = 9L << 30;
    Manifest manifest =
        images.manifest(
            utf8(
                """
                {"schemaVersion":2,"config":{"mediaType":"a/b","digest":"%s","size":0},
                 "layers":[{"mediaType":"a/b","digest":"%s","size":%d}]}
                """
                    .formatted(Digest.sha256(new byte[0]), sha512, huge)));
    images.blob("a/b", new byte[0]);
    PlannedImage image = images.plan("a/b:1", manifest);
    List<PlannedImage> plan = List.of(docker, image);
    try (ArchiveWriter writer = ArchiveWriter.create(output, plan)) {
      images.store(docker, writer);
      var repository = image.request().source().repository();
      try (BlobUpload upload =
          writer.begin(repository, manifest.config().orElseThrow(), Optional.empty())) {
        upload.send(InputStream.nullInputStream());
      }
      writer.finish(List.of(docker));
    }

    assertThat(Files.size(output)).isEqualTo(ArchiveWriter.sizeOf(plan)).isGreaterThan(huge);
    try (TarFile tar = new TarFile(output)) {
      assertThat(tar.getEntries())
          .extracting(TarArchiveEntry::getName, TarArchiveEntry::getSize)
          .contains(
              tuple("incomplete/sha512-" + sha512.hex(), huge),
              tuple(LayoutNames.blob(Digest.sha256(new byte[0])), 0L));
    }
    try (ArchiveReader reader = ArchiveReader.open(output)) {
      assertThat(reader.images()).hasSize(1);
      assertThat(reader.size(Digest.sha256(new byte[0]))).contains(0L);
    }
  }

  @Test
  void aTagMeansOneImageOnly() throws IOException {
    String tagged = "docker.io/rancher/shell:v1";
    PlannedImage pinned = images.plan(tagged + "@" + arm64.digest(), arm64);
    PlannedImage byDigest = images.plan("docker.io/rancher/shell@" + amd64.digest(), amd64);
    List<PlannedImage> plan = List.of(pinned, byDigest, index, index);
    write(plan, plan);

    try (ArchiveReader reader = ArchiveReader.open(output)) {
      assertThat(reader.images())
          .extracting(i -> i.name().toString())
          .containsExactly(
              "docker.io/rancher/shell@" + arm64.digest(),
              "docker.io/rancher/shell@" + amd64.digest(),
              tagged);
      assertThat(reader.resolve(Reference.parse(tagged))).contains(index.top().digest());
    }
  }

  @Test
  void aTagWithDigestIsNamedByItsTag() throws IOException {
    PlannedImage pinned = images.plan("rancher/shell:v1@" + arm64.digest(), arm64);
    write(List.of(pinned), List.of(pinned));

    try (ArchiveReader reader = ArchiveReader.open(output)) {
      assertThat(reader.images())
          .extracting(i -> i.name().toString())
          .containsExactly("docker.io/rancher/shell:v1");
    }
  }

  @Test
  void manyThreadsFillOneArchive() throws Exception {
    List<PlannedImage> many = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Layer layer = images.layer("layer" + i, 5000);
      many.add(images.plan("many/x" + i + ":1", images.image(TestImages.AMD64, shared, layer)));
    }
    try (ArchiveWriter writer = ArchiveWriter.create(output, many);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (PlannedImage image : many) {
        running.add(
            threads.submit(
                () -> {
                  images.store(image, writer);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
      writer.finish(many);
    }

    entries()
        .forEach(
            (name, bytes) -> {
              if (name.startsWith("blobs/")) {
                assertThat(Digest.sha256(bytes).hex()).isEqualTo(name.substring(13));
              }
            });
  }

  @Test
  void anInterruptedUploadWritesWhatCameAndDoesNotStopTheOthers() throws Exception {
    try (ArchiveWriter writer = ArchiveWriter.create(output, plan);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> interrupted =
          threads.submit(
              () -> {
                Thread.currentThread().interrupt();
                images.store(index, writer);
                return Thread.currentThread().isInterrupted();
              });
      assertThat(interrupted.get()).isTrue();
      for (PlannedImage image : plan) {
        images.store(image, writer);
      }
      writer.finish(plan);
    }
    assertThat(output).exists();
  }

  @Test
  void anArchiveThatIsLargerThanTheDiskIsRefused() {
    assertThatThrownBy(() -> ArchiveWriter.checkSpace(output, Long.MAX_VALUE))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.SPACE));
  }

  private void write(List<PlannedImage> plan, List<PlannedImage> completed) throws IOException {
    try (ArchiveWriter writer = ArchiveWriter.create(output, plan)) {
      for (PlannedImage image : completed) {
        images.store(image, writer);
      }
      writer.finish(completed);
    }
  }

  private Map<String, byte[]> entries() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (TarFile tar = new TarFile(output)) {
      for (TarArchiveEntry entry : tar.getEntries()) {
        try (InputStream in = tar.getInputStream(entry)) {
          assertThat(entries.put(entry.getName(), in.readAllBytes())).isNull();
        }
      }
    }
    return entries;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
