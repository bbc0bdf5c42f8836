package io.mirrorimages.cli.closing;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.mirror.Status;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What follows a transfer to a registry or folder.
 *
 * @param source the option that names where the images come from
 */
public record TransferClosing(String source) implements Closing {
  @Override
  public List<String> lines(EndedRun run) {
    if (run.has(Status.UNFINISHED)) {
      return List.of();
    }
    if (run.has(Status.FAILED)) {
      return run.failed().stream()
          .map(
              list ->
                  "next: "
                      + first(run)
                      + "what is not done is brought by the same command with --list "
                      + CommandText.file(list))
          .toList();
    }
    return run.isDone() && run.has(Status.COPIED)
        ? List.of(
            "next: check it: mirror-images verify with the same " + source + " and --registry")
        : List.of();
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
    boolean archive = source.equals("--archive");
    if (kinds.contains(FailureKind.CORRUPT) && archive) {
      return "copy the archive again; then ";
    }
    if (kinds.contains(FailureKind.MISSING)) {
      return (archive ? "bring an archive that has what is missing" : "check the names")
          + "; then ";
    }
    return "";
  }
}
