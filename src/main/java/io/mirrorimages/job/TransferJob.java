package io.mirrorimages.job;

import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.TargetNaming;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.engine.Preparation;
import io.mirrorimages.mirror.port.ImageTarget;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Copies images to a target that may have some of them already: a registry or a folder. A job that
 * was stopped is resumed by the same job. Holds no files and no connections between its calls.
 */
public sealed interface TransferJob permits LoadJob, SyncJob {
  /** The images, and where they go. */
  List<ImageRequest> requests();

  /** How the engine works. */
  MirrorOptions mirror();

  /** What any image of the source is called at the target: blobs may be there under that name. */
  TargetNaming names();

  /** The same with another way to work. */
  TransferJob with(MirrorOptions other);

  /**
   * Copies the images. A single image's failure is its result. Called from one thread, which is
   * blocked until all images have ended.
   *
   * @throws IOException if all of it failed, as without a registry that answers, or without space
   */
  default JobResult run(
      JobSource source, JobTarget target, JobListener listener, Cancellation cancellation)
      throws IOException {
    try (Mirror engine = new Mirror(source.images(), mirror(), listener)) {
      // In this order: what fails because its connection was closed is not done, not failed.
      cancellation.onStop(engine::endSoon);
      cancellation.onStop(target::finishUploads);
      cancellation.onStop(engine::stop);
      cancellation.onStop(source.disconnect());
      cancellation.onStop(target::disconnect);
      Mirror.Copied copied =
          engine.copy(
              requests(),
              names(),
              new Preparation() {
                @Override
                public void check(String registry) throws IOException {
                  source.check().run(registry);
                }

                @Override
                public ImageTarget target() throws IOException {
                  return target.prepare(listener);
                }

                @Override
                public void planned(Plan part) throws IOException {
                  target.check(part, listener);
                }
              });
      target.finish(copied.plan(), copied.results());
      return new JobResult(copied.results(), Optional.of(copied.plan()));
    }
  }

  /**
   * What {@link #run} would do; nothing is changed.
   *
   * @throws IOException as {@link #run}
   */
  default Plan plan(JobSource source, JobTarget target, JobListener listener) throws IOException {
    try (Mirror engine = new Mirror(source.images(), mirror(), listener)) {
      SourcePreflight preflight = SourcePreflight.of(source.check(), requests());
      Plan plan = engine.plan(preflight.reachable(), target.foresee(listener), names()).plan();
      target.check(plan, listener);
      target.foresee(plan, listener);
      return plan.with(preflight.failed());
    }
  }
}
