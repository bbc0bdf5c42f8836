package io.mirrorimages.job;

import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.port.ImageSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Archive to registry. A load that was stopped is resumed by the same job. Holds no files and no
 * connections between its calls.
 *
 * @param requests the images, and where they go
 * @param mirror how the engine works
 * @param names what any image of the archive is called at the target: blobs may be there under it
 */
public record LoadJob(
    List<ImageRequest> requests, MirrorOptions mirror, UnaryOperator<Reference> names) {
  /** A copy of the requests. */
  public LoadJob {
    requests = List.copyOf(requests);
  }

  /**
   * Loads. A single image's failure is its result.
   *
   * @param archive has the images; open until this returns
   * @throws IOException if all of it failed
   */
  public JobResult run(
      ImageSource archive, JobTarget target, JobListener listener, Cancellation cancellation)
      throws IOException {
    try (Mirror engine = new Mirror(archive, mirror, listener)) {
      cancellation.onStop(engine::endSoon);
      cancellation.onStop(target::finishUploads);
      cancellation.onStop(engine::stop);
      cancellation.onStop(target::disconnect);
      Mirror.Transfer transfer =
          target.checked(engine.plan(requests, target.prepare(listener), names), listener);
      return new JobResult(transfer.carryOut(), Optional.of(transfer.plan()));
    }
  }
}
