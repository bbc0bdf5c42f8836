package io.mirrorimages.mirror.plan;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * How much the manifests of one image take up together: bounded, since the process holds them and
 * what they say, and a hundred of 4 MiB are as valid as one. Not thread-safe.
 */
public final class ManifestBytes {
  /** Those of real images have some hundred kilobytes. */
  public static final int MOST = 16 * 1024 * 1024;

  private final Set<Digest> counted = new HashSet<>();
  private long total;

  /**
   * Counts a manifest, once.
   *
   * @throws InvalidContentException if they are more than are held for one image
   */
  public void add(Manifest manifest) {
    if (counted.add(manifest.digest())) {
      total += manifest.bytes().length;
    }
    if (total > MOST) {
      throw new InvalidContentException(
          "its manifests have more than the " + MOST + " bytes together that one image may have");
    }
  }

  /** Those that were counted. */
  public Set<Digest> digests() {
    return Collections.unmodifiableSet(counted);
  }
}
