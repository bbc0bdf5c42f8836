package io.mirrorimages.cli.command;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.cli.option.ArchiveOption;
import io.mirrorimages.cli.option.ListOption;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The names of the images in an archive, pinned to the digests they have there: what a check
 * compares with.
 */
final class ArchiveImages {
  private ArchiveImages() {}

  /**
   * Refuses an archive in which no image has a full name, as other tools write it that were told a
   * bare tag: there would be nothing to do, which must not look like success. Digests in a list
   * name its images all the same.
   */
  private static List<Reference> checked(
      List<Reference> names, ArchiveReader archive, ArchiveOption option) throws TransferException {
    if (all(archive).isEmpty() && names.stream().allMatch(name -> name.digest().isEmpty())) {
      throw new TransferException(
          FailureKind.CORRUPT,
          option.name()
              + " has no image with a full name: give the tool that writes it the whole name, as in"
              + " oci-archive:FILE:docker.io/rancher/shell:v0.1.24, or a --list with the digests"
              + " that inspect shows");
    }
    return names;
  }

  /**
   * The exit code of a run over all images: what the archive has without a name was not in it, so
   * not everything is done.
   */
  static int exitCode(ArchiveReader archive, ArchiveOption option, int exitCode, PrintStream err) {
    int unnamed = archive.unnamed().size();
    int faults = archive.indexFaults();
    if (unnamed == 0 && faults == 0) {
      return exitCode;
    }
    if (faults > 0) {
      err.println(
          "mirror-images: index.json of "
              + option.name()
              + " is damaged at "
              + Units.count(faults, "image")
              + ", of which its inventory still knows; copy the archive again, or save it again");
      return exitCode == ExitCode.DONE ? ExitCode.SOME_FAILED : exitCode;
    }
    err.println(
        "mirror-images: "
            + Units.count(unnamed, "image")
            + " in "
            + option.name()
            + " without a name left out: save the archive again, or copy it again if it had all"
            + " names");
    return exitCode == ExitCode.DONE ? ExitCode.SOME_FAILED : exitCode;
  }

  /** Says which files have other digests than the registries that their images came from. */
  static void nameRebuilt(ArchiveReader archive, PrintStream err) {
    for (Path file : archive.rebuiltByDocker()) {
      err.println(
          "mirror-images: "
              + file
              + " is of docker save, which builds manifests anew: the digests are docker's own, not"
              + " those of the registries; save the images from there to keep them");
    }
  }

  /** Says what to add when not everything is done, and volumes were not given. */
  static void nameMissingVolumes(ArchiveReader archive, int exitCode, PrintStream err) {
    if (exitCode != ExitCode.DONE && !archive.missingVolumes().isEmpty()) {
      err.println(
          "mirror-images: not given: "
              + String.join(", ", archive.missingVolumes())
              + ": give them too, together or one after the other; what is done already stays");
    }
  }

  /** The images of the archive, also those that are in volumes that were not given. */
  static List<ArchivedImage> all(ArchiveReader archive) {
    return Stream.concat(archive.images().stream(), archive.awaited().stream()).toList();
  }

  /**
   * What the archive calls the images of {@code wanted}: the list may pin the source's digest,
   * which is another one where the archive was saved with a platform filter.
   */
  private static List<Reference> named(ArchiveReader archive, List<Reference> wanted) {
    Map<String, Reference> byName = new HashMap<>();
    all(archive).forEach(image -> byName.put(key(image.name()), image.name()));
    return wanted.stream().map(name -> byName.getOrDefault(key(name), name)).toList();
  }

  /** What the archive calls its images: those of the lists, or all if none is given. */
  static List<Reference> named(ArchiveReader archive, ArchiveOption option, ListOption lists)
      throws IOException, ImageListException {
    return checked(
        lists.isGiven()
            ? named(archive, lists.read())
            : all(archive).stream().map(ArchivedImage::name).toList(),
        archive,
        option);
  }

  /**
   * The same with their digests; a name of a list that the archive does not have stays as it is,
   * and will be found missing.
   */
  static List<Reference> pinned(ArchiveReader archive, ArchiveOption option, ListOption lists)
      throws IOException, ImageListException {
    Map<String, Reference> byName = new LinkedHashMap<>();
    all(archive).forEach(image -> byName.put(key(image.name()), pinned(image)));
    return checked(
        lists.isGiven()
            ? lists.read().stream().map(name -> byName.getOrDefault(key(name), name)).toList()
            : List.copyOf(byName.values()),
        archive,
        option);
  }

  /** What an image is found by in the archive: its digest alone if it has no name there. */
  static Reference findable(ArchiveReader archive, Reference name) {
    return name.digest()
        .filter(digest -> archive.unnamed().stream().anyMatch(u -> u.digest().equals(digest)))
        .filter(digest -> all(archive).stream().noneMatch(i -> key(i.name()).equals(key(name))))
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
