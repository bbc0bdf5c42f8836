package io.mirrorimages.job;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.read.UnnamedImages;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What an archive calls its images: those that are wanted, or all. An image that is wanted and not
 * there keeps the name that it is wanted by, and is found missing later.
 *
 * @param archive open while this is used
 * @param called what the user calls the archive
 */
public record ArchiveNames(ArchiveReader archive, String called) {
  private static final Repository UNNAMED = Reference.parseRepository("unnamed");

  /**
   * The names to load. A list may pin the digest of the source, which is another one where the
   * archive was saved with a platform filter: the archive's own name counts.
   *
   * @param wanted empty for all images, also those in volumes that were not given
   * @throws TransferException {@link FailureKind#CORRUPT} if no image has a full name, as in
   *     archives that other tools wrote with a bare tag: there would be nothing to do, which must
   *     not look like success
   */
  public List<Reference> named(Optional<List<Reference>> wanted) throws IOException {
    Map<String, Reference> byName = new HashMap<>();
    all().forEach(image -> byName.put(key(image.name()), image.name()));
    return checked(
        wanted
            .map(names -> found(names, byName))
            .orElseGet(() -> all().map(ArchivedImage::name).toList()));
  }

  /**
   * The names pinned to the digests that they have in the archive, to compare a registry with.
   *
   * @param wanted as above
   * @throws TransferException as above
   */
  public List<Reference> pinned(Optional<List<Reference>> wanted) throws IOException {
    Map<String, Reference> byName = new LinkedHashMap<>();
    all().forEach(image -> byName.put(key(image.name()), pinned(image)));
    return checked(
        wanted.map(names -> found(names, byName)).orElseGet(() -> List.copyOf(byName.values())));
  }

  /**
   * The requests of a check of the archive itself.
   *
   * @param wanted as above
   * @throws TransferException as above
   */
  public List<ImageRequest> checks(Optional<List<Reference>> wanted) throws IOException {
    List<Reference> names = new ArrayList<>();
    if (wanted.isEmpty()) {
      for (Descriptor image : UnnamedImages.of(archive).all()) {
        names.add(new Reference(UNNAMED, Optional.empty(), Optional.of(image.digest())));
      }
    }
    // Of images that have no names each is checked by its digest.
    if (names.isEmpty() || all().findAny().isPresent()) {
      names.addAll(0, pinned(wanted));
    }
    return names.stream().map(name -> new ImageRequest(name, findable(name))).toList();
  }

  private static List<Reference> found(List<Reference> names, Map<String, Reference> byName) {
    return names.stream().map(name -> byName.getOrDefault(key(name), name)).toList();
  }

  /** Digests name images that have no full name. */
  private List<Reference> checked(List<Reference> names) throws IOException {
    if (all().findAny().isEmpty() && names.stream().allMatch(name -> name.digest().isEmpty())) {
      OptionalLong kept = archive.unfinishedBytes();
      if (archive.unnamed().isEmpty() && kept.isEmpty()) {
        throw new TransferException(
            FailureKind.CORRUPT, called + " has no images: save them into it first");
      }
      if (archive.unnamed().isEmpty()) {
        throw new TransferException(
            FailureKind.CORRUPT, "no image is whole yet: " + unfinished(called, kept.orElse(0)));
      }
      throw new TransferException(
          FailureKind.CORRUPT,
          called
              + " has no image with a full name: give one with "
              + Setting.NAME
              + ", as in docker.io/rancher/shell:v0.1.24, or a "
              + Setting.LIST
              + " with the digests that inspect shows");
    }
    return names;
  }

  /**
   * What is to be said of a folder that a run has not filled to the end.
   *
   * @param kept how many bytes of blobs that are not whole it has
   */
  public static String unfinished(String called, long kept) {
    return "%s is not finished%s: run the command that fills it again, which resumes"
        .formatted(
            called,
            kept == 0 ? "" : " (" + Units.bytes(kept) + " of layers that are not whole are kept)");
  }

  private Stream<ArchivedImage> all() {
    return Stream.concat(archive.images().stream(), archive.awaited().stream());
  }

  /** What an image is found by in the archive: its digest alone if it has no name there. */
  private Reference findable(Reference name) {
    return name.digest()
        .filter(digest -> archive.unnamed().stream().anyMatch(u -> u.digest().equals(digest)))
        .filter(digest -> all().noneMatch(image -> key(image.name()).equals(key(name))))
        .map(name::at)
        .orElse(name);
  }

  private static Reference pinned(ArchivedImage image) {
    Optional<Digest> digest = Optional.of(image.descriptor().digest());
    return new Reference(image.name().repository(), image.name().tag(), digest);
  }

  private static String key(Reference name) {
    return name.repository() + " " + name.storeName();
  }
}
