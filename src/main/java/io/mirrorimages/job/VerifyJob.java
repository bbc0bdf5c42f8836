package io.mirrorimages.job;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.engine.Verifier;
import io.mirrorimages.mirror.plan.KnownManifests;
import io.mirrorimages.mirror.port.ImageSource;
import java.util.List;
import java.util.Optional;

/**
 * Checks that images are complete and undamaged where they are. Changes nothing. Holds no files and
 * no connections between its calls.
 *
 * @param requests the images; each one's {@code target} is its name at the place that is checked,
 *     and must show the digest that its {@code source} is pinned to, if it is
 * @param mirror how many at once, which platforms, and how patiently
 * @param deep whether every blob is read and hashed; else its presence and size are checked
 */
public record VerifyJob(List<ImageRequest> requests, MirrorOptions mirror, boolean deep) {
  /** A copy of the requests. */
  public VerifyJob {
    requests = List.copyOf(requests);
  }

  /** Checks a registry or an archive. A single image's failure is its result. */
  public JobResult run(JobSource place, JobListener listener, Cancellation cancellation) {
    return run(place, place.images(), listener, cancellation);
  }

  /**
   * Checks that a registry has what an archive has. Manifests of the archive are fetched from the
   * registry only if the check is {@code deep}.
   *
   * @param original the archive; open until this returns
   */
  public JobResult run(
      JobSource place, ArchiveReader original, JobListener listener, Cancellation cancellation) {
    ImageSource images =
        deep
            ? place.images()
            : new KnownManifests(place.images(), digest -> original.manifest(digest, ""));
    return run(place.with(images), (ImageSource) original, listener, cancellation);
  }

  private JobResult run(
      JobSource place, ImageSource original, JobListener listener, Cancellation cancellation) {
    try (Verifier verifier =
        new Verifier(place.images(), deep, mirror.jobs(), mirror.retries(), listener)
            .withoutForeignLayers(mirror.withoutForeignLayers())
            .only(mirror.filter(), original)) {
      cancellation.onStop(verifier::stop);
      cancellation.onStop(place.disconnect());
      return new JobResult(verifier.verify(requests), Optional.empty());
    }
  }
}
