package io.mirrorimages.archive.read;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The manifests that were read last: one that many names share need not be read, hashed and parsed
 * for each. A few megabytes at most, whatever the archive has. Thread-safe.
 */
final class RecentManifests {
  /** In bytes of the documents; what is made of them may be a few times as large. */
  private static final long CAPACITY = 2L * Manifest.LARGEST;

  @GuardedBy("this")
  private final Map<Digest, Manifest> manifests = new LinkedHashMap<>(16, 0.75f, true);

  @GuardedBy("this")
  private long bytes;

  /**
   * The manifest with this digest, if it was read as {@code mediaType} would have it: what refers
   * to it may contradict the document.
   */
  synchronized Optional<Manifest> get(Digest digest, String mediaType) {
    return Optional.ofNullable(manifests.get(digest))
        .filter(manifest -> manifest.mediaType().equals(mediaType));
  }

  synchronized void add(Manifest manifest) {
    if (manifests.put(manifest.digest(), manifest) == null) {
      bytes += manifest.bytes().length;
    }
    for (Iterator<Manifest> oldest = manifests.values().iterator(); bytes > CAPACITY; ) {
      bytes -= oldest.next().bytes().length;
      oldest.remove();
    }
  }
}
