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

/** A registry as the target of a job; see {@link JobTarget#of}. */
record RegistryJobTarget(
    Registries registries,
    HarborPreparation prepared,
    Chunks chunks,
    OpenUploads open,
    Duration forRequests)
    implements JobTarget {
  @Override
  public ImageTarget prepare(JobListener listener) throws IOException {
    listener.resuming(open.bytes());
    prepared.create(listener);
    return prepared.filling(registries.asTarget(chunks, open));
  }

  @Override
  public ImageTarget foresee(JobListener listener) throws IOException {
    return prepared.foresee(registries.asTarget(), listener);
  }

  @Override
  public void check(Plan plan, JobListener listener) throws IOException {
    prepared.checkQuotas(plan, listener);
  }

  @Override
  public void foresee(Plan plan, JobListener listener) throws IOException {
    prepared.noteQuotas(plan, listener);
  }

  /** A run that has brought all leaves no blobs behind that no image names. */
  @Override
  public void finish(Plan plan, List<ImageResult> results) {
    if (results.stream().allMatch(result -> result.status().isSettled())) {
      open.endedWell();
    }
  }

  @Override
  public void finishUploads() {
    registries.finishUploads(forRequests);
  }

  @Override
  public void disconnect() {
    registries.close();
  }
}
