package io.mirrorimages.archive;

import io.mirrorimages.image.Digest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a volume holds and where: a function of the plan alone. First the JSON files, then the
 * manifests (so that whoever plans a load reads them in one go), then the other blobs.
 */
final class VolumeContents {
  private final Batch batch;
  private final Region layout;
  private final Region index;
  private final Region dockerManifest;
  private final Region inventory;
  private final Map<Digest, Region> blobs = new LinkedHashMap<>();
  private final TarLayout tar = new TarLayout();

  /**
   * @param inventoryLength the length of the inventory in bytes, if all images get done
   */
  VolumeContents(Batch batch, StoredBlobs stored, long inventoryLength) {
    this.batch = batch;
    layout = tar.append(LayoutNames.LAYOUT, LayoutJson.layout().length());
    index = tar.append(LayoutNames.INDEX, LayoutJson.index(batch.images()).length());
    dockerManifest =
        tar.append(LayoutNames.DOCKER_MANIFEST, dockerManifest(batch.images()).length());
    inventory = tar.append(LayoutNames.INVENTORY, inventoryLength);
    for (Digest manifest : batch.manifests()) {
      blobs.put(manifest, tar.append(LayoutNames.blob(manifest), stored.size(manifest)));
    }
    for (Digest blob : batch.blobs()) {
      blobs.put(blob, tar.append(LayoutNames.blob(blob), stored.size(blob)));
    }
  }

  /** The images that are complete with this volume. */
  List<NamedImage> images() {
    return batch.images();
  }

  /** {@code manifest.json} for some of the images. */
  JsonText dockerManifest(List<NamedImage> images) {
    return LayoutJson.dockerManifest(images, batch.blobs()::contains);
  }

  Region layout() {
    return layout;
  }

  Region index() {
    return index;
  }

  Region dockerManifest() {
    return dockerManifest;
  }

  Region inventory() {
    return inventory;
  }

  /** Manifests and blobs in the order of their places. */
  Map<Digest, Region> blobs() {
    return Collections.unmodifiableMap(blobs);
  }

  /** The size of the finished file in bytes. */
  long size() {
    return tar.size();
  }
}
