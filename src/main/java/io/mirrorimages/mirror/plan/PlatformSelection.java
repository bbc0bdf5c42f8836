package io.mirrorimages.mirror.plan;

import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.ImageConfig;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.ManifestBudget;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.stream.ResumingStream;
import io.mirrorimages.mirror.stream.VerifyingStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a platform filter leaves of images. Where a manifest or an index does not say what it runs
 * on, its config is read. Thread-safe.
 */
final class PlatformSelection {
  private final PlatformFilter filter;
  private final ImageSource source;
  private final Retries retries;
  private final ManifestCache manifests;

  /**
   * @param source what configs are read from
   * @param retries how that is tried again
   * @param manifests gives those that an index refers to
   */
  PlatformSelection(
      PlatformFilter filter, ImageSource source, Retries retries, ManifestCache manifests) {
    this.filter = filter;
    this.source = source;
    this.retries = retries;
    this.manifests = manifests;
  }

  /**
   * What the tag is to show.
   *
   * @param manifest empty if it has not been fetched
   */
  record Wanted(Descriptor descriptor, Optional<Manifest> manifest) {
    static Wanted of(Manifest manifest) {
      return new Wanted(manifest.descriptor(), Optional.of(manifest));
    }
  }

  /**
   * What the tag is to show; empty if the filter wants nothing of the image. One manifest out of an
   * index is not fetched here: what has not changed needs not be.
   *
   * @param held what the image takes up
   */
  Optional<Wanted> of(Reference image, Manifest top, ManifestBudget held) throws IOException {
    boolean cache = top.isIndex() && top.children().isEmpty() && !top.blobs().isEmpty();
    if (filter.takesAll() || cache) {
      return Optional.of(Wanted.of(top));
    }
    if (!top.isIndex()) {
      return filter.takes(platformOf(image.repository(), top))
          ? Optional.of(Wanted.of(top))
          : Optional.empty();
    }
    List<Descriptor> selected =
        filter.select(
            top,
            entry ->
                MediaTypes.isIndex(entry.mediaType())
                    ? Optional.empty()
                    : platformOf(image.repository(), manifests.child(image, entry, held)));
    if (selected.isEmpty()) {
      return Optional.empty();
    }
    if (filter.wanted().size() == 1) {
      return Optional.of(new Wanted(selected.getFirst(), Optional.empty()));
    }
    Set<Digest> kept = new HashSet<>();
    selected.forEach(entry -> kept.add(entry.digest()));
    return Optional.of(Wanted.of(top.keepingOnly(kept)));
  }

  private Optional<Platform> platformOf(Repository repository, Manifest manifest)
      throws IOException {
    Optional<Descriptor> config =
        manifest.config().filter(c -> MediaTypes.isImageConfig(c.mediaType()));
    if (config.isEmpty()) {
      return Optional.empty();
    }
    if (config.get().size() > Manifest.LARGEST) {
      throw new InvalidContentException(
          "the image config has "
              + config.get().size()
              + " bytes, more than the "
              + Manifest.LARGEST
              + " allowed");
    }
    try (VerifyingStream in =
        new VerifyingStream(
            new ResumingStream(source, repository, config.get(), retries, RunListener.NONE),
            config.get())) {
      return Optional.of(ImageConfig.platform(in.readAllBytes()));
    }
  }
}
