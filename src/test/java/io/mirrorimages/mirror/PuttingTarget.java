package io.mirrorimages.mirror;

import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.port.ForwardingImageTarget;
import io.mirrorimages.mirror.port.ImageTarget;
import java.io.IOException;

/** A target where something happens before each manifest is stored. */
public class PuttingTarget extends ForwardingImageTarget {
  private final Before before;
  private int puts;

  /** What happens. */
  public interface Before {
    /** Is given the number of the manifest, from 1 on. */
    void put(int number) throws IOException;
  }

  public PuttingTarget(ImageTarget target, Before before) {
    super(target);
    this.before = before;
  }

  /** How many manifests came, stored or not. */
  public int puts() {
    return puts;
  }

  @Override
  public void put(Reference image, Manifest manifest) throws IOException {
    puts++;
    before.put(puts);
    super.put(image, manifest);
  }
}
