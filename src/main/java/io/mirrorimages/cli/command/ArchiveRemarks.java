package io.mirrorimages.cli.command;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.cli.option.ArchiveOption;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.job.ArchiveNames;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Prints what a user should know about an archive, beside the outcome of its images. */
final class ArchiveRemarks {
  private ArchiveRemarks() {}

  /**
   * The exit code of a run over all images: what the archive has without a name was not in it, so
   * not everything is done.
   */
  static int exitCode(ArchiveReader archive, ArchiveOption option, int exitCode, PrintStream err)
      throws IOException {
    if (archive.unfinishedBytes().isPresent()) {
      nameUnfinished(archive, option.name(), err);
      return exitCode == ExitCode.DONE ? ExitCode.INCOMPLETE : exitCode;
    }
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

  /**
   * Says that a run has not filled the folder to the end, if that is so, and how it is resumed.
   *
   * @param called what the user calls the folder
   */
  static void nameUnfinished(ArchiveReader archive, String called, PrintStream err)
      throws IOException {
    OptionalLong kept = archive.unfinishedBytes();
    if (kept.isPresent()) {
      err.println("mirror-images: " + ArchiveNames.unfinished(called, kept.getAsLong()));
    }
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

  /** Says that there may be more volumes than those that were given know of. */
  static void nameLater(ArchiveReader archive, ArchiveOption option, PrintStream err) {
    if (archive.lacksWanted()) {
      err.println(
          "mirror-images: "
              + option.name()
              + " was saved without some images of its list: if save was run again, take what that"
              + " run added, as further volumes or in the file");
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
}
