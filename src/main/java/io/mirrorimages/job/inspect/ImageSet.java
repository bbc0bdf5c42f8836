package io.mirrorimages.job.inspect;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.read.Inspection;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The images of lists and archives, each name once, in their order.
 *
 * @param images the images; of those with the same name the first
 */
public record ImageSet(List<Member> images) {

  /** Leaves out those whose name was there before. */
  public ImageSet {
    Map<Reference, Member> byName = new LinkedHashMap<>();
    images.forEach(image -> byName.putIfAbsent(image.name(), image));
    images = List.copyOf(byName.values());
  }

  /**
   * An image.
   *
   * @param name by its tag, or by its digest if it has none
   * @param digest what the name stands for; empty if that is not known
   * @param size the bytes of its manifests, configs and layers; empty if that is not known
   */
  public record Member(Reference name, Optional<Digest> digest, OptionalLong size) {
    /** One of a name that may be pinned. */
    static Member of(Reference name, Optional<Digest> digest, OptionalLong size) {
      return new Member(
          name.tag().isPresent()
              ? new Reference(name.repository(), name.tag(), Optional.empty())
              : name,
          digest.or(name::digest),
          size);
    }
  }

  /** Those of a list. */
  public static ImageSet ofList(List<Reference> names) {
    return new ImageSet(
        names.stream()
            .map(name -> Member.of(name, Optional.empty(), OptionalLong.empty()))
            .toList());
  }

  /** Those of an inventory, also those that only its bases have. */
  public static ImageSet of(Inventory inventory) {
    Map<Digest, Inventory.Blob> blobs = inventory.byDigest();
    return new ImageSet(
        inventory.images().stream()
            .map(
                image ->
                    Member.of(
                        image.name(),
                        Optional.of(image.descriptor().digest()),
                        OptionalLong.of(
                            image.contents().stream()
                                .map(blobs::get)
                                .mapToLong(Inventory.Blob::size)
                                .sum())))
            .toList());
  }

  /**
   * Those of an archive, also those in volumes that were not given.
   *
   * @param sized whether their sizes are wanted, for which all manifests are read
   */
  public static ImageSet of(ArchiveReader archive, boolean sized) throws IOException {
    Map<ArchivedImage, Long> sizes = new LinkedHashMap<>();
    if (sized) {
      Inspection.of(archive).images().forEach(item -> sizes.put(item.image(), item.size()));
    }
    return new ImageSet(
        Stream.concat(archive.images().stream(), archive.awaited().stream())
            .map(
                image -> {
                  Long size = sizes.get(image);
                  return Member.of(
                      image.name(),
                      Optional.of(image.descriptor().digest()),
                      size == null ? OptionalLong.empty() : OptionalLong.of(size));
                })
            .toList());
  }

  /** This one, and behind it what others have besides. */
  public ImageSet and(ImageSet more) {
    return new ImageSet(Stream.concat(images.stream(), more.images.stream()).toList());
  }

  /**
   * What an image has become.
   *
   * @param before as it was; empty if it was added
   * @param after as it is; empty if it was removed
   */
  public record Change(Optional<Member> before, Optional<Member> after) {}

  /**
   * What differs in {@code later}: its images that are not here, those here that it does not have,
   * and those of the same name with another digest, sorted by name. Where one of them does not know
   * the digest, the name counts alone.
   */
  public List<Change> changes(ImageSet later) {
    Map<Reference, Member> left = new LinkedHashMap<>();
    images.forEach(image -> left.put(image.name(), image));
    List<Change> changes = new ArrayList<>();
    for (Member after : later.images) {
      Optional<Member> before = Optional.ofNullable(left.remove(after.name()));
      boolean same =
          before.isPresent()
              && (before.get().digest().isEmpty()
                  || after.digest().isEmpty()
                  || before.get().digest().equals(after.digest()));
      if (!same) {
        changes.add(new Change(before, Optional.of(after)));
      }
    }
    left.values().forEach(before -> changes.add(new Change(Optional.of(before), Optional.empty())));
    changes.sort((a, b) -> nameOf(a).compareTo(nameOf(b)));
    return List.copyOf(changes);
  }

  private static String nameOf(Change change) {
    return change.after().or(change::before).orElseThrow().name().toString();
  }
}
