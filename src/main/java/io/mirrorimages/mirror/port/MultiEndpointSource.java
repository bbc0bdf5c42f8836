package io.mirrorimages.mirror.port;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Provenance;

/** The ability of a source that has several endpoints for one repository, as mirrors of it. */
public interface MultiEndpointSource {
  /**
   * Whether an endpoint remains that has not served this blob yet, so that another try may bring
   * other bytes.
   */
  boolean hasOther(Repository repository, Descriptor blob);

  /** Which endpoints served an image's content, and which were skipped. */
  Provenance provenance(PlannedImage image);

  /** The ability of {@code source}, or that of a source with a single place. */
  static MultiEndpointSource of(ImageSource source) {
    return source.ability(MultiEndpointSource.class).orElse(SinglePlace.INSTANCE);
  }

  /** A source that has no other endpoint. */
  enum SinglePlace implements MultiEndpointSource {
    /** The one there is. */
    INSTANCE;

    @Override
    public boolean hasOther(Repository repository, Descriptor blob) {
      return false;
    }

    @Override
    public Provenance provenance(PlannedImage image) {
      return Provenance.NONE;
    }
  }
}
