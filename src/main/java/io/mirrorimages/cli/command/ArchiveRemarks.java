package io.mirrorimages.cli.command;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.layout.NearNames;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.read.ArchivedFile;
import io.mirrorimages.archive.read.UnnamedImages;
import io.mirrorimages.cli.closing.DigestCheck;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.job.ArchiveNames;
import io.mirrorimages.job.ExpectedDigests;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a user should know about an archive, beside the outcome of its images.
 *
 * @param archive closed by the caller
 * @param name what the user calls it
 * @param listener receives each remark as a hint
 */
record ArchiveRemarks(ArchiveReader archive, String name, RunListener listener) {
  private static final String HUB = "docker.io/";

  /**
   * The exit code of a run over all images: what the archive has without a name was not in it, so
   * not everything is done.
   */
  int exitCode(int exitCode) throws IOException {
    int own = nameIncomplete(false);
    return exitCode == ExitCode.DONE ? own : exitCode;
  }

  /** As {@link #exitCode}, of a check, which takes images without a name too. */
  int exitCodeOfCheck(int exitCode) throws IOException {
    int own = nameIncomplete(true);
    return exitCode == ExitCode.DONE ? own : exitCode;
  }

  private int nameIncomplete(boolean checked) throws IOException {
    if (archive.unfinishedBytes().isPresent()) {
      nameUnfinished();
      return ExitCode.INCOMPLETE;
    }
    int unnamed = UnnamedImages.of(archive).all().size();
    int faults = archive.indexFaults();
    if (unnamed == 0 && faults == 0) {
      return ExitCode.DONE;
    }
    if (faults > 0) {
      hint(
          "index.json of "
              + name
              + " is damaged at "
              + Units.count(faults, "image")
              + ", of which its inventory still knows; copy the archive again, or save it again");
      return ExitCode.SOME_FAILED;
    }
    if (checked) {
      hint(
          Units.count(unnamed, "image")
              + " in "
              + name
              + " without a name: load takes a name for one with "
              + Setting.NAME);
      return ExitCode.DONE;
    }
    hint(
        Units.count(unnamed, "image")
            + " in "
            + name
            + " without a name left out: give one with "
            + Setting.NAME
            + ", or save the archive again");
    return ExitCode.SOME_FAILED;
  }

  /** Says that a run has not filled the folder to the end, if that is so, and how it is resumed. */
  void nameUnfinished() throws IOException {
    OptionalLong kept = archive.unfinishedBytes();
    if (kept.isPresent()) {
      hint(ArchiveNames.unfinished(name, kept.getAsLong()));
    }
  }

  /** Says which files have other digests than the registries that their images came from. */
  private void nameRebuilt() {
    for (Path file : archive.rebuiltIndexes()) {
      hint(
          file
              + " keeps no index of an image with several platforms, as hangar does not: it is made"
              + " of them again, and its digest is not the upstream's; those of the platforms are");
    }
    List<Path> whole = new ArrayList<>(archive.rebuilt());
    whole.removeAll(archive.rebuiltIndexes());
    for (Path file : whole) {
      hint(
          file
              + " has rebuilt manifests, as docker save and docker archives keep none: each digest"
              + " is not the upstream's; save the images from their registries to keep digests");
    }
  }

  /**
   * Says which digests can't be the registries', and gives a check of those that are expected: of a
   * file, and of a list. Of an archive that save wrote, and of a folder, it is not known whether a
   * platform filter has left an image another digest than the list pins, so that is only said.
   *
   * @param wanted the names of a list
   * @param file the digests that a file gives
   * @param filtered whether a platform filter may leave images other digests
   */
  DigestCheck digests(
      Optional<List<Reference>> wanted, Optional<ExpectedDigests> file, boolean filtered)
      throws IOException {
    nameRebuilt();
    Map<Reference, Digest> archived = new HashMap<>();
    archive.images().forEach(i -> archived.put(i.name(), i.descriptor().digest()));
    List<Reference> others =
        wanted.orElse(List.of()).stream().filter(name -> isOther(name, archived)).toList();
    Set<Reference> filterable = others.isEmpty() ? Set.of() : filterable(others);
    List<Reference> maybe = others.stream().filter(filterable::contains).toList();
    if (!maybe.isEmpty()) {
      hint(
          Units.count(maybe.size(), "image")
              + " of "
              + name
              + " with another digest than the list pins, which is right only if it was saved with "
              + Setting.PLATFORM
              + ": "
              + DigestCheck.some(
                  maybe.stream()
                      .map(one -> one + " is " + archived.get(ExpectedDigests.byTag(one)))
                      .toList())
              + "; verify fails if the list is given with --digests too");
    }
    return new DigestCheck(
        ExpectedDigests.of(
            "the list", others.stream().filter(name -> !filterable.contains(name)).toList()),
        file,
        filtered);
  }

  /** Whether a name pins a digest, and the archive has another one under it. */
  private static boolean isOther(Reference name, Map<Reference, Digest> archived) {
    Digest own = archived.get(ExpectedDigests.byTag(name));
    return own != null && name.digest().filter(digest -> !digest.equals(own)).isPresent();
  }

  /** Those of the names whose image may have its digest from a platform filter. */
  private Set<Reference> filterable(List<Reference> names) throws IOException {
    List<ArchivedFile> files = archive.files();
    if (files.stream().anyMatch(read -> Files.isDirectory(read.path()))) {
      return Set.copyOf(names);
    }
    Set<Reference> saved =
        files.stream()
            .flatMap(read -> read.inventory().stream())
            .flatMap(inventory -> inventory.images().stream())
            .map(Inventory.Image::name)
            .collect(Collectors.toSet());
    return names.stream()
        .filter(name -> saved.contains(ExpectedDigests.byTag(name)))
        .collect(Collectors.toSet());
  }

  /**
   * Says so if the names of a list are those of another registry, each with the same beginning,
   * under which the archive has nothing.
   */
  void nameOtherPrefix(Optional<List<Reference>> wanted) {
    if (wanted.isEmpty()) {
      return;
    }
    List<Reference> names =
        Stream.concat(archive.images().stream(), archive.awaited().stream())
            .map(ArchivedImage::name)
            .toList();
    new NearNames(names)
        .otherPrefix(wanted.get())
        .ifPresent(
            prefix -> {
              String instead = prefix.archived().equals(HUB) ? "" : prefix.archived();
              hint(
                  "each name of the list begins with %s, where %s has %s: take the list without it (sed 's#^%s#%s#')"
                      .formatted(
                          prefix.wanted(),
                          name,
                          prefix.archived().isEmpty() ? "nothing" : prefix.archived(),
                          prefix.wanted(),
                          instead));
            });
  }

  /** Says that there may be more volumes than those that were given know of. */
  void nameLater() {
    if (archive.lacksWanted()) {
      hint(
          name
              + " was made without some images of its list, which the save or convert that made it"
              + " has named: if that was run again, take what it added, as further volumes or in"
              + " the file");
    }
  }

  /** Says what to add when not everything is done, and volumes were not given. */
  void nameMissingVolumes(int exitCode) {
    if (exitCode != ExitCode.DONE && !archive.missingVolumes().isEmpty()) {
      hint(
          "not given: "
              + String.join(", ", archive.missingVolumes())
              + ": give them too, together or one after the other; what is done already stays");
    }
  }

  private void hint(String text) {
    listener.on(new RunEvent.Hint(text));
  }
}
