package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.UnsupportedManifestException;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.engine.Verifier;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.testing.MemoryRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads archives that are damaged at random, and loads them: there is a refusal of one line, or
 * what arrives has the digests and names it must have; never another error, and no memory is taken
 * for what a header only claims.
 *
 * <p>{@code -Dmirror-images.rounds} makes it longer; {@code -Dmirror-images.seed} with one round
 * plays a failure again.
 */
class ArchiveFuzzTest {
  private static final int ROUNDS = Integer.getInteger("mirror-images.rounds", 3000);
  private static final Retries ONCE = new Retries(0, Duration.ZERO);

  /** For one archive, which takes milliseconds, on a machine that is busy with others. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** For an archive of some ten thousand bytes. */
  private static final long MOST_MEMORY = 16 * 1024 * 1024;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  @Test
  void damageIsRefusedOrHarmless() throws IOException {
    long seed = Long.getLong("mirror-images.seed", System.nanoTime());
    System.out.println("ArchiveFuzzTest: -Dmirror-images.seed=" + seed);
    DamagedArchives archives = new DamagedArchives();
    Path file = folder.resolve("damaged.tar");
    int opened = 0;
    int copied = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(seed + round);
      Files.write(file, archives.next(random));
      try {
        int images = assertTimeoutPreemptively(PATIENCE, () -> read(file, random));
        opened += images < 0 ? 0 : 1;
        copied += Math.max(0, images);
      } catch (RuntimeException | Error e) {
        throw new AssertionError(
            "-Dmirror-images.rounds=1 -Dmirror-images.seed=" + (seed + round), e);
      }
    }
    if (ROUNDS > 100) {
      // Else the damage is so plain that it tests nothing, or is none.
      assertThat(opened).isBetween(ROUNDS / 5, ROUNDS * 4 / 5);
      assertThat(copied).isBetween(ROUNDS / 5, ROUNDS * 2);
    }
  }

  /** The number of images that arrived; -1 if the archive was refused. */
  private int read(Path file, Random random) throws IOException {
    long before = threads.getCurrentThreadAllocatedBytes();
    try (ArchiveReader reader = ArchiveReader.open(file)) {
      for (ArchivedImage image : reader.images()) {
        try {
          readAll(reader, image.name());
        } catch (TransferException | InvalidContentException | UnsupportedManifestException e) {
          assertPlain(e.getMessage());
        }
      }
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_MEMORY);
      return load(reader, random);
    } catch (TransferException e) {
      assertPlain(e.getMessage());
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_MEMORY);
      return -1;
    }
  }

  private static void readAll(ArchiveReader reader, Reference name) throws IOException {
    Manifest manifest = reader.manifest(name);
    assertThat(Digest.sha256(manifest.bytes())).isEqualTo(manifest.digest());
    for (Descriptor blob : manifest.blobs()) {
      if (reader.has(name.repository(), blob)) {
        try (InputStream in = reader.open(name.repository(), blob, 0)) {
          assertThat(in.readAllBytes()).hasSize((int) blob.size());
        }
      }
    }
  }

  private static int load(ArchiveReader reader, Random random) throws IOException {
    Map<Reference, Digest> wanted = new HashMap<>();
    for (ArchivedImage image : reader.images()) {
      if (random.nextInt(4) > 0) {
        wanted.put(image.name(), image.descriptor().digest());
      }
    }
    List<ImageRequest> requests =
        wanted.keySet().stream().map(name -> new ImageRequest(name, name)).toList();
    MemoryRegistry target = new MemoryRegistry();
    MirrorOptions options = new MirrorOptions(2, new PlatformFilter(List.of()), ONCE);
    List<ImageResult> results;
    try (Mirror mirror = new Mirror(reader, options, RunListener.NONE)) {
      results = mirror.plan(requests, target.asTarget()).carryOut();
    }
    Set<Reference> copied = new HashSet<>();
    for (ImageResult result : results) {
      Reference name = result.request().target();
      if (result.status() == Status.COPIED) {
        copied.add(name);
        assertThat(result.targetDigest()).contains(wanted.get(name));
      } else {
        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertPlain(result.message());
      }
    }
    assertHolds(target, copied, wanted);
    return copied.size();
  }

  /** The target has these images, whole, and under no other tag anything. */
  private static void assertHolds(
      MemoryRegistry target, Set<Reference> copied, Map<Reference, Digest> wanted) {
    for (String put : target.requests("PUT")) {
      Reference name = Reference.parse(put.substring(4));
      if (name.tag().isPresent()) {
        assertThat(copied).contains(name);
        assertThat(target.shown(name.toString()).orElseThrow().digest())
            .isEqualTo(wanted.get(name));
      }
    }
    List<ImageRequest> pinned =
        copied.stream().map(name -> new ImageRequest(name.at(wanted.get(name)), name)).toList();
    try (Verifier verifier = new Verifier(target, true, 1, ONCE, RunListener.NONE)) {
      assertThat(verifier.verify(pinned))
          .allSatisfy(r -> assertThat(r.status()).as(r.message()).isEqualTo(Status.VERIFIED));
    }
  }

  private static void assertPlain(String message) {
    assertThat(message).isNotBlank().hasLineCount(1).hasSizeLessThan(1000);
    assertThat(message.chars()).noneMatch(Character::isISOControl);
  }
}
