package io.mirrorimages.cli;

import io.mirrorimages.archive.ArchiveReader;
import io.mirrorimages.archive.ArchivedImage;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The names of the images in an archive, pinned to the digests they have there: what a check
 * compares with.
 */
final class ArchiveImages {
  private ArchiveImages() {}

  /** All of them, in the archive's order. */
  static List<Reference> pinned(ArchiveReader archive) {
    return archive.images().stream().map(ArchiveImages::pinned).toList();
  }

  /**
   * Those of {@code wanted}; a name that the archive does not have stays as it is, and will be
   * found missing.
   */
  static List<Reference> pinned(ArchiveReader archive, List<Reference> wanted) {
    Map<String, Reference> byName = new HashMap<>();
    archive.images().forEach(image -> byName.put(key(image.name()), pinned(image)));
    return wanted.stream().map(name -> byName.getOrDefault(key(name), name)).toList();
  }

  private static Reference pinned(ArchivedImage image) {
    Optional<Digest> digest = Optional.of(image.descriptor().digest());
    return new Reference(image.name().repository(), image.name().tag(), digest);
  }

  private static String key(Reference name) {
    return name.repository() + " " + name.storeName();
  }
}
