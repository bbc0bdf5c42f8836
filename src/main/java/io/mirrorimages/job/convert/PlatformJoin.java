package io.mirrorimages.job.convert;

import io.mirrorimages.archive.read.AmbiguousName;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.port.ForwardingImageSource;
import io.mirrorimages.mirror.port.ImageSource;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The images of archives that were given together, where a name that stands for several images, of
 * different platforms, is one image of all these. Its index is new, its entries and what they refer
 * to are as they were. Immutable and thread-safe.
 */
public final class PlatformJoin extends ForwardingImageSource {
  private final Map<Reference, JoinedImage> images = new HashMap<>();
  private final Map<Digest, Manifest> indexes = new HashMap<>();

  private PlatformJoin(ImageSource archive) {
    super(archive);
  }

  /**
   * Joins all {@linkplain ArchiveReader#ambiguous ambiguous} images of {@code archive}, which is
   * open while this is used.
   *
   * @throws TransferException {@link FailureKind#OPTION} if two of them differ in one platform
   */
  public static PlatformJoin of(ArchiveReader archive) throws IOException {
    PlatformJoin join = new PlatformJoin(archive);
    for (AmbiguousName name : archive.ambiguous()) {
      JoinedImage image = JoinedImage.of(name, archive);
      join.images.put(plain(name.name()), image);
      join.indexes.put(image.index().digest(), image.index());
    }
    return join;
  }

  /** The names with those of joined images, whose digest is new, without a digest. */
  public List<Reference> names(List<Reference> names) {
    return names.stream()
        .map(name -> images.containsKey(plain(name)) ? plain(name) : name)
        .toList();
  }

  /** A result that also tells of the images that its image is joined from. */
  public ImageResult telling(ImageResult result) {
    JoinedImage image = images.get(plain(result.request().source()));
    return image == null || !image.isNew() || result.targetDigest().isEmpty()
        ? result
        : result.madeOf(image.first(), image.origin());
  }

  @Override
  public Optional<Digest> resolve(Reference image) throws IOException {
    Optional<Manifest> joined = joined(image);
    return joined.isPresent() ? joined.map(Manifest::digest) : super.resolve(image);
  }

  @Override
  public Manifest manifest(Reference image) throws IOException {
    Optional<Manifest> joined = joined(image);
    return joined.isPresent() ? joined.get() : super.manifest(image);
  }

  private Optional<Manifest> joined(Reference image) {
    return image.digest().isPresent()
        ? Optional.ofNullable(indexes.get(image.digest().get()))
        : Optional.ofNullable(images.get(image)).map(JoinedImage::index);
  }

  private static Reference plain(Reference name) {
    return new Reference(name.repository(), name.tag(), Optional.empty());
  }
}
