package io.mirrorimages.archive.read;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.image.UnsupportedManifestException;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The images of an archive without a full name: what its index lists so, without the platforms of
 * other entries (oras lists these too) and without what refers to an image, such as a signature.
 */
public final class UnnamedImages {
  private final ArchiveReader archive;
  private final List<Descriptor> all;

  private UnnamedImages(ArchiveReader archive, List<Descriptor> all) {
    this.archive = archive;
    this.all = all;
  }

  /** Reads the manifests of the index's entries, if there are any without a name. */
  public static UnnamedImages of(ArchiveReader archive) throws IOException {
    List<Descriptor> unnamed = archive.unnamed();
    Set<Digest> parts = new HashSet<>();
    if (unnamed.size() > 1 || !archive.images().isEmpty()) {
      List<Descriptor> entries =
          Stream.concat(
                  archive.images().stream().map(image -> image.descriptor()), unnamed.stream())
              .toList();
      for (Descriptor entry : unnamed.isEmpty() ? List.<Descriptor>of() : entries) {
        addParts(archive, entry, parts);
      }
    }
    return new UnnamedImages(
        archive, unnamed.stream().filter(entry -> !parts.contains(entry.digest())).toList());
  }

  private static void addParts(ArchiveReader archive, Descriptor entry, Set<Digest> parts)
      throws IOException {
    try {
      Manifest manifest = archive.manifest(entry.digest(), entry.mediaType());
      manifest.children().forEach(child -> parts.add(child.digest()));
      if (manifest.subject().isPresent()) {
        parts.add(entry.digest());
      }
    } catch (TransferException | InvalidContentException | UnsupportedManifestException e) {
      // The check of the image says what is wrong with it.
    }
  }

  /** Their manifests or indexes, in the order of the index. */
  public List<Descriptor> all() {
    return all;
  }

  /** What an image runs on, as {@code linux/amd64}; empty if that can't be told. */
  public List<String> platforms(Descriptor image) throws IOException {
    return Inspection.platforms(archive, image);
  }

  /**
   * Names them, or if there are none, those whose names have no registry; for use before others
   * read the archive.
   *
   * @param tag of the one image that there is; without it each has the tag that the index gives it
   * @throws TransferException {@link FailureKind#OPTION} if there is none, or the names are not
   *     clear
   */
  public void name(Repository repository, Optional<String> tag) throws TransferException {
    if (all.isEmpty()) {
      rename(repository, tag);
      return;
    }
    if (tag.isPresent() && all.size() > 1) {
      throw refused(
          "has %d images without a name: give the name without a tag, if they have tags, or a %s with the digests that inspect shows"
              .formatted(all.size(), Setting.LIST));
    }
    for (Descriptor image : all) {
      Optional<String> own = tag.or(() -> archive.names().tagOf(image.digest()));
      if (own.isEmpty()) {
        throw refused("has no tag for " + image.digest() + ": give the name with a tag");
      }
      Reference name = new Reference(repository, own, Optional.empty());
      if (!archive.names().name(name, image)) {
        throw refused("has another image named " + name + ": give another name");
      }
    }
  }

  private void rename(Repository repository, Optional<String> tag) throws TransferException {
    List<ArchivedImage> images = archive.names().unqualified();
    if (images.isEmpty()) {
      throw refused(
          "has no image without a name, or without a registry in it: leave out " + Setting.NAME);
    }
    if (tag.isPresent() && images.size() > 1) {
      throw refused(
          "has %d images without a registry in their names: give the name without a tag"
              .formatted(images.size()));
    }
    for (ArchivedImage image : images) {
      Reference name =
          new Reference(repository, tag.or(() -> image.name().tag()), Optional.empty());
      if (!archive.names().rename(image, name)) {
        throw refused("has another image named " + name + ": give another name");
      }
    }
  }

  private TransferException refused(String problem) {
    return new TransferException(FailureKind.OPTION, archive.names().archive() + " " + problem);
  }
}
