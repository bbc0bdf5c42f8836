package io.mirrorimages.archive.design;

import io.mirrorimages.archive.layout.NamedImage;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The volumes of an archive that were laid out at once, and the images that they complete. */
public final class Part {
  private final int first;
  private final int last;
  private final List<NamedImage> images;
  private final Set<NamedImage> known;

  /**
   * @param first the number of its first volume, counted from 1
   * @param last the number of its last volume
   * @param images its images, in plan order
   */
  Part(int first, int last, List<NamedImage> images) {
    this.first = first;
    this.last = last;
    this.images = List.copyOf(images);
    this.known = Collections.newSetFromMap(new IdentityHashMap<>());
    known.addAll(images);
  }

  /** The number of its first volume, counted from 1. */
  public int first() {
    return first;
  }

  /** The number of its last volume; below the first if there are no images. */
  public int last() {
    return last;
  }

  /** Its images, in plan order. */
  public List<NamedImage> images() {
    return images;
  }

  /** Whether it is one of its images: this object, for a list can name an image twice. */
  boolean has(NamedImage image) {
    return known.contains(image);
  }
}
