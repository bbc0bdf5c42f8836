package io.mirrorimages.mirror.plan;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.port.ForwardingImageSource;
import io.mirrorimages.mirror.port.ImageSource;
import java.io.IOException;
import java.util.Optional;

/**
 * A source whose manifests need not be fetched where their bytes are known: it is only asked what
 * digest it shows, which registries do not count as a pull. Thread-safe; closes nothing.
 */
public final class KnownManifests extends ForwardingImageSource {
  private final ManifestLookup bytes;

  /** Where manifests are known from, by their digest. */
  public interface ManifestLookup {
    /** The manifest; a failure if it is not known, or damaged there. */
    Manifest manifest(Digest digest) throws IOException;
  }

  /** That source. */
  public KnownManifests(ImageSource source, ManifestLookup bytes) {
    super(source);
    this.bytes = bytes;
  }

  /** What is not known, or of what the source does not tell the digest, is fetched. */
  @Override
  public Manifest manifest(Reference image) throws IOException {
    if (image.digest().isPresent() && known(image.digest().get()).isEmpty()) {
      return super.manifest(image);
    }
    Optional<Manifest> known =
        resolve(image)
            .filter(shown -> image.digest().isEmpty() || image.digest().get().equals(shown))
            .flatMap(this::known);
    return known.isPresent() ? known.get() : super.manifest(image);
  }

  private Optional<Manifest> known(Digest digest) {
    try {
      return Optional.of(bytes.manifest(digest));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }
}
