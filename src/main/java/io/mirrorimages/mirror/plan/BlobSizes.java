package io.mirrorimages.mirror.plan;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.stream.ResumingStream;
import io.mirrorimages.mirror.stream.VerifyingStream;
import io.mirrorimages.mirror.work.Scheduler;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the images of a plan say of the size of each blob. A digest can have one size only, and what
 * an image claims is no proof: where images contradict each other, the source is asked, and where
 * that contradicts itself too, the bytes are hashed. The images that are wrong fail, and no others,
 * wherever they stand in the list. Not thread-safe.
 */
public final class BlobSizes {
  private static final int BUFFER = 128 * 1024;

  private final ImageSource source;
  private final Scheduler scheduler;
  private final int atOnce;
  private final Map<Digest, Long> sizes = new ConcurrentHashMap<>();

  /** The images of earlier calls. */
  private final List<PlannedImage> earlier = new ArrayList<>();

  /** For images of {@code source}, which is asked for {@code atOnce} blobs at a time. */
  public BlobSizes(ImageSource source, Scheduler scheduler, int atOnce) {
    this.source = source;
    this.scheduler = scheduler;
    this.atOnce = atOnce;
  }

  /** That the blob of a repository has so many bytes. */
  private record Claim(Repository repository, long size) {}

  /**
   * Which of the images are wrong about something they share with each other or with images of
   * earlier calls, and in what.
   *
   * @throws IOException only if the run was stopped
   */
  public Map<PlannedImage, TransferException> contradictions(List<PlannedImage> images)
      throws IOException {
    IdentityHashMap<PlannedImage, TransferException> wrong = new IdentityHashMap<>();
    // Nobody needs to claim anything of the manifests: they have been hashed.
    for (PlannedImage image : images) {
      image.manifests().forEach(known -> sizes.put(known.digest(), (long) known.bytes().length));
    }
    for (PlannedImage image : images) {
      image.contradiction(sizes).ifPresent(failure -> wrong.put(image, failure));
    }
    images.stream().filter(image -> !wrong.containsKey(image)).forEach(earlier::add);
    Map<Digest, Set<Claim>> contested = contested(earlier);
    scheduler.forEach(
        contested.entrySet(),
        atOnce,
        entry -> sizes.put(entry.getKey(), decide(entry.getKey(), entry.getValue())));
    if (!contested.isEmpty()) {
      for (PlannedImage image : images) {
        image.contradiction(sizes).ifPresent(failure -> wrong.putIfAbsent(image, failure));
      }
    }
    return wrong;
  }

  private Map<Digest, Set<Claim>> contested(List<PlannedImage> images) {
    Map<Digest, Long> first = new HashMap<>();
    Map<Digest, Set<Claim>> contested = new HashMap<>();
    for (PlannedImage image : images) {
      for (Descriptor blob : image.mentions()) {
        Long before = first.putIfAbsent(blob.digest(), blob.size());
        if (before != null && before != blob.size()) {
          contested.put(blob.digest(), new LinkedHashSet<>());
        }
      }
    }
    for (PlannedImage image : contested.isEmpty() ? List.<PlannedImage>of() : images) {
      for (Descriptor blob : image.mentions()) {
        Set<Claim> claims = contested.get(blob.digest());
        if (claims != null) {
          claims.add(new Claim(image.request().source().repository(), blob.size()));
        }
      }
    }
    return contested;
  }

  /** The size that the blob has; of a blob that can't be had, what the first image says. */
  private long decide(Digest digest, Set<Claim> claims) throws IOException {
    Set<Long> confirmed = new HashSet<>();
    boolean all = true;
    for (Claim claim : claims) {
      try {
        if (source.has(claim.repository(), blob(digest, claim))) {
          confirmed.add(claim.size());
        }
      } catch (IOException e) {
        checkStopped();
        all = false;
      }
    }
    if (all && confirmed.size() == 1) {
      return confirmed.iterator().next();
    }
    for (Claim claim : claims) {
      try {
        hash(claim.repository(), blob(digest, claim));
        return claim.size();
      } catch (IOException e) {
        checkStopped();
      }
    }
    return claims.iterator().next().size();
  }

  private static Descriptor blob(Digest digest, Claim claim) {
    return new Descriptor("", digest, claim.size());
  }

  /** Reads it; fails if it has another size or digest. */
  private void hash(Repository repository, Descriptor blob) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (InputStream content =
        new VerifyingStream(ResumingStream.withoutRetries(source, repository, blob), blob)) {
      while (content.read(buffer, 0, buffer.length) >= 0) {
        checkStopped();
      }
    }
  }

  private static void checkStopped() throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw Scheduler.interrupted();
    }
  }
}
