package io.mirrorimages.mirror.port;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A source that wraps another one and has all its abilities. A subclass that changes the answers of
 * an ability implements that ability itself.
 */
public abstract class ForwardingImageSource implements ImageSource {
  private final ImageSource source;

  /** Wraps {@code source}, which is not closed here. */
  protected ForwardingImageSource(ImageSource source) {
    this.source = source;
  }

  @Override
  public Optional<Digest> resolve(Reference image) throws IOException {
    return source.resolve(image);
  }

  @Override
  public Manifest manifest(Reference image) throws IOException {
    return source.manifest(image);
  }

  @Override
  public boolean has(Repository repository, Descriptor blob) throws IOException {
    return source.has(repository, blob);
  }

  @Override
  public InputStream open(Repository repository, Descriptor blob, long offset) throws IOException {
    return source.open(repository, blob, offset);
  }

  @Override
  public <A> Optional<A> ability(Class<A> ability) {
    return ImageSource.super.ability(ability).or(() -> source.ability(ability));
  }
}
