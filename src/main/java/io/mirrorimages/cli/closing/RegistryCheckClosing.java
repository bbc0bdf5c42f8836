package io.mirrorimages.cli.closing;

import io.mirrorimages.mirror.Status;
import java.util.List;

/** How what a registry lacks is brought, after a check of it. */
public record RegistryCheckClosing() implements Closing {
  @Override
  public List<String> lines(EndedRun run) {
    if (!run.has(Status.FAILED) || run.has(Status.UNFINISHED)) {
      return List.of();
    }
    return List.of(
        "next: "
            + run.failed()
                .map(list -> "bring the rest by load or sync with --list " + CommandText.file(list))
                .orElse(
                    "list the rest with --failed FILE, and bring it by load or sync with --list"
                        + " FILE"));
  }
}
