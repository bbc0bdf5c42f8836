package io.mirrorimages.job;

import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.upload.Chunks;
import io.mirrorimages.state.OpenUploads;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Where the images of a job go. Whoever made the target closes it, after the job. Used by one job,
 * whose thread calls it; {@link #finishUploads} and {@link #disconnect} may be called from any
 * thread.
 */
public interface JobTarget {
  /** Makes ready what images need there, such as projects, and gives the target to fill. */
  ImageTarget prepare(JobListener listener) throws IOException;

  /** The target as {@link #prepare} would leave it; changes nothing, and notes what that makes. */
  ImageTarget foresee(JobListener listener) throws IOException;

  /**
   * Looks at a plan before it is carried out, and reports hints about it.
   *
   * @throws IOException if none of it can be carried out, as without space
   */
  default void check(Plan plan, JobListener listener) throws IOException {}

  /** Notes what a plan that is not carried out would use of the target's budgets. */
  default void foresee(Plan plan, JobListener listener) throws IOException {}

  /**
   * Ends a plan that was carried out.
   *
   * @param results of all images, also of those that the plan does not have
   */
  default void finish(Plan plan, List<ImageResult> results) throws IOException {}

  /** Lets requests that carry blobs come to their end, when the job is stopped; none begin. */
  default void finishUploads() {}

  /** Ends all connections, when the job is stopped; may be called twice. */
  default void disconnect() {}

  /** A target that needs no preparation, as a registry that is no Harbor. */
  static JobTarget of(ImageTarget target) {
    return new JobTarget() {
      @Override
      public ImageTarget prepare(JobListener listener) {
        return target;
      }

      @Override
      public ImageTarget foresee(JobListener listener) {
        return target;
      }
    };
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
    return new RegistryJobTarget(registries, prepared, chunks, open, forRequests);
  }
}
