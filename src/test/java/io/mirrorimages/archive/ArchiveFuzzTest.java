package io.mirrorimages.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.UnsupportedManifestException;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages an archive at random: the reader gives right content or a one-line refusal, never another
 * error, and never a manifest that does not have its digest.
 */
class ArchiveFuzzTest {
  private static final int ROUNDS = 3000;
  private static final byte[] TELLING = {0, ' ', '/', '.', '0', '7', '9', '"', (byte) 0x80, -1};

  @TempDir Path folder;

  @Test
  void damageIsRefusedOrHarmless() throws IOException {
    long seed = Long.getLong("mirror-images.seed", System.nanoTime());
    System.out.println("ArchiveFuzzTest: -Dmirror-images.seed=" + seed);
    byte[] ours = ours();
    byte[] foreign = foreign();
    Random random = new Random(seed);
    Path file = folder.resolve("damaged.tar");
    int opened = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] damaged = damage(round % 2 == 0 ? ours : foreign, random);
      Files.write(file, damaged);
      try {
        opened += read(file) ? 1 : 0;
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
    }
    // Else the damage is so plain that it tests nothing.
    assertThat(opened).isBetween(ROUNDS / 20, ROUNDS);
  }

  /** Whether it could be opened. */
  private static boolean read(Path file) throws IOException {
    try (ArchiveReader reader = ArchiveReader.open(file)) {
      for (ArchivedImage image : reader.images()) {
        try {
          Manifest manifest = reader.manifest(image.name());
          assertThat(Digest.sha256(manifest.bytes())).isEqualTo(manifest.digest());
          for (Descriptor blob : manifest.blobs()) {
            if (reader.has(image.name().repository(), blob)) {
              try (InputStream in = reader.open(image.name().repository(), blob, 0)) {
                assertThat(in.readAllBytes()).hasSize((int) blob.size());
              }
            }
          }
        } catch (MirrorException | InvalidContentException | UnsupportedManifestException e) {
          assertThat(e.getMessage()).hasLineCount(1);
        }
      }
      return true;
    } catch (MirrorException e) {
      assertThat(e.getMessage()).hasLineCount(1);
      return false;
    }
  }

  /** Changes one to eight places; half of the time, with checksums that are right again. */
  private static byte[] damage(byte[] archive, Random random) {
    byte[] damaged = archive.clone();
    boolean signed = random.nextBoolean();
    for (int i = random.nextInt(8); i >= 0; i--) {
      // Headers and metadata are small beside the blobs, and more worth a try.
      int at =
          random.nextInt(random.nextBoolean() ? Math.min(6000, damaged.length) : damaged.length);
      switch (random.nextInt(4)) {
        case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> damaged[at] = TELLING[random.nextInt(TELLING.length)];
        case 2 -> {
          int from = at / 512 * 512;
          int to = random.nextInt(damaged.length / 512) * 512;
          System.arraycopy(damaged, from, damaged, to, 512);
        }
        default -> {
          // The size, the type and the checksum of a header.
          int field = at / 512 * 512 + 124 + random.nextInt(34);
          damaged[field] = TELLING[random.nextInt(TELLING.length)];
        }
      }
      if (signed) {
        byte[] block = Arrays.copyOfRange(damaged, at / 512 * 512, at / 512 * 512 + 512);
        if (new String(block, 257, 5, StandardCharsets.ISO_8859_1).equals("ustar")) {
          TarBuilder.sign(block);
          System.arraycopy(block, 0, damaged, at / 512 * 512, 512);
        }
      }
    }
    int length = random.nextInt(10) == 0 ? random.nextInt(damaged.length) : damaged.length;
    return Arrays.copyOf(damaged, length);
  }

  private byte[] ours() throws IOException {
    TestImages images = new TestImages();
    Manifest amd64 = images.image(TestImages.AMD64, images.layer("a", 500));
    Manifest arm64 = images.image(TestImages.ARM64, images.layer("b", 500));
    List<PlannedImage> plan =
        List.of(
            images.plan("rancher/shell:v1", images.index(amd64, arm64)),
            images.plan("rancher/shell:v2", amd64));
    Path file = folder.resolve("ours.tar");
    try (ArchiveWriter writer = ArchiveWriter.create(file, plan)) {
      for (PlannedImage image : plan) {
        images.store(image, writer);
      }
      writer.finish(plan);
    }
    return Files.readAllBytes(file);
  }

  private static byte[] foreign() {
    TestImages images = new TestImages();
    Manifest image = images.image(TestImages.AMD64, images.layer("a", 500));
    TarBuilder tar = new TarBuilder().special("./", '5');
    String path = " path=index.json\n";
    tar.pax((path.length() + 2) + path);
    tar.file(
        "x",
        "{\"manifests\":[{\"digest\":\"%s\",\"size\":%d,\"annotations\":{\"%s\":\"a/b:1\"}}]}"
            .formatted(image.digest(), image.bytes().length, LayoutNames.REF_NAME));
    tar.entry(
        "././@LongLink", (byte) 'L', "oci-layout\0".getBytes(StandardCharsets.UTF_8), header -> {});
    tar.file("y", TarBuilder.LAYOUT);
    tar.blob(image.bytes());
    image.blobs().forEach(blob -> tar.blob(images.content(blob.digest())));
    return tar.build();
  }
}
