package io.mirrorimages.mirror;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Platform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which platforms of an image are wanted. No platform means all of them, and leaves every image as
 * it is; one makes the tag that platform's own manifest; several make a new index of the original
 * entries. Immutable.
 *
 * @param wanted the platforms, in the order of preference; empty for all
 */
public record PlatformFilter(List<Platform> wanted) {
  /** Takes everything. */
  public static final PlatformFilter ALL = new PlatformFilter(List.of());

  /** Copies the list. */
  public PlatformFilter {
    wanted = List.copyOf(wanted);
  }

  /**
   * Finds out what an image runs on, where the index does not say; empty for what is no container
   * image.
   */
  public interface PlatformOf {
    Optional<Platform> platform(Descriptor manifest) throws IOException;
  }

  /** Whether nothing is filtered. */
  public boolean takesAll() {
    return wanted.isEmpty();
  }

  /**
   * Whether a single manifest of {@code platform} is wanted; one without platform, such as a chart,
   * always is.
   */
  public boolean takes(Optional<Platform> platform) {
    return takesAll()
        || platform.isEmpty()
        || wanted.stream().anyMatch(w -> w.accepts(platform.get()));
  }

  /**
   * The entries of {@code index} that are wanted, in their order, each attestation with the image
   * it attests. With one platform wanted it is at most one entry: the best match, without
   * attestation.
   */
  public List<Descriptor> select(Manifest index, PlatformOf platforms) throws IOException {
    if (takesAll()) {
      return index.children();
    }
    List<Candidate> candidates = new ArrayList<>();
    for (Descriptor entry : index.children()) {
      if (entry.attested().isEmpty()) {
        Optional<Platform> platform =
            entry.platform().isPresent() ? entry.platform() : platforms.platform(entry);
        if (takes(platform)) {
          candidates.add(new Candidate(entry, platform));
        }
      }
    }
    if (wanted.size() == 1) {
      return candidates.stream().min(Candidate::compareFit).map(Candidate::entry).stream().toList();
    }
    return withAttestations(index, candidates);
  }

  private static List<Descriptor> withAttestations(Manifest index, List<Candidate> candidates) {
    Set<Digest> kept = new HashSet<>();
    Set<String> images = new HashSet<>();
    for (Candidate candidate : candidates) {
      kept.add(candidate.entry().digest());
      images.add(candidate.entry().digest().toString());
    }
    return index.children().stream()
        .filter(e -> kept.contains(e.digest()) || e.attested().map(images::contains).orElse(false))
        .toList();
  }

  /** "linux/amd64, linux/arm64". */
  @Override
  public String toString() {
    return String.join(", ", wanted.stream().map(Platform::toString).toList());
  }

  private record Candidate(Descriptor entry, Optional<Platform> platform) {
    /**
     * Entries that name a platform before those that don't. Of several variants the plainest, which
     * runs everywhere; on 32-bit arm the newest, which is what the hosts of today are.
     */
    int compareFit(Candidate other) {
      if (platform.isEmpty() || other.platform.isEmpty()) {
        return Boolean.compare(platform.isEmpty(), other.platform.isEmpty());
      }
      int byVariant = platform.get().variant().compareTo(other.platform.get().variant());
      return platform.get().architecture().equals("arm") ? -byVariant : byVariant;
    }
  }
}
