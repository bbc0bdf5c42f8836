package io.mirrorimages.cli.closing;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.read.ArchivedFile;
import io.mirrorimages.archive.read.UnnamedImages;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is whole after the check of an archive, and what it is good for.
 *
 * @param archive closed by the caller, after its use
 * @param names what the user calls it
 * @param all whether all images of the archive were checked
 */
public record ArchiveCheckClosing(ArchiveReader archive, List<String> names, boolean all)
    implements Closing {
  /** Copies the list. */
  public ArchiveCheckClosing {
    names = List.copyOf(names);
  }

  @Override
  public List<String> lines(EndedRun run) throws IOException {
    if (run.has(Status.UNFINISHED)) {
      return List.of();
    }
    if (!run.isDone()) {
      return run.has(Status.FAILED)
          ? List.of(copyAgain(DamagedFiles.among(archive.files(), run)))
          : List.of();
    }
    if (!all || archive.indexFaults() > 0 || !UnnamedImages.of(archive).all().isEmpty()) {
      return List.of();
    }
    if (!archive.missingVolumes().isEmpty()) {
      return List.of(volumes());
    }
    return archive.missingBases().isEmpty()
        ? List.of(
            name() + " is whole (" + Units.bytes(ArchivedFile.sizeOf(archive.files())) + ")",
            "next: mirror-images load --archive " + words() + " --registry HOST[/PROJECT]")
        : List.of(delta());
  }

  private String copyAgain(List<String> damaged) {
    String files = damaged.isEmpty() ? name() : String.join(" ", damaged);
    return "next: copy "
        + files
        + " here again"
        + (damaged.isEmpty() ? "" : ", then: mirror-images verify --archive " + words())
        + (damaged.size() > 1 ? "; if they are" : "; if it is")
        + " damaged where it was saved too, save it again";
  }

  /** What was given, for a shell. */
  private String words() {
    return names.stream().map(CommandText::word).collect(Collectors.joining(" "));
  }

  private String name() {
    return String.join(" ", names);
  }

  private String volumes() throws IOException {
    List<String> given = archive.incompleteVolumes();
    return String.join(", ", given)
        + (given.size() == 1 ? " is whole (" : " are whole (")
        + Units.bytes(ArchivedFile.sizeOf(archive.files()))
        + "); not given: "
        + String.join(", ", archive.missingVolumes());
  }

  private String delta() throws IOException {
    return name()
        + " is whole ("
        + Units.bytes(ArchivedFile.sizeOf(archive.files()))
        + "); its images also need "
        + String.join(", ", archive.missingBases())
        + ", which was not given: load that first, or both together";
  }
}
