package io.mirrorimages.job;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which images of an archive have the digests that a list gives them.
 *
 * @param kept how many have
 * @param lost the names, with the listed digest, of those that have another one
 * @param unlisted how many have no digest in the list
 */
public record KeptDigests(int kept, List<String> lost, int unlisted) {
  /** Copies the list. */
  public KeptDigests {
    lost = List.copyOf(lost);
  }

  /**
   * Compares all images of an archive.
   *
   * @param archive open
   * @param listed names by tag, with digests; those without are taken for not listed
   */
  public static KeptDigests of(ArchiveReader archive, List<Reference> listed) {
    Map<Reference, Digest> archived = new HashMap<>();
    for (ArchivedImage image : archive.images()) {
      archived.put(image.name(), image.descriptor().digest());
    }
    List<Reference> known =
        listed.stream()
            .filter(name -> name.digest().isPresent() && archived.containsKey(byTag(name)))
            .toList();
    List<String> lost =
        known.stream()
            .filter(name -> !Objects.equals(archived.get(byTag(name)), name.digest().orElseThrow()))
            .map(Reference::toString)
            .toList();
    return new KeptDigests(known.size() - lost.size(), lost, archived.size() - known.size());
  }

  private static Reference byTag(Reference name) {
    return new Reference(name.repository(), name.tag(), Optional.empty());
  }
}
