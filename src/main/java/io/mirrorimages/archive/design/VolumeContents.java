package io.mirrorimages.archive.design;

import io.mirrorimages.archive.layout.JsonText;
import io.mirrorimages.archive.layout.LayoutJson;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.layout.NamedImage;
import io.mirrorimages.archive.tar.Region;
import io.mirrorimages.archive.tar.TarLayout;
import io.mirrorimages.image.Digest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a volume holds and where: a function of the plan alone. First the JSON files, then the
 * manifests (so that whoever plans a load reads them in one go), then the other blobs.
 */
public final class VolumeContents {
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
  public List<NamedImage> images() {
    return batch.images();
  }

  /** {@code manifest.json} for some of the images. */
  public JsonText dockerManifest(List<NamedImage> images) {
    return LayoutJson.dockerManifest(images, batch.blobs()::contains);
  }

  /** The place of {@code oci-layout}. */
  public Region layout() {
    return layout;
  }

  /** The place of {@code index.json}. */
  public Region index() {
    return index;
  }

  /** The place of {@code manifest.json}. */
  public Region dockerManifest() {
    return dockerManifest;
  }

  /** The place of the inventory. */
  public Region inventory() {
    return inventory;
  }

  /** Manifests and blobs in the order of their places. */
  public Map<Digest, Region> blobs() {
    return Collections.unmodifiableMap(blobs);
  }

  /** The size of the finished file in bytes. */
  public long size() {
    return tar.size();
  }
}
