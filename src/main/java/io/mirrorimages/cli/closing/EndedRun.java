package io.mirrorimages.cli.closing;

import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param images what each image came to
 * @param exitCode of these images
 * @param failed the list of what is not done; empty if none is written
 */
public record EndedRun(List<ImageResult> images, int exitCode, Optional<Path> failed) {
  /** A copy of the results. */
  public EndedRun {
    images = List.copyOf(images);
  }

  /** Whether everything is done. */
  public boolean isDone() {
    return exitCode == ExitCode.DONE;
  }

  /** Whether an image ended so. */
  public boolean has(Status status) {
    return images.stream().anyMatch(image -> image.status() == status);
  }
}
