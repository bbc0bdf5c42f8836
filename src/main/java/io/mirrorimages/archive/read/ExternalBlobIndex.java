package io.mirrorimages.archive.read;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.port.ExternalBlob;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the inventories say of the blobs that none of the given files has: made once, when it is
 * first asked for. Thread-safe.
 */
final class ExternalBlobIndex {
  private final VolumeSet set;
  private final Set<Digest> present;

  @GuardedBy("this")
  private @Nullable Map<Digest, ExternalBlob> lacking;

  ExternalBlobIndex(VolumeSet set, Set<Digest> present) {
    this.set = set;
    this.present = present;
  }

  /** Where the blob is; empty if nothing is known of it. */
  synchronized Optional<ExternalBlob> of(Digest blob) {
    if (lacking == null) {
      Map<Digest, ExternalBlob> found = new HashMap<>();
      set.archives().forEach(archive -> collect(archive, found));
      lacking = found;
    }
    return Optional.ofNullable(lacking.get(blob));
  }

  private void collect(Inventory archive, Map<Digest, ExternalBlob> found) {
    Map<Digest, List<Reference>> holders = new HashMap<>();
    for (Inventory.Image image : archive.images()) {
      for (Digest content : new HashSet<>(image.contents())) {
        if (!present.contains(content)) {
          holders
              .computeIfAbsent(content, d -> new ArrayList<>())
              .add(
                  new Reference(
                      image.name().repository(),
                      image.name().tag(),
                      Optional.of(image.descriptor().digest())));
        }
      }
    }
    for (Inventory.Blob blob : archive.blobs()) {
      if (!present.contains(blob.digest())) {
        found.putIfAbsent(
            blob.digest(),
            new ExternalBlob(
                set.whereIs(archive, blob),
                blob.base().isPresent(),
                holders.getOrDefault(blob.digest(), List.of())));
      }
    }
  }
}
