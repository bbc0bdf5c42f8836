package io.mirrorimages.cli.closing;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.read.ArchivedFile;
import io.mirrorimages.archive.read.UnnamedImages;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is whole after the check of an archive, and what it is good for.
 *
 * @param archive closed by the caller, after its use
 * @param names what the user calls it
 * @param choice the options that another command needs for the same images, as words of a command
 *     line
 * @param all whether all images of the archive were checked
 */
public record ArchiveCheckClosing(
    ArchiveReader archive, List<String> names, List<String> choice, boolean all)
    implements Closing {
  /** Copies the lists. */
  public ArchiveCheckClosing {
    names = List.copyOf(names);
    choice = List.copyOf(choice);
  }

  @Override
  public List<String> lines(EndedRun run) throws IOException {
    if (run.has(Status.UNFINISHED)) {
      return List.of();
    }
    if (!run.isDone()) {
      return run.has(Status.FAILED)
          ? List.of(isForeignWithLess(run) ? bring(run) : copyAgain(run))
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
            name()
                + (archive.lacksWanted()
                    ? " is whole, without some images of its list ("
                    : " is whole (")
                + Units.bytes(ArchivedFile.sizeOf(archive.files()))
                + ")",
            "next: mirror-images load --archive " + words() + " --registry HOST[/PROJECT]")
        : List.of(delta());
  }

  /** Whether images of another tool's archive are not whole, and nothing in it is damaged. */
  private boolean isForeignWithLess(EndedRun run) throws IOException {
    return archive.files().stream().allMatch(file -> file.inventory().isEmpty())
        && run.images().stream()
            .filter(image -> image.status() == Status.FAILED)
            .allMatch(image -> image.reason().filter(FailureKind.MISSING::equals).isPresent());
  }

  /** Where what is missing may be, by what the archive has of the images that failed. */
  private String bring(EndedRun run) {
    Map<String, Descriptor> known = new HashMap<>();
    archive.images().forEach(image -> known.put(key(image.name()), image.descriptor()));
    List<Descriptor> incomplete =
        run.images().stream()
            .filter(image -> image.status() == Status.FAILED)
            .flatMap(
                image -> Optional.ofNullable(known.get(key(image.request().source()))).stream())
            .toList();
    if (archive.isOfSet()) {
      return "next: give all files of the set together: mirror-images verify --archive "
          + words()
          + " FILE ...";
    }
    if (incomplete.isEmpty()) {
      return "next: give the archive that has what is missing, or take it out of the list";
    }
    return !choice.contains("--platform")
            && incomplete.stream().anyMatch(top -> MediaTypes.isIndex(top.mediaType()))
        ? "next: if only some platforms were to be in it: mirror-images verify --archive "
            + words()
            + " --platform OS/ARCH; else write it again with the tool that made it"
        : "next: write it again with the tool that made it";
  }

  /** An image by its tag, whatever digest is beside it. */
  private static String key(Reference name) {
    return name.repository() + " " + name.tag().or(() -> name.digest().map(Digest::toString));
  }

  private String copyAgain(EndedRun run) throws IOException {
    List<String> damaged = DamagedFiles.among(archive.files(), run.images());
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
    return Stream.concat(names.stream(), choice.stream())
        .map(CommandText::word)
        .collect(Collectors.joining(" "));
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
