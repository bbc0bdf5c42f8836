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
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * A Harbor as it will be when its missing projects are there, for a plan that creates none: they
 * are empty, and are not asked, since Harbor says 401 of what is in a missing project. Thread-safe.
 */
public final class FutureProjects implements ImageTarget {
  private final ImageTarget target;
  private final Set<String> missing;

  /** {@code target} with the {@code missing} projects. */
  public FutureProjects(ImageTarget target, Collection<String> missing) {
    this.target = target;
    this.missing = Set.copyOf(missing);
  }

  private boolean isMissing(Repository repository) {
    return missing.contains(ProjectNames.of(repository));
  }

  @Override
  public Optional<Digest> digest(Reference image) throws IOException {
    return isMissing(image.repository()) ? Optional.empty() : target.digest(image);
  }

  @Override
  public Optional<Manifest> manifest(Reference image) throws IOException {
    return isMissing(image.repository()) ? Optional.empty() : target.manifest(image);
  }

  @Override
  public boolean has(Repository repository, Descriptor blob) throws IOException {
    return !isMissing(repository) && target.has(repository, blob);
  }

  @Override
  public Optional<MirrorException> refusal(PlannedImage image) {
    return target.refusal(image);
  }

  @Override
  public BlobUpload begin(Repository repository, Descriptor blob, Optional<Repository> mountFrom) {
    throw new IllegalStateException("a plan sends nothing");
  }

  @Override
  public void put(Reference image, Manifest manifest) {
    throw new IllegalStateException("a plan sends nothing");
  }
}
