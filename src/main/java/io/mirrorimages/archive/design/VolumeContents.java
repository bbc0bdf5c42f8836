package io.mirrorimages.archive.design;

import io.mirrorimages.archive.layout.JsonText;
import io.mirrorimages.archive.layout.LayoutJson;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.layout.NamedImage;
import io.mirrorimages.archive.tar.Region;
import io.mirrorimages.archive.tar.TarLayout;
import io.mirrorimages.image.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a volume holds and where: a function of the plan and its stages alone. First the JSON files,
 * then the manifests (so that the plan of a load reads them in one go), then the other blobs;
 * behind these, in the same order, what later stages brought.
 */
public final class VolumeContents {
  private final Region layout;
  private final Region index;
  private final Region dockerManifest;
  private final Region inventory;
  private final Map<Digest, Region> blobs = new LinkedHashMap<>();
  private final TarLayout tar = new TarLayout();
  private final List<Long> sizes = new ArrayList<>();
  private List<NamedImage> images;

  /**
   * The first stage.
   *
   * @param inventoryLength the length of the inventory in bytes, if all images get done
   * @param room what the JSON files have beyond that, for later stages
   */
  VolumeContents(Batch batch, StoredBlobs stored, long inventoryLength, FrontRoom room) {
    images = batch.images();
    layout = tar.append(LayoutNames.LAYOUT, LayoutJson.layout().length());
    index = tar.append(LayoutNames.INDEX, LayoutJson.index(batch.images()).length() + room.index());
    JsonText docker = LayoutJson.dockerManifest(batch.images(), batch.blobs()::contains);
    dockerManifest =
        tar.append(LayoutNames.DOCKER_MANIFEST, docker.length() + room.dockerManifest());
    inventory = tar.append(LayoutNames.INVENTORY, inventoryLength + room.inventory());
    append(batch.manifests(), stored);
    append(batch.blobs(), stored);
    sizes.add(tar.size());
  }

  /**
   * A further stage: what of it is not there yet gets its place behind all there is.
   *
   * @param all the images of this stage and all before it
   */
  void grow(List<NamedImage> all, StoredBlobs stored) {
    images = all;
    append(stored.manifests().keySet(), stored);
    append(stored.blobs().keySet(), stored);
    sizes.add(tar.size());
  }

  private void append(Iterable<Digest> digests, StoredBlobs stored) {
    for (Digest digest : digests) {
      if (!blobs.containsKey(digest)) {
        blobs.put(digest, tar.append(LayoutNames.blob(digest), stored.size(digest)));
      }
    }
  }

  /** Whether the JSON files have room for all images, the inventory being that long. */
  boolean hasRoom(long inventoryLength) {
    return LayoutJson.index(images).length() <= index.size()
        && dockerManifest(images).length() <= dockerManifest.size()
        && inventoryLength <= inventory.size();
  }

  /** The images that are complete with this volume. */
  public List<NamedImage> images() {
    return images;
  }

  /** {@code manifest.json} for some of the images. */
  public JsonText dockerManifest(List<NamedImage> some) {
    return LayoutJson.dockerManifest(some, blobs::containsKey);
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

  /** The size that the finished file had, or has, after each stage. */
  public List<Long> sizes() {
    return List.copyOf(sizes);
  }
}
