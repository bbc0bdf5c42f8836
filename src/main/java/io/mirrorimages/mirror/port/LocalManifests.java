package io.mirrorimages.mirror.port;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import java.util.Optional;

/** The ability of a remote source that knows some of its manifests from this machine's disk. */
@FunctionalInterface
public interface LocalManifests {
  /** A manifest that is on this machine already; empty if it has to be requested. */
  Optional<Manifest> localManifest(Digest digest);

  /** The ability of {@code source}, or that of a source with no manifest on this machine. */
  static LocalManifests of(ImageSource source) {
    return source.ability(LocalManifests.class).orElse(digest -> Optional.empty());
  }
}
