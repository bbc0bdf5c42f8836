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
import io.mirrorimages.mirror.presence.UnavailableBlobs;
import io.mirrorimages.mirror.transfer.BlobCopier;
import io.mirrorimages.mirror.work.BlobTasks;
import io.mirrorimages.mirror.work.EachImage;
import io.mirrorimages.mirror.work.Exclusive;
import io.mirrorimages.mirror.work.Scheduler;
import io.mirrorimages.mirror.work.TaskQueue;
import java.util.ArrayList;
import java.util.List;

/**
 * The carrying out of one plan: a queue of tasks, one for each blob of each image, of which as many
 * run at a time as the run has jobs. Holds what all images share.
 */
final class CopyRun implements AutoCloseable {
  private final ImageSource source;
  private final ImageTarget target;
  private final MirrorOptions options;
  private final RunListener listener;
  private final Scheduler scheduler;
  private final BlobPresenceCache contents;
  private final UnavailableBlobs lacking;
  private final Exclusive<Digest> digests = new Exclusive<>();
  private final BlobCopier copier;
  private final TaskQueue queue;
  private final RunTraffic traffic;

  CopyRun(
      ImageSource source,
      ImageTarget target,
      MirrorOptions options,
      RunListener listener,
      Scheduler scheduler,
      BlobPresenceCache contents,
      UnavailableBlobs lacking) {
    this.source = source;
    this.target = target;
    this.options = options;
    this.listener = listener;
    this.traffic = RunTraffic.between(source, target);
    this.scheduler = scheduler;
    this.contents = contents;
    this.lacking = lacking;
    this.copier = new BlobCopier(source, target, contents, options, digests, scheduler);
    this.queue = scheduler.open(options.jobs());
  }

  /** Copies all images; gives the results of the plan, the settled ones first. */
  List<ImageResult> carryOut(Plan plan) {
    listener.on(new RunEvent.PlanMade(plan));
    plan.settled().forEach(result -> listener.on(new RunEvent.ImageEnded(result)));
    List<ImageResult> all = new ArrayList<>(plan.settled());
    all.addAll(
        EachImage.in(
            plan.images().stream().map(image -> new ImageCopy(image, this)).toList(),
            queue,
            listener));
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

  UnavailableBlobs lacking() {
    return lacking;
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
