package io.mirrorimages.archive.design;

import io.mirrorimages.archive.layout.NamedImage;
import io.mirrorimages.image.Digest;
import java.util.List;
import java.util.Set;

/**
 * What goes into one volume.
 *
 * @param images the images that are complete with this volume and those before it, in plan order
 * @param manifests the manifests of these images, and of all others that have a blob here, so that
 *     whatever volume comes last can complete them
 * @param blobs the configs and layers, each in one volume only
 */
record Batch(List<NamedImage> images, Set<Digest> manifests, Set<Digest> blobs) {

  /** Everything in one file. */
  static Batch of(List<NamedImage> images, StoredBlobs stored) {
    return new Batch(images, stored.manifests().keySet(), stored.blobs().keySet());
  }
}
