package io.mirrorimages.mirror.port;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.util.Optional;

/**
 * A target that wraps another one and has all its abilities. A subclass that changes the answers of
 * an ability implements that ability itself.
 */
public abstract class ForwardingImageTarget implements ImageTarget {
  private final ImageTarget target;

  /** Wraps {@code target}, which is not closed here. */
  protected ForwardingImageTarget(ImageTarget target) {
    this.target = target;
  }

  @Override
  public Optional<Digest> resolve(Reference image) throws IOException {
    return target.resolve(image);
  }

  @Override
  public boolean has(Repository repository, Descriptor blob) throws IOException {
    return target.has(repository, blob);
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

  @Override
  public <A> Optional<A> ability(Class<A> ability) {
    return ImageTarget.super.ability(ability).or(() -> target.ability(ability));
  }
}
