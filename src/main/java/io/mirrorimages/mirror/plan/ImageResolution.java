package io.mirrorimages.mirror.plan;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import java.util.Optional;

/**
 * An image on its way to be planned.
 *
 * @param request which
 * @param shown what the target shows under its name
 * @param known the digest it has at the source, if that could be told without its content
 * @param top its manifest or index, when it has been read
 * @param result its end, if it has come already
 */
record ImageResolution(
    ImageRequest request,
    Optional<Digest> shown,
    Optional<Digest> known,
    Optional<Manifest> top,
    Optional<ImageResult> result) {

  static ImageResolution of(ImageRequest request) {
    return new ImageResolution(
        request, Optional.empty(), request.source().digest(), Optional.empty(), Optional.empty());
  }

  ImageResolution shown(Optional<Digest> digest) {
    return new ImageResolution(request, digest, known, top, result);
  }

  ImageResolution known(Optional<Digest> digest) {
    return new ImageResolution(request, shown, digest, top, result);
  }

  ImageResolution with(Manifest manifest) {
    return new ImageResolution(
        request, shown, Optional.of(manifest.digest()), Optional.of(manifest), result);
  }

  ImageResolution ended(ImageResult end) {
    return new ImageResolution(request, shown, known, top, Optional.of(end));
  }

  boolean isOpen() {
    return result.isEmpty();
  }
}
