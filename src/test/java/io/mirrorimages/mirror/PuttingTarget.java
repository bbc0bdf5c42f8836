package io.mirrorimages.mirror;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.util.Optional;

/** A target where something happens before each manifest is stored. */
class PuttingTarget implements ImageTarget {
  private final ImageTarget target;
  private final Before before;
  private int puts;

  /** What happens. */
  interface Before {
    /** Is given the number of the manifest, from 1 on. */
    void put(int number) throws IOException;
  }

  PuttingTarget(ImageTarget target, Before before) {
    this.target = target;
    this.before = before;
  }

  /** How many manifests came, stored or not. */
  int puts() {
    return puts;
  }

  @Override
  public void put(Reference image, Manifest manifest) throws IOException {
    puts++;
    before.put(puts);
    target.put(image, manifest);
  }

  @Override
  public Optional<Digest> digest(Reference image) throws IOException {
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
  public BlobUpload begin(Repository repository, Descriptor blob, Optional<Repository> mountFrom)
      throws IOException {
    return target.begin(repository, blob, mountFrom);
  }
}
