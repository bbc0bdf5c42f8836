package io.mirrorimages.harbor;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ForwardingImageTarget;
import io.mirrorimages.mirror.ImageTarget;
import java.io.IOException;
import java.util.Optional;

/**
 * A Harbor with projects whose policy keeps images from being pulled: there it refuses the question
 * for a digest too, and every image would be put again in each run. Its API tells. Thread-safe.
 */
final class GuardedImages extends ForwardingImageTarget {
  private final Projects projects;

  GuardedImages(ImageTarget target, Projects projects) {
    super(target);
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
}
