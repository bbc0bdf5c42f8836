package io.mirrorimages.harbor;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.port.AdmissionCheck;
import io.mirrorimages.mirror.port.ForwardingImageTarget;
import io.mirrorimages.mirror.port.ImageTarget;
import java.io.IOException;
import java.util.Optional;

/**
 * A Harbor with projects whose policies only its API shows. One that keeps images from being pulled
 * makes it refuse the question for a digest too, so that every image would be put again in each
 * run. A rule that makes tags immutable makes it refuse an image whose blobs have been sent.
 * Thread-safe.
 */
final class GuardedImages extends ForwardingImageTarget implements AdmissionCheck {
  private final AdmissionCheck others;
  private final Projects projects;

  GuardedImages(ImageTarget target, Projects projects) {
    super(target);
    this.others = AdmissionCheck.of(target);
    this.projects = projects;
  }

  @Override
  public Optional<Digest> resolve(Reference image) throws IOException {
    if (projects.project(ProjectNames.of(image.repository())).pullPolicy().isPresent()) {
      Optional<Digest> shown = projects.digest(image.repository(), image.fetchName());
      if (shown.isPresent()) {
        return shown;
      }
    }
    return super.resolve(image);
  }

  @Override
  public Optional<TransferException> refusal(PlannedImage image) {
    return immutableTag(image).or(() -> others.refusal(image));
  }

  private Optional<TransferException> immutableTag(PlannedImage image) {
    Reference name = image.request().target();
    try {
      return image.replaced().isPresent()
              && projects.isImmutable(name.repository(), name.tag().orElseThrow())
          ? Optional.of(immutable(name, image))
          : Optional.empty();
    } catch (IOException e) {
      // Unknown: if it is immutable, Harbor refuses the manifest.
      return Optional.empty();
    }
  }

  private static TransferException immutable(Reference name, PlannedImage image) {
    return new TransferException(
        FailureKind.DENIED,
        "%s may not be changed, and is %s, not %s: a rule of project %s makes the tag immutable; let its administrator change the rule (project, Policy), or give the image another name with %s"
            .formatted(
                name,
                image.replaced().orElseThrow(),
                image.top().digest(),
                ProjectNames.of(name.repository()),
                Setting.MAP));
  }
}
