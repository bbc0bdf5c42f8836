package io.mirrorimages.harbor;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.EmptyRepositoryCheck;
import io.mirrorimages.mirror.port.ForwardingImageTarget;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.port.ReadableTarget;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * A Harbor as it will be when its missing projects are there, for a plan that creates none: they
 * are empty, and are not asked, since Harbor says 401 of what is in a missing project. The plan is
 * that of a {@link ParkedProjects} Harbor, where no repository counts as empty. Thread-safe.
 */
public final class FutureProjects extends ForwardingImageTarget implements ReadableTarget {
  private final ReadableTarget readable;
  private final Set<String> missing;

  /** {@code target} with the {@code missing} projects. */
  public FutureProjects(ImageTarget target, Collection<String> missing) {
    super(target);
    this.readable = ReadableTarget.of(target);
    this.missing = Set.copyOf(missing);
  }

  private boolean isMissing(Repository repository) {
    return missing.contains(ProjectNames.of(repository));
  }

  @Override
  public Optional<Digest> resolve(Reference image) throws IOException {
    return isMissing(image.repository()) ? Optional.empty() : super.resolve(image);
  }

  @Override
  public Optional<Manifest> manifest(Reference image) throws IOException {
    return isMissing(image.repository()) ? Optional.empty() : readable.manifest(image);
  }

  @Override
  public boolean has(Repository repository, Descriptor blob) throws IOException {
    return !isMissing(repository) && super.has(repository, blob);
  }

  /** Not forwarded, as {@link ParkedProjects} does not. */
  @Override
  public <A> Optional<A> ability(Class<A> ability) {
    return ability == EmptyRepositoryCheck.class ? Optional.empty() : super.ability(ability);
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
