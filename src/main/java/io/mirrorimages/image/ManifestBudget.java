package io.mirrorimages.image;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * The manifests of one image, bounded in number and in bytes: the process holds them and what they
 * refer to, and a hundred of 4 MiB are as valid as one. Not thread-safe.
 */
public final class ManifestBudget {
  /** The most bytes of one image's manifests; those of real images have some hundred kilobytes. */
  public static final int MAX_BYTES = 16 * 1024 * 1024;

  /** The most manifests of one image; real images have some dozens. */
  public static final int MAX_MANIFESTS = 20_000;

  private final Set<Digest> counted = new HashSet<>();
  private long total;

  /** Nothing is counted yet. */
  public ManifestBudget() {}

  /**
   * Counts a manifest, once.
   *
   * @throws InvalidContentException if they exceed one of the bounds
   */
  public void add(Manifest manifest) {
    if (counted.add(manifest.digest())) {
      total += manifest.bytes().length;
    }
    if (total > MAX_BYTES) {
      throw new InvalidContentException(
          "its manifests have more than the "
              + MAX_BYTES
              + " bytes together that one image may have");
    }
    if (counted.size() > MAX_MANIFESTS) {
      throw new InvalidContentException(
          "it has more than the " + MAX_MANIFESTS + " manifests that one image may have");
    }
  }

  /** The digests of the manifests that were counted; not to be changed. */
  public Set<Digest> digests() {
    return Collections.unmodifiableSet(counted);
  }
}
