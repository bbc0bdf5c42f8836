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
record Draft(
    ImageRequest request,
    Optional<Digest> shown,
    Optional<Digest> known,
    Optional<Manifest> top,
    Optional<ImageResult> result) {

  static Draft of(ImageRequest request) {
    return new Draft(
        request, Optional.empty(), request.source().digest(), Optional.empty(), Optional.empty());
  }

  Draft shown(Optional<Digest> digest) {
    return new Draft(request, digest, known, top, result);
  }

  Draft known(Optional<Digest> digest) {
    return new Draft(request, shown, digest, top, result);
  }

  Draft with(Manifest manifest) {
    return new Draft(request, shown, Optional.of(manifest.digest()), Optional.of(manifest), result);
  }

  Draft ended(ImageResult end) {
    return new Draft(request, shown, known, top, Optional.of(end));
  }

  boolean isOpen() {
    return result.isEmpty();
  }
}
