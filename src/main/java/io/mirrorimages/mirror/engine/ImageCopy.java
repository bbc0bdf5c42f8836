package io.mirrorimages.mirror.engine;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.MissingContentException;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.event.ImageTraffic;
import io.mirrorimages.mirror.port.MultiEndpointSource;
import io.mirrorimages.mirror.presence.UnavailableBlobs;
import io.mirrorimages.mirror.work.BlobTasks;
import io.mirrorimages.mirror.work.EachImage;
import io.mirrorimages.mirror.work.Scheduler.Task;
import io.mirrorimages.mirror.work.SourceHost;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The copying of one image: its blobs, each a task, in any order; then, on the thread of the last
 * blob, its manifests, children before their index, and the tag last.
 */
final class ImageCopy implements EachImage.Job {
  private final PlannedImage image;
  private final UnavailableBlobs lacking;
  private final CopyRun run;
  private final Repository from;
  private final Repository to;
  private final BlobTasks blobs;
  private final ImageTraffic traffic;
  private final AtomicLong moved = new AtomicLong();
  private List<Descriptor> here = List.of();
  private Optional<EachImage.Result> result = Optional.empty();
  private long began;

  ImageCopy(PlannedImage image, UnavailableBlobs lacking, CopyRun run) {
    this.image = image;
    this.lacking = lacking;
    this.run = run;
    this.blobs = run.tasks(host());
    this.from = image.request().source().repository();
    this.to = image.request().target().repository();
    this.traffic = run.traffic();
  }

  @Override
  public String host() {
    return SourceHost.of(run.source(), image.request());
  }

  @Override
  public Optional<Task> begin(EachImage.Result end) {
    result = Optional.of(end);
    began = System.nanoTime();
    // What is there goes over in any case: the rest may come another day, from another volume.
    here = image.blobs().stream().filter(blob -> !lacking.contains(image, blob.digest())).toList();
    return bring(here, this::refresh);
  }

  @Override
  public ImageResult unfinished() {
    ImageResult end = ImageResult.unfinished(image.request());
    return result.isEmpty() ? end : after(end);
  }

  /** A step of the copying; its failure is the image's. */
  private interface CopyStep {
    Optional<Task> run() throws IOException;
  }

  /** Brings blobs, then takes the next step. What could not be brought is not tried again. */
  private Optional<Task> bring(List<Descriptor> wanted, CopyStep next) {
    return blobs.begin(
        wanted,
        blob -> moved.addAndGet(run.copier().bring(from, to, blob, traffic)),
        failure -> failure.isPresent() ? failed(spent(failure.get())) : guarded(next));
  }

  private Optional<Task> guarded(CopyStep step) {
    try {
      return step.run();
    } catch (IOException | RuntimeException | StackOverflowError e) {
      return failed(e);
    }
  }

  private static Throwable spent(Throwable failure) {
    return failure instanceof IOException e ? Retries.spent(e) : failure;
  }

  /** What an image of many hours began with may have been cleared away before its end. */
  private Optional<Task> refresh() throws IOException {
    Optional<TransferException> incomplete = lacking.failure(image);
    if (incomplete.isPresent()) {
      throw incomplete.get();
    }
    return bring(
        here.stream().filter(blob -> run.contents().isOld(to, blob.digest())).toList(),
        this::finish);
  }

  private Optional<Task> finish() throws IOException {
    run.retries().call(this::putOrBringAgain);
    run.contents().named(to, here);
    return ended(
        ImageResult.copied(
                image,
                moved.get(),
                duration(),
                MultiEndpointSource.of(run.source()).provenance(image))
            .moving(traffic.counts()));
  }

  private Void putOrBringAgain() throws IOException {
    try {
      moved.addAndGet(put());
      return null;
    } catch (MissingContentException e) {
      bringAgain();
      throw TransferException.passing(FailureKind.NETWORK, e.getMessage(), e, Optional.empty());
    } catch (IOException e) {
      throw Retries.spent(e);
    }
  }

  /** One after the other: it is rare, and this thread has nothing else to do. */
  private void bringAgain() throws IOException {
    try {
      for (Descriptor blob : here) {
        moved.addAndGet(run.copier().bringAgain(from, to, blob, traffic));
      }
    } catch (IOException e) {
      throw Retries.spent(e);
    }
  }

  /** Puts all manifests, children first; gives their bytes. */
  @SuppressWarnings("ReferenceEquality") // The top is one of them.
  private long put() throws IOException {
    Reference wanted = image.request().target();
    long bytes = 0;
    for (Manifest manifest : image.manifests()) {
      boolean tagged = manifest == image.top() && wanted.tag().isPresent();
      run.target().put(tagged ? wanted : wanted.at(manifest.digest()), manifest);
      bytes += manifest.bytes().length;
    }
    return bytes;
  }

  private Optional<Task> failed(Throwable e) {
    ImageResult end =
        run.isStopped()
            ? ImageResult.unfinished(image.request())
            : ImageResult.failed(image.request(), Optional.of(image.sourceDigest()), e);
    return ended(after(end));
  }

  private ImageResult after(ImageResult end) {
    return end.after(traffic.bytes(), duration()).moving(traffic.counts());
  }

  private Optional<Task> ended(ImageResult end) {
    here = List.of();
    return result.orElseThrow().is(end);
  }

  private Duration duration() {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
