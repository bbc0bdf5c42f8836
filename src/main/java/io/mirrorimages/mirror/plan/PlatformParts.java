package io.mirrorimages.mirror.plan;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.ManifestBudget;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.port.ImageSource;
import java.io.IOException;
import java.util.Optional;

/**
 * What a platform filter leaves of images that are read from one place. Keeps no manifest.
 * Thread-safe.
 */
public final class PlatformParts {
  private final PlatformFilter filter;
  private final ImageSource place;
  private final ManifestCache manifests;
  private final PlatformSelection selection;

  /**
   * @param retries how reading of configs is retried, where only they tell the platform
   */
  public PlatformParts(PlatformFilter filter, ImageSource place, Retries retries) {
    this.filter = filter;
    this.place = place;
    this.manifests = new ManifestCache(place, Optional.empty());
    this.selection = new PlatformSelection(filter, place, retries, manifests);
  }

  /** The filter. */
  public PlatformFilter filter() {
    return filter;
  }

  /** What a tag shows that was brought with the filter; empty if the filter takes nothing. */
  public Optional<Manifest> of(Reference image, Manifest top) throws IOException {
    ManifestBudget held = new ManifestBudget();
    try {
      Optional<PlatformSelection.Wanted> wanted = selection.of(image, top, held);
      if (wanted.isEmpty() || wanted.get().manifest().isPresent()) {
        return wanted.flatMap(PlatformSelection.Wanted::manifest);
      }
      return Optional.of(manifests.child(image, wanted.get().descriptor(), held));
    } finally {
      manifests.forget(held.digests());
    }
  }

  /**
   * Whether the filter takes nothing of an image.
   *
   * @param image pinned by the digest of the whole
   * @return false if that can't be told
   */
  public boolean isNothingOf(Reference image) {
    try {
      return of(image, place.manifest(image)).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The digest of that part.
   *
   * @param image pinned by the digest of the whole
   */
  public Optional<Digest> digest(Reference image) throws IOException {
    try {
      return of(image, place.manifest(image)).map(Manifest::digest);
    } catch (TransferException e) {
      if (e.reason() == FailureKind.MISSING) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
