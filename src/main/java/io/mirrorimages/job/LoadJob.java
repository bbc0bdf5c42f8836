package io.mirrorimages.job;

import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.TargetNaming;
import java.util.List;

/**
 * Archive to registry or folder.
 *
 * @param requests the images, and where they go
 * @param mirror how the engine works
 * @param names what any image of the archive is called at the target: a delta leaves out blobs that
 *     may be there under that name
 */
public record LoadJob(List<ImageRequest> requests, MirrorOptions mirror, TargetNaming names)
    implements TransferJob {
  /** A copy of the requests. */
  public LoadJob {
    requests = List.copyOf(requests);
  }

  @Override
  public LoadJob with(MirrorOptions other) {
    return new LoadJob(requests, other, names);
  }
}
