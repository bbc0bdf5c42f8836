package io.mirrorimages.mirror;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Reference;

/** What images of a source are called at the target. Thread-safe. */
@FunctionalInterface
public interface TargetNaming {
  /** All keep their names. */
  TargetNaming SAME = image -> image;

  /**
   * The name of an image there, also of one that is not copied in this run.
   *
   * @throws TransferException if it can have none
   */
  Reference of(Reference image) throws TransferException;
}
