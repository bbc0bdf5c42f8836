package io.mirrorimages.archive.layout;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Platform;
import io.mirrorimages.mirror.PlannedImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The single manifest of an image that stands for it where only one fits, as in a docker archive:
 * the one for linux/amd64, else the first for linux, else the first that is a container image at
 * all.
 *
 * @param manifest that manifest
 * @param isForLinux whether it is for linux, as far as its index tells
 */
record DockerLoadable(Manifest manifest, boolean isForLinux) {
  private static final Platform PREFERRED = Platform.parse("linux/amd64");

  /**
   * Empty for artifacts, signatures, images with layers left out, and if the file does not have all
   * of it.
   *
   * @param stored what the file has
   */
  static Optional<DockerLoadable> of(PlannedImage image, Predicate<Digest> stored) {
    Search search = new Search(image);
    search.visit(image.top(), Optional.empty());
    return Optional.ofNullable(search.preferred)
        .or(() -> search.candidates.stream().filter(DockerLoadable::isForLinux).findFirst())
        .or(() -> search.candidates.stream().findFirst())
        // Another platform in its place, because it happens to be here, would be a surprise.
        .filter(l -> l.manifest.blobs().stream().allMatch(blob -> stored.test(blob.digest())));
  }

  private static final class Search {
    private final Map<Digest, Manifest> planned = new HashMap<>();
    private final PlannedImage image;
    private final List<DockerLoadable> candidates = new ArrayList<>();
    private final Set<Digest> visited = new HashSet<>();
    private @Nullable DockerLoadable preferred;

    Search(PlannedImage image) {
      this.image = image;
      image.manifests().forEach(m -> planned.put(m.digest(), m));
    }

    void visit(Manifest manifest, Optional<Platform> platform) {
      if (manifest.isIndex()) {
        if (!visited.add(manifest.digest())) {
          return;
        }
        for (Descriptor child : manifest.children()) {
          Manifest next = planned.get(child.digest());
          if (next != null && child.platform().map(p -> !p.os().equals("unknown")).orElse(true)) {
            visit(next, child.platform());
          }
        }
      } else if (isContainerImage(manifest)) {
        boolean isForLinux = platform.map(p -> p.os().equals("linux")).orElse(true);
        DockerLoadable candidate = new DockerLoadable(manifest, isForLinux);
        candidates.add(candidate);
        if (preferred == null && platform.filter(PREFERRED::accepts).isPresent()) {
          preferred = candidate;
        }
      }
    }

    private boolean isContainerImage(Manifest manifest) {
      return MediaTypes.isImageConfig(manifest.config().orElseThrow().mediaType())
          && manifest.layers().stream().allMatch(this::isLoadable);
    }

    /** Signatures have an image's config too, but no file system layers. */
    private boolean isLoadable(Descriptor layer) {
      return !image.omitted().contains(layer.digest())
          && (layer.mediaType().startsWith("application/vnd.oci.image.layer.")
              || layer.mediaType().startsWith("application/vnd.docker.image.rootfs."));
    }
  }
}
