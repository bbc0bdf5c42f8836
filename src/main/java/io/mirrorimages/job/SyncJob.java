package io.mirrorimages.job;

import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.TargetNaming;
import java.util.List;

/**
 * Registry to registry or folder.
 *
 * @param requests the images, and where they go
 * @param mirror how the engine works
 */
public record SyncJob(List<ImageRequest> requests, MirrorOptions mirror) implements TransferJob {
  /** A copy of the requests. */
  public SyncJob {
    requests = List.copyOf(requests);
  }

  /** A registry has all blobs of its images. */
  @Override
  public TargetNaming names() {
    return TargetNaming.SAME;
  }

  @Override
  public SyncJob with(MirrorOptions other) {
    return new SyncJob(requests, other);
  }
}
