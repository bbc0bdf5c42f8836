package io.mirrorimages.mirror.engine;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.TargetNaming;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.plan.BlobSizes;
import io.mirrorimages.mirror.plan.Planned;
import io.mirrorimages.mirror.port.AdmissionCheck;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.port.PartialSource;
import io.mirrorimages.mirror.presence.BlobExistenceCheck;
import io.mirrorimages.mirror.presence.BlobPresenceCache;
import io.mirrorimages.mirror.presence.UnavailableBlobs;
import io.mirrorimages.mirror.work.Scheduler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares planned images with their target: what it has already, what it refuses. Images that are
 * planned later make further parts of the transfer, which know the earlier ones. Not thread-safe.
 */
final class TransferPlanner {
  private final ImageSource source;
  private final ImageTarget target;
  private final MirrorOptions options;
  private final Scheduler scheduler;
  private final TargetNaming naming;
  private final RunListener listener;
  private final BlobSizes sizes;
  private final BlobPresenceCache contents;
  private final Set<Repository> own;

  /** What earlier parts bring. */
  private final Set<Digest> promised = new HashSet<>();

  /**
   * @param requests all images of the transfer
   * @param naming what the source's images are called at the target, also those that are not
   *     requested
   * @param listener gets the steps of the phase {@link io.mirrorimages.mirror.event.Phase#TARGET}
   */
  TransferPlanner(
      List<ImageRequest> requests,
      ImageSource source,
      ImageTarget target,
      MirrorOptions options,
      Scheduler scheduler,
      TargetNaming naming,
      RunListener listener) {
    this.source = source;
    this.target = target;
    this.options = options;
    this.scheduler = scheduler;
    this.naming = naming;
    this.listener = listener;
    this.sizes = new BlobSizes(source, scheduler, options.jobs());
    this.contents = new BlobPresenceCache(target);
    this.own = requests.stream().map(r -> r.target().repository()).collect(Collectors.toSet());
  }

  /** What is known of the target. */
  BlobPresenceCache contents() {
    return contents;
  }

  /**
   * A part of a transfer.
   *
   * @param plan its images
   * @param lacking the blobs that its images can't get
   */
  record PlanPart(Plan plan, UnavailableBlobs lacking) {}

  /** Plans the transfer of further images. */
  PlanPart part(Planned planned) throws IOException {
    Planned sound = withoutContradictions(planned, sizes);
    PartialSource partial = PartialSource.of(source);
    new BlobExistenceCheck(
            target, contents, scheduler, options.jobs(), sound.images(), sound.settled(), listener)
        .ask(blob -> partial.lacking(blob).isPresent());
    UnavailableBlobs lacking =
        UnavailableBlobs.of(
            sound.images(), source, target, contents, naming, scheduler, options.jobs());
    AdmissionCheck admission = AdmissionCheck.of(target);
    List<PlannedImage> images = new ArrayList<>();
    List<ImageResult> settled = new ArrayList<>(sound.settled());
    for (PlannedImage image : sound.images()) {
      Optional<TransferException> refusal =
          keptTag(image).or(() -> lacking.refusal(image)).or(() -> admission.refusal(image));
      if (refusal.isEmpty()) {
        Set<Repository> others = new HashSet<>(lacking.holders(image));
        others.removeAll(own);
        images.add(image.mountingFrom(others));
      } else {
        settled.add(failed(image, refusal.get()));
      }
    }
    Set<Digest> present = contents.present();
    present.addAll(promised);
    Plan plan = new Plan(images, settled, Plan.Totals.of(images, present, lacking.digests()));
    images.forEach(this::promise);
    return new PlanPart(plan, lacking);
  }

  private void promise(PlannedImage image) {
    image.blobs().forEach(blob -> promised.add(blob.digest()));
    image.manifests().forEach(manifest -> promised.add(manifest.digest()));
  }

  /** The same where images that are wrong about a size have failed. */
  static Planned withoutContradictions(Planned planned, BlobSizes sizes) throws IOException {
    Map<PlannedImage, TransferException> wrong = sizes.contradictions(planned.images());
    List<PlannedImage> images = new ArrayList<>(planned.images());
    images.removeIf(wrong::containsKey);
    List<ImageResult> settled = new ArrayList<>(planned.settled());
    wrong.forEach((image, failure) -> settled.add(failed(image, failure)));
    return new Planned(images, settled);
  }

  private Optional<TransferException> keptTag(PlannedImage image) {
    return image
        .replaced()
        .filter(digest -> !options.replacing())
        .map(
            digest ->
                new TransferException(
                    FailureKind.DENIED,
                    "its tag shows another image there, "
                        + digest
                        + ", and is not to be replaced"));
  }

  private static ImageResult failed(PlannedImage image, IOException failure) {
    return ImageResult.failed(image.request(), Optional.of(image.sourceDigest()), failure);
  }
}
