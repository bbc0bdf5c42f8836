package io.mirrorimages.job.inspect;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.read.Inspection;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.ImageConfig;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One image in full.
 *
 * @param item its name and sizes
 * @param tree its manifests and what they refer to
 * @param platforms each of its manifests that is no attestation
 */
public record ImageDetail(Inspection.Item item, ContentTree tree, List<OfPlatform> platforms) {

  /** Copies the list. */
  public ImageDetail {
    platforms = List.copyOf(platforms);
  }

  /**
   * A manifest of an image.
   *
   * @param manifest what it refers to
   * @param platform what it runs on, as its index or its config says; empty for artifacts
   * @param created when it was built, as its config says
   * @param labels those of its config
   */
  public record OfPlatform(
      ContentTree manifest,
      Optional<Platform> platform,
      Optional<String> created,
      Map<String, String> labels) {}

  /** Reads the manifests and configs of an image. */
  public static ImageDetail of(ArchiveReader archive, Inspection.Item item) throws IOException {
    ContentTree tree = ContentTree.of(archive, item.image().descriptor(), Referrers.of(archive));
    List<OfPlatform> platforms = new ArrayList<>();
    for (ContentTree manifest : tree.manifests()) {
      Optional<ImageConfig> config = config(archive, item, manifest);
      platforms.add(
          new OfPlatform(
              manifest,
              manifest.entry().platform().or(() -> config.map(ImageConfig::platform)),
              config.flatMap(ImageConfig::created),
              config.map(ImageConfig::labels).orElse(Map.of())));
    }
    return new ImageDetail(item, tree, platforms);
  }

  /** Empty if it is no image's, is not here, or can't be read, which verify finds out. */
  private static Optional<ImageConfig> config(
      ArchiveReader archive, Inspection.Item item, ContentTree manifest) {
    Optional<Descriptor> config =
        manifest.children(ContentTree.Role.CONFIG).stream()
            .map(ContentTree::entry)
            .filter(c -> MediaTypes.isImageConfig(c.mediaType()))
            .filter(c -> c.size() <= Manifest.LARGEST)
            .filter(c -> archive.has(item.image().name().repository(), c))
            .findFirst();
    if (config.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = archive.open(item.image().name().repository(), config.get(), 0)) {
      return Optional.of(ImageConfig.parse(in.readAllBytes()));
    } catch (IOException | InvalidContentException e) {
      return Optional.empty();
    }
  }
}
