package io.mirrorimages.archive.layout;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.PlannedImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A planned image and what it is called in the archive.
 *
 * @param name by tag, or by digest if it has no tag of its own
 * @param image the image
 */
public record NamedImage(Reference name, PlannedImage image) {

  /**
   * Names all images of a plan, in its order; the same image under the same name is there once. A
   * tag can stand for one image only: where pinned references give it several, it goes to the one
   * that is not pinned, else to the first, and the others are named by digest.
   */
  public static List<NamedImage> of(List<PlannedImage> plan) {
    return after(List.of(), plan);
  }

  /** As {@link #of}, behind images whose names are settled: a tag that one of them has is taken. */
  public static List<NamedImage> after(List<NamedImage> earlier, List<PlannedImage> plan) {
    Map<Reference, Digest> tags = new HashMap<>();
    for (NamedImage image : earlier) {
      if (image.name().tag().isPresent()) {
        tags.put(image.name(), image.image().top().digest());
      }
    }
    for (PlannedImage image : plan) {
      Reference wanted = image.request().source();
      if (wanted.tag().isPresent() && wanted.digest().isEmpty()) {
        tags.putIfAbsent(wanted, image.top().digest());
      }
    }
    List<NamedImage> images = new ArrayList<>(plan.size());
    for (PlannedImage image : plan) {
      Reference wanted = image.request().source();
      Digest digest = image.top().digest();
      Reference name = wanted.at(digest);
      if (wanted.tag().isPresent()) {
        Reference byTag = new Reference(wanted.repository(), wanted.tag(), Optional.empty());
        if (tags.merge(byTag, digest, (first, next) -> first).equals(digest)) {
          name = byTag;
        }
      }
      images.add(new NamedImage(name, image));
    }
    return List.copyOf(images);
  }
}
