package io.mirrorimages.archive.design;

import io.mirrorimages.archive.layout.LayoutJson;
import io.mirrorimages.archive.layout.NamedImage;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * How much room the JSON files at an archive's front have for images that come later, in bytes. As
 * much for each as the largest of those that are there takes, and no less than most images do.
 *
 * @param index in {@code index.json}
 * @param dockerManifest in {@code manifest.json}
 * @param inventory in the inventory
 */
record FrontRoom(long index, long dockerManifest, long inventory) {
  /** Nothing comes later. */
  static final FrontRoom NONE = new FrontRoom(0, 0, 0);

  /** What a reader may have to read for nothing; where it is too little, a new file is made. */
  private static final long MOST = 16 * 1024 * 1024;

  private static final long INDEX = 1024;
  private static final long DOCKER_MANIFEST = 8 * 1024;
  private static final long INVENTORY = 16 * 1024;

  /** An inventory's entry of a blob, its place in an image's list, and that image's own text. */
  private static final long INVENTORY_BLOB = 160;

  private static final long INVENTORY_IMAGE = 1024;

  /** Room for {@code count} images beside {@code images}. */
  static FrontRoom of(int count, List<NamedImage> images) {
    if (count == 0) {
      return NONE;
    }
    return new FrontRoom(
        room(count, images, INDEX, image -> LayoutJson.index(List.of(image)).length()),
        room(
            count,
            images,
            DOCKER_MANIFEST,
            image -> LayoutJson.dockerManifest(List.of(image), digest -> true).length()),
        room(count, images, INVENTORY, FrontRoom::inInventory));
  }

  private static long inInventory(NamedImage image) {
    int contents = image.image().manifests().size() + image.image().blobs().size();
    return INVENTORY_IMAGE + INVENTORY_BLOB * contents;
  }

  private static long room(
      int count, List<NamedImage> images, long least, ToLongFunction<NamedImage> size) {
    long each = Math.max(least, images.stream().mapToLong(size).max().orElse(0));
    return Math.min(MOST, count * each);
  }
}
