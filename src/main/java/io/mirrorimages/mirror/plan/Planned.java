package io.mirrorimages.mirror.plan;

import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.PlannedImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Images that were planned together, in the order of the list.
 *
 * @param images those to be copied
 * @param settled the results of the others
 */
public record Planned(List<PlannedImage> images, List<ImageResult> settled) {
  /** Copies of the lists. */
  public Planned {
    images = List.copyOf(images);
    settled = List.copyOf(settled);
  }

  static Planned of(Collection<Planner.Outcome> all) {
    List<PlannedImage> images = new ArrayList<>();
    List<ImageResult> settled = new ArrayList<>();
    for (Planner.Outcome one : all) {
      switch (one) {
        case Planner.Outcome.ToCopy(PlannedImage image) -> images.add(image);
        case Planner.Outcome.Settled(ImageResult result) -> settled.add(result);
      }
    }
    return new Planned(images, settled);
  }
}
