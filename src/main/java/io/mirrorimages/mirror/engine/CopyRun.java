package io.mirrorimages.mirror.engine;

import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.event.ImageTraffic;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.event.RunTraffic;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.presence.BlobPresenceCache;
import io.mirrorimages.mirror.transfer.BlobCopier;
import io.mirrorimages.mirror.work.BlobTasks;
import io.mirrorimages.mirror.work.EachImage;
import io.mirrorimages.mirror.work.Exclusive;
import io.mirrorimages.mirror.work.Scheduler;
import io.mirrorimages.mirror.work.TaskQueue;
import java.util.ArrayList;
import java.util.List;

/**
 * The copying of images to one target: a queue of tasks, one for each blob of each image, of which
 * as many run at a time as the run has jobs. Holds what all images share, also those of parts that
 * are planned later.
 */
final class CopyRun implements AutoCloseable {
  private final ImageSource source;
  private final ImageTarget target;
  private final MirrorOptions options;
  private final RunListener listener;
  private final Scheduler scheduler;
  private final BlobPresenceCache contents;
  private final Exclusive<Digest> digests = new Exclusive<>();
  private final BlobCopier copier;
  private final TaskQueue queue;
  private final EachImage images;
  private final List<ImageResult> settled = new ArrayList<>();
  private final RunTraffic traffic;

  CopyRun(
      ImageSource source,
      ImageTarget target,
      MirrorOptions options,
      RunListener listener,
      Scheduler scheduler,
      BlobPresenceCache contents) {
    this.source = source;
    this.target = target;
    this.options = options;
    this.listener = listener;
    this.traffic = RunTraffic.between(source, target);
    this.scheduler = scheduler;
    this.contents = contents;
    this.copier = new BlobCopier(source, target, contents, options, digests, scheduler);
    this.queue = scheduler.open(options.jobs());
    this.images = new EachImage(queue, listener);
  }

  /** Begins to copy the images of a part; does not wait for them. */
  void begin(TransferPlanner.PlanPart part) {
    Plan plan = part.plan();
    listener.on(new RunEvent.PlanMade(plan));
    plan.settled().forEach(result -> listener.on(new RunEvent.ImageEnded(result)));
    settled.addAll(plan.settled());
    images.begin(
        plan.images().stream().map(image -> new ImageCopy(image, part.lacking(), this)).toList());
  }

  /** Waits for all images; gives the results of all parts, the settled ones first. */
  List<ImageResult> end() {
    List<ImageResult> all = new ArrayList<>(settled);
    all.addAll(images.end());
    return all;
  }

  @Override
  public void close() {
    queue.close();
  }

  BlobTasks tasks(String host) {
    return new BlobTasks(queue, host, digests);
  }

  BlobCopier copier() {
    return copier;
  }

  ImageSource source() {
    return source;
  }

  ImageTarget target() {
    return target;
  }

  BlobPresenceCache contents() {
    return contents;
  }

  Retries retries() {
    return options.retries();
  }

  /** A listener of the run that counts the bytes of one image. */
  ImageTraffic traffic() {
    return new ImageTraffic(listener, traffic);
  }

  boolean isStopped() {
    return scheduler.isStopped();
  }
}
