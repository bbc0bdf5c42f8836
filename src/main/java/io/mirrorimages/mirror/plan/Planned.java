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

  static Planned of(Collection<Planner.Planned> all) {
    List<PlannedImage> images = new ArrayList<>();
    List<ImageResult> settled = new ArrayList<>();
    for (Planner.Planned one : all) {
      switch (one) {
        case Planner.Planned.ToCopy(PlannedImage image) -> images.add(image);
        case Planner.Planned.Settled(ImageResult result) -> settled.add(result);
      }
    }
    return new Planned(images, settled);
  }
}
