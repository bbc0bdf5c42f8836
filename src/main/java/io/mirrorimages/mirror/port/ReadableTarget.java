package io.mirrorimages.mirror.port;

import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import java.io.IOException;
import java.util.Optional;

/** The ability of a target whose manifests can be read while it is written. */
@FunctionalInterface
public interface ReadableTarget {
  /** The manifest the target has for the image; empty if it has none. */
  Optional<Manifest> manifest(Reference image) throws IOException;

  /** The ability of {@code target}, or that of a target that shows no manifest. */
  static ReadableTarget of(ImageTarget target) {
    return target.ability(ReadableTarget.class).orElse(image -> Optional.empty());
  }
}
