package io.mirrorimages.archive.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.ResumableUpload;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An archive of more than 2 TiB with files of more than 8 GiB, where tar's octal numbers end. The
 * large layers are holes in a sparse file, as if an earlier run had brought them; around them are
 * real ones.
 */
class HugeArchiveIT {
  private static final long GIB = 1L << 30;

  /** The last that has room in eleven octal digits, and the first that has not. */
  private static final long LAST_OCTAL = 8 * GIB - 1;

  private static final List<Long> SIZES =
      List.of(LAST_OCTAL, LAST_OCTAL + 1, 9 * GIB + 1, 1300 * GIB, 1300 * GIB + 511);

  private final TestImages images = new TestImages();
  private final List<Descriptor> huge = new ArrayList<>();
  private final PlannedImage before =
      images.plan("rancher/before:1", images.image(TestImages.AMD64, images.layer("a", 1000)));
  private final PlannedImage large = images.plan("rancher/large:1", hugeImage());
  private final PlannedImage after =
      images.plan("rancher/after:1", images.image(TestImages.ARM64, images.layer("b", 1000)));
  private final List<PlannedImage> plan = List.of(before, large, after);

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("huge.tar");
    Plan whole = new Plan(plan, List.of(), new Plan.Totals(0, 0, 0, 0, 0));
    ArchiveWriter.create(ArchiveSpec.of(file), whole, "key").close();
    for (Descriptor layer : huge) {
      Files.writeString(
          ArchiveFileNames.ofOneFile(file).journal(),
          "have " + layer.digest() + " " + layer.size() + "\n",
          StandardOpenOption.APPEND);
    }
    try (ArchiveWriter writer =
        ArchiveWriter.resume(
            ArchiveSpec.of(file), UnfinishedArchive.find(ArchiveSpec.of(file)).orElseThrow())) {
      Repository repository = large.request().target().repository();
      for (Descriptor layer : huge) {
        try (BlobUpload upload = writer.begin(repository, layer, Optional.empty())) {
          assertThat(ResumableUpload.of(upload).kept()).isEqualTo(layer.size());
          try (InputStream kept = ResumableUpload.of(upload).keptBytes().orElseThrow()) {
            assertThat(kept.read()).isZero();
          }
          upload.send(InputStream.nullInputStream());
        }
      }
      for (PlannedImage image : plan) {
        images.store(image, writer);
      }
      writer.finish(plan);
    }
  }

  @Test
  void hasThePlannedSizeAndIsReadBack() throws IOException {
    assertThat(Files.size(file)).isEqualTo(ArchiveWriter.sizeOf(plan)).isGreaterThan(2048 * GIB);

    try (ArchiveReader reader = ArchiveReader.open(file)) {
      assertThat(reader.images()).hasSize(3);
      for (PlannedImage image : plan) {
        assertThat(reader.manifest(image.request().source())).isEqualTo(image.top());
      }
      Repository repository = large.request().source().repository();
      for (Descriptor layer : huge) {
        assertThat(reader.has(repository, layer)).isTrue();
        try (InputStream in = reader.open(repository, layer, layer.size() - 100)) {
          assertThat(in.readAllBytes()).containsOnly(0).hasSize(100);
        }
      }
      // Behind all of them: a wrong offset would show here.
      for (Descriptor blob : after.blobs()) {
        Reference name = after.request().source();
        try (InputStream in = reader.open(name.repository(), blob, 0)) {
          assertThat(Digest.sha256(in.readAllBytes())).isEqualTo(blob.digest());
        }
      }
    }
  }

  @Test
  void gnuTarReadsTheSameNamesAndSizes() throws Exception {
    Map<String, Long> listed = new TreeMap<>();
    // -rw-r--r-- 0/0  SIZE 1970-01-01 00:00 NAME
    for (String line : run("tar", "--list", "--verbose", "--file", file.toString())) {
      String[] columns = line.split(" +");
      listed.put(columns[5], Long.parseLong(columns[2]));
    }
    assertThat(listed).containsAllEntriesOf(sizes()).containsKeys("oci-layout", "index.json");

    Descriptor last = after.top().layers().getLast();
    String name = LayoutNames.blob(last.digest());
    run(
        "tar",
        "--extract",
        "--seek",
        "--directory",
        folder.toString(),
        "--file",
        file.toString(),
        name);
    assertThat(folder.resolve(name)).hasBinaryContent(images.content(last.digest()));
  }

  @Test
  void pythonReadsTheSameNamesAndSizes() throws Exception {
    assumeTrue(Tool.isInstalled("python3"), "there is no python3");
    String script = "import sys,tarfile\nfor f in tarfile.open(sys.argv[1]): print(f.size, f.name)";
    Map<String, Long> listed = new TreeMap<>();
    for (String line : run("python3", "-c", script, file.toString())) {
      listed.put(line.split(" ")[1], Long.parseLong(line.split(" ")[0]));
    }
    assertThat(listed).containsAllEntriesOf(sizes()).containsKeys("oci-layout", "index.json");
  }

  private static List<String> run(String... command) throws IOException, InterruptedException {
    return Tool.run(List.of(command), Map.of()).lines().toList();
  }

  private Map<String, Long> sizes() {
    Map<String, Long> sizes = new TreeMap<>();
    for (PlannedImage image : plan) {
      image
          .manifests()
          .forEach(m -> sizes.put(LayoutNames.blob(m.digest()), 0L + m.bytes().length));
      image.blobs().forEach(b -> sizes.put(LayoutNames.blob(b.digest()), b.size()));
    }
    return sizes;
  }

  private Manifest hugeImage() {
    for (long size : SIZES) {
      Digest digest = Digest.sha256(Long.toString(size).getBytes(StandardCharsets.US_ASCII));
      huge.add(new Descriptor("application/vnd.oci.image.layer.v1.tar", digest, size));
    }
    Descriptor config = images.blob("a/config", "{}".getBytes(StandardCharsets.UTF_8));
    String layers = String.join(",", huge.stream().map(HugeArchiveIT::json).toList());
    return images.manifest(
        ("{\"config\":" + json(config) + ",\"layers\":[" + layers + "]}")
            .getBytes(StandardCharsets.UTF_8));
  }

  private static String json(Descriptor descriptor) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(descriptor.mediaType(), descriptor.digest(), descriptor.size());
  }
}
