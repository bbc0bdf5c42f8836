package io.mirrorimages.cli.closing;

import io.mirrorimages.mirror.Status;
import java.util.List;

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
                  "next: what is not done is brought by the same command with --list "
                      + CommandText.file(list))
          .toList();
    }
    return run.isDone() && run.has(Status.COPIED)
        ? List.of(
            "next: check it: mirror-images verify with the same " + source + " and --registry")
        : List.of();
  }
}
