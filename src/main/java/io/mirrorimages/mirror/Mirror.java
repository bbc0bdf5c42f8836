package io.mirrorimages.mirror;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * A run of the engine: first {@link #plan}, then {@link #carryOut}. {@link #stop} may be called
 * from any thread at any time; the other methods from one. Neither source nor target is closed
 * here.
 */
public final class Mirror implements AutoCloseable {
  /**
   * What it costs, in bytes worth moving, to learn from one unchanged image what can be mounted
   * from it.
   */
  private static final long WORTH_LEARNING = 256 * 1024;

  private final ImageSource source;
  private final Options options;
  private final RunListener listener;
  private final Workers workers = new Workers();

  /** A run from {@code source} that tells {@code listener} how it goes. */
  public Mirror(ImageSource source, Options options, RunListener listener) {
    this.source = source;
    this.options = options;
    this.listener = listener;
  }

  /**
   * How a run is done.
   *
   * @param jobs how many blobs, and how many images, are worked on at once; 1 or more
   * @param filter the platforms that are wanted
   * @param retries how often a blob is tried again
   */
  public record Options(int jobs, PlatformFilter filter, Retries retries) {}

  /**
   * Resolves and pins every image, in parallel, for a target that is empty (an archive). An image
   * that can't be planned is settled in the plan, not thrown.
   */
  public Plan plan(List<ImageRequest> requests) throws IOException {
    Planned planned = planImages(requests, Optional.empty());
    return new Plan(planned.images, planned.settled, Plan.Totals.of(planned.images, Set.of()));
  }

  /** As {@link #plan(List)}, for a target that may have some of the images or blobs already. */
  public Transfer plan(List<ImageRequest> requests, ImageTarget target) throws IOException {
    Planned planned = planImages(requests, Optional.of(target));
    TargetContents contents = new TargetContents(target);
    contents.survey(planned.images, workers, options.jobs);
    learnFromUnchanged(planned, contents);
    Plan plan =
        new Plan(
            planned.images, planned.settled, Plan.Totals.of(planned.images, contents.present()));
    return new Transfer(plan, target, contents);
  }

  /** A plan together with what is known of the target it is for. */
  public final class Transfer {
    private final Plan plan;
    private final ImageTarget target;
    private final TargetContents contents;

    private Transfer(Plan plan, ImageTarget target, TargetContents contents) {
      this.plan = plan;
      this.target = target;
      this.contents = contents;
    }

    /** The plan. */
    public Plan plan() {
      return plan;
    }

    /** Carries the plan out; see {@link Mirror#carryOut(Plan, ImageTarget)}. */
    public List<ImageResult> carryOut() {
      return Mirror.this.carryOut(plan, target, contents);
    }
  }

  /**
   * Carries out a plan that was made for an empty target. Returns one result for each image of the
   * list, the settled ones first; never throws for a single image. After {@link #stop} the
   * remaining images are {@link Status#UNFINISHED}.
   */
  public List<ImageResult> carryOut(Plan plan, ImageTarget target) {
    return carryOut(plan, target, new TargetContents(target));
  }

  /** Ends the run soon. */
  public void stop() {
    workers.stop();
  }

  @Override
  public void close() {
    workers.close();
  }

  private record Planned(List<PlannedImage> images, List<ImageResult> settled) {}

  private Planned planImages(List<ImageRequest> requests, Optional<ImageTarget> target)
      throws IOException {
    Planner planner = new Planner(source, target, options.filter, options.retries);
    Planner.Planned[] planned = new Planner.Planned[requests.size()];
    // Planning is many small requests that mostly wait, so twice as many are under way as blobs
    // will be.
    workers.forEach(
        IntStream.range(0, requests.size()).boxed().toList(),
        2 * options.jobs,
        i -> planned[i] = planner.plan(requests.get(i)));
    if (workers.isStopped()) {
      throw Workers.interrupted();
    }
    List<PlannedImage> images = new ArrayList<>();
    List<ImageResult> settled = new ArrayList<>();
    BlobSizes sizes = new BlobSizes();
    for (Planner.Planned one : planned) {
      switch (one) {
        case Planner.Planned.ToCopy(PlannedImage image) -> {
          Optional<MirrorException> contradiction = sizes.contradiction(image);
          if (contradiction.isEmpty()) {
            images.add(image);
          } else {
            settled.add(
                ImageResult.failed(
                    image.request(), Optional.of(image.sourceDigest()), contradiction.get()));
          }
        }
        case Planner.Planned.Settled(ImageResult result) -> settled.add(result);
      }
    }
    return new Planned(images, settled);
  }

  private void learnFromUnchanged(Planned planned, TargetContents contents) throws IOException {
    List<ImageResult> unchanged =
        planned.settled.stream().filter(r -> r.status() == Status.UNCHANGED).toList();
    Set<Digest> present = contents.present();
    Map<Digest, Descriptor> wanted = new HashMap<>();
    long missing = 0;
    for (PlannedImage image : planned.images) {
      for (Descriptor blob : image.blobs()) {
        if (!present.contains(blob.digest()) && wanted.putIfAbsent(blob.digest(), blob) == null) {
          missing += blob.size();
        }
      }
    }
    if (missing > unchanged.size() * WORTH_LEARNING) {
      contents.learn(unchanged, wanted, workers, options.jobs);
    }
  }

  private List<ImageResult> carryOut(Plan plan, ImageTarget target, TargetContents contents) {
    listener.planned(plan);
    plan.settled().forEach(listener::ended);
    BlobCopier blobs =
        new BlobCopier(source, target, contents, options.retries, listener, options.jobs);
    List<PlannedImage> images = plan.images();
    List<ImageResult> all = new ArrayList<>(plan.settled());
    all.addAll(
        EachImage.in(
            images.stream().map(PlannedImage::request).toList(),
            options.jobs,
            workers,
            listener,
            i -> copy(images.get(i), target, blobs)));
    return all;
  }

  private ImageResult copy(PlannedImage image, ImageTarget target, BlobCopier blobs) {
    long began = System.nanoTime();
    ImageRequest request = image.request();
    AtomicLong moved = new AtomicLong();
    try {
      bring(image, moved, blobs::bring);
      options.retries.call(
          () -> {
            try {
              moved.addAndGet(put(image, target));
              return null;
            } catch (MissingContentException e) {
              bring(image, moved, blobs::bringAgain);
              throw MirrorException.passing(Reason.NETWORK, e.getMessage(), e, Optional.empty());
            } catch (IOException e) {
              throw Retries.spent(e);
            }
          });
      return ImageResult.copied(image, moved.get(), Duration.ofNanos(System.nanoTime() - began));
    } catch (IOException | RuntimeException e) {
      return workers.isStopped()
          ? ImageResult.unfinished(request)
          : ImageResult.failed(request, Optional.of(image.sourceDigest()), e);
    }
  }

  /** A way to bring a blob, which gives the bytes it moved. */
  private interface Bringing {
    long bring(Repository from, Repository to, Descriptor blob) throws IOException;
  }

  /** All blobs; what could not be brought is not tried again above. */
  private void bring(PlannedImage image, AtomicLong moved, Bringing bringing) throws IOException {
    Repository from = image.request().source().repository();
    Repository to = image.request().target().repository();
    try {
      workers.forEach(
          image.blobs(), options.jobs, blob -> moved.addAndGet(bringing.bring(from, to, blob)));
    } catch (IOException e) {
      throw Retries.spent(e);
    }
  }

  /** All manifests, children first; gives their bytes. */
  private static long put(PlannedImage image, ImageTarget target) throws IOException {
    Reference wanted = image.request().target();
    long bytes = 0;
    for (Manifest manifest : image.manifests()) {
      boolean tagged = manifest == image.top() && wanted.tag().isPresent();
      target.put(tagged ? wanted : wanted.at(manifest.digest()), manifest);
      bytes += manifest.bytes().length;
    }
    return bytes;
  }
}
