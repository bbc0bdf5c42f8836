package io.mirrorimages.archive;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Reason;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an archive of a plan holds and where: a function of the plan alone. First the JSON files,
 * then all manifests in plan order (so that whoever plans a load reads them in one go), then the
 * other blobs in plan order, each digest once.
 */
final class ArchiveContents {
  private final List<NamedImage> images;
  private final Region layout;
  private final Region index;
  private final Region dockerManifest;
  private final Map<Digest, Region> blobs = new LinkedHashMap<>();
  private final TarLayout tar = new TarLayout();

  /** {@link Reason#CORRUPT} if two manifests give a blob different sizes, or an impossible one. */
  ArchiveContents(List<PlannedImage> plan) throws MirrorException {
    images = NamedImage.of(plan);
    layout = tar.append(LayoutNames.LAYOUT, LayoutJson.layout().length);
    index = tar.append(LayoutNames.INDEX, LayoutJson.index(images).length);
    dockerManifest =
        tar.append(LayoutNames.DOCKER_MANIFEST, LayoutJson.dockerManifest(images).length);
    Map<Digest, Digest> claimedBy = new HashMap<>();
    for (PlannedImage image : plan) {
      for (Manifest manifest : image.manifests()) {
        add(image, manifest.descriptor(), manifest, claimedBy);
      }
    }
    for (PlannedImage image : plan) {
      for (Manifest manifest : image.manifests()) {
        for (Descriptor blob : manifest.blobs()) {
          if (!image.omitted().contains(blob.digest())) {
            add(image, blob, manifest, claimedBy);
          }
        }
      }
    }
  }

  List<NamedImage> images() {
    return images;
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

  /** Manifests and blobs in the order of their places. */
  Map<Digest, Region> blobs() {
    return Collections.unmodifiableMap(blobs);
  }

  /** The size of the finished file in bytes. */
  long size() {
    return tar.size();
  }

  private void add(
      PlannedImage image, Descriptor blob, Manifest claimant, Map<Digest, Digest> claimedBy)
      throws MirrorException {
    Region known = blobs.get(blob.digest());
    if (known == null) {
      try {
        blobs.put(blob.digest(), tar.append(LayoutNames.blob(blob.digest()), blob.size()));
      } catch (ArithmeticException e) {
        throw new MirrorException(
            Reason.CORRUPT,
            "%s says that %s has %d bytes, more than any archive can hold: take %s off the list"
                .formatted(claimant.digest(), blob.digest(), blob.size(), image.request().source()),
            e);
      }
      claimedBy.put(blob.digest(), claimant.digest());
    } else if (known.size() != blob.size()) {
      throw new MirrorException(
          Reason.CORRUPT,
          ("%s has %d bytes according to %s, but %d bytes according to %s (%s): one of them is"
                  + " wrong, take its image off the list")
              .formatted(
                  blob.digest(),
                  known.size(),
                  claimedBy.get(blob.digest()),
                  blob.size(),
                  claimant.digest(),
                  image.request().source()));
    }
  }
}
