package io.mirrorimages.harbor;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageTarget;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.PlannedImage;
import java.io.IOException;
import java.util.Optional;

/**
 * A Harbor with projects whose policy keeps images from being pulled: there it refuses the question
 * for a digest too, and every image would be put again in each run. Its API tells. Thread-safe.
 */
final class GuardedImages implements ImageTarget {
  private final ImageTarget target;
  private final Projects projects;

  GuardedImages(ImageTarget target, Projects projects) {
    this.target = target;
    this.projects = projects;
  }

  @Override
  public Optional<Digest> digest(Reference image) throws IOException {
    if (projects.project(ProjectNames.of(image.repository())).pullPolicy().isPresent()) {
      Optional<Digest> shown = projects.digest(image.repository(), image.fetchName());
      if (shown.isPresent()) {
        return shown;
      }
    }
    return target.digest(image);
  }

  @Override
  public Optional<Manifest> manifest(Reference image) throws IOException {
    return target.manifest(image);
  }

  @Override
  public boolean has(Repository repository, Descriptor blob) throws IOException {
    return target.has(repository, blob);
  }

  @Override
  public boolean isBlank(Repository repository) throws IOException {
    return target.isBlank(repository);
  }

  @Override
  public Optional<MirrorException> refusal(PlannedImage image) {
    return target.refusal(image);
  }

  @Override
  public BlobUpload begin(Repository repository, Descriptor blob, Optional<Repository> mountFrom)
      throws IOException {
    return target.begin(repository, blob, mountFrom);
  }

  @Override
  public void put(Reference image, Manifest manifest) throws IOException {
    target.put(image, manifest);
  }
}
