package io.mirrorimages.job;

import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.upload.Chunks;
import io.mirrorimages.state.OpenUploads;
import java.io.IOException;
import java.time.Duration;

/** Where the images of a job go. Whoever made the target closes it, after the job. */
public interface JobTarget {
  /** Makes ready what images need there, such as projects, and gives the target to fill. */
  ImageTarget prepare(JobListener listener) throws IOException;

  /** Tells hints about a plan before it is carried out, and gives it back. */
  default Mirror.Transfer checked(Mirror.Transfer transfer, JobListener listener)
      throws IOException {
    return transfer;
  }

  /** Lets requests that carry blobs come to their end, when the job is stopped; none begin. */
  default void finishUploads() {}

  /** Ends all connections, when the job is stopped; may be called twice. */
  default void disconnect() {}

  /** A target that needs no preparation. */
  static JobTarget of(ImageTarget target) {
    return listener -> target;
  }

  /**
   * A registry.
   *
   * @param prepared what is known of it
   * @param chunks how large blobs are cut
   * @param open the uploads to resume
   * @param forRequests how long requests may take to their end when the job is stopped
   */
  static JobTarget of(
      Registries registries,
      HarborPreparation prepared,
      Chunks chunks,
      OpenUploads open,
      Duration forRequests) {
    return new JobTarget() {
      @Override
      public ImageTarget prepare(JobListener listener) throws IOException {
        prepared.create(listener);
        return prepared.filling(registries.asTarget(chunks, open));
      }

      @Override
      public Mirror.Transfer checked(Mirror.Transfer transfer, JobListener listener)
          throws IOException {
        return prepared.checked(transfer, listener::hint);
      }

      @Override
      public void finishUploads() {
        registries.finishUploads(forRequests);
      }

      @Override
      public void disconnect() {
        registries.close();
      }
    };
  }
}
