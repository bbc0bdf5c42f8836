package io.mirrorimages.cli.closing;

import io.mirrorimages.archive.read.ArchivedFile;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.report.Units;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What follows a transfer to a registry or folder.
 *
 * @param archive the files of the archive that the images come from; empty if they come from
 *     registries
 * @param folder where the images go to; empty for a registry
 * @param shared the names of options given that a check needs too, beside those of both places
 */
public record TransferClosing(
    Optional<List<ArchivedFile>> archive, Optional<Path> folder, List<String> shared)
    implements Closing {
  private static final String FOREIGN = "--allow-missing-foreign-layers";

  /** Copies the list. */
  public TransferClosing {
    shared = List.copyOf(shared);
  }

  @Override
  public List<String> lines(EndedRun run) {
    if (run.has(Status.UNFINISHED)) {
      return List.of();
    }
    if (run.has(Status.FAILED)) {
      if (run.failed().isEmpty()) {
        return List.of();
      }
      return List.of(
          "next: "
              + first(run)
              + "what is not done is brought by the same command with --list "
              + CommandText.file(run.failed().get()));
    }
    return run.isDone() && run.has(Status.COPIED)
        ? List.of("next: check it: mirror-images verify " + checked(run))
        : List.of();
  }

  /** What a check that passes is given; only an archive tells which images the filter skipped. */
  private String checked(EndedRun run) {
    long skipped = run.images().stream().filter(image -> image.status() == Status.SKIPPED).count();
    if (folder.isPresent()) {
      return "--archive "
          + CommandText.word("oci:" + folder.get())
          + (shared.contains(FOREIGN) ? " " + FOREIGN : "");
    }
    List<String> options = new ArrayList<>();
    options.add(
        (archive.isPresent() ? "--archive" : "--list")
            + (skipped > 0 && archive.isEmpty()
                ? " without the " + Units.count(skipped, "skipped image")
                : ""));
    options.add("--registry");
    options.addAll(shared);
    int last = options.size() - 1;
    return "with the same "
        + String.join(", ", options.subList(0, last))
        + " and "
        + options.get(last);
  }

  /** What has to be done before another run can help. */
  private String first(EndedRun run) {
    Set<FailureKind> kinds =
        run.images().stream()
            .filter(image -> image.status() == Status.FAILED)
            .flatMap(image -> image.reason().stream())
            .collect(Collectors.toSet());
    if (kinds.contains(FailureKind.DENIED)) {
      return "mend the login or its rights; then ";
    }
    if (kinds.contains(FailureKind.CORRUPT) && archive.isPresent()) {
      List<String> damaged = DamagedFiles.among(archive.get(), run.images());
      return "copy "
          + (damaged.isEmpty() ? "the archive" : String.join(" ", damaged))
          + " again; then ";
    }
    if (kinds.contains(FailureKind.MISSING)) {
      return (archive.isPresent() ? "bring an archive that has what is missing" : "check the names")
          + "; then ";
    }
    return "";
  }
}
