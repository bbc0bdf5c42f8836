package io.mirrorimages.job.save;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.port.ImageSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a save is to do.
 *
 * @param archive the archive to make
 * @param images the images that go into it; a run with other images is another one
 * @param mirror how the engine works
 * @param base the file or folder that is the base of a delta, for its manifests
 * @param refresh whether all tags are resolved again, where an earlier run was interrupted
 * @param content what the names stand for, where that is known before: a save of other content is
 *     another one; empty for registries, whose tags may change meanwhile
 */
public record SaveOptions(
    ArchiveSpec archive,
    List<Reference> images,
    MirrorOptions mirror,
    Optional<ImageLocation.Local> base,
    boolean refresh,
    String content) {
  /** A copy of the images. */
  public SaveOptions {
    images = List.copyOf(images);
  }

  /** Of registries. */
  public SaveOptions(
      ArchiveSpec archive,
      List<Reference> images,
      MirrorOptions mirror,
      Optional<ImageLocation.Local> base,
      boolean refresh) {
    this(archive, images, mirror, base, refresh, "");
  }

  /** One archive file with all platforms of these images, 8 blobs at once, 5 retries. */
  public static SaveOptions of(Path archive, List<Reference> images) {
    return new SaveOptions(
        ArchiveSpec.of(archive), images, MirrorOptions.defaults(), Optional.empty(), false);
  }

  /** The same with another way to work. */
  public SaveOptions with(MirrorOptions other) {
    return new SaveOptions(archive, images, other, base, refresh, content);
  }

  /**
   * The same for images of {@code source}, an archive or folder, whose names mean the same each
   * time.
   */
  public SaveOptions from(ImageSource source) throws IOException {
    StringBuilder digests = new StringBuilder();
    for (Reference image : images) {
      digests.append(digest(source, image)).append('\n');
    }
    return new SaveOptions(archive, images, mirror, base, refresh, digests.toString());
  }

  private static String digest(ImageSource source, Reference image) throws IOException {
    try {
      return source.resolve(image).map(Digest::toString).orElse("");
    } catch (TransferException e) {
      // It is missing, which is its result.
      return "";
    }
  }

  /** One request for each image, under the name that it has at the source. */
  public List<ImageRequest> requests() {
    return images.stream().map(name -> new ImageRequest(name, name)).toList();
  }
}
