package io.mirrorimages.report;

import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Text;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.PullForecast;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.core.exc.JacksonIOException;

/**
 * The files a run leaves behind, kept up to date as it goes, so that they tell the truth even after
 * a power cut:
 *
 * <ul>
 *   <li>the list of everything that is not done yet, in the form of an image list, so that it can
 *       be fed back; it is gone when nothing is left to do;
 *   <li>the JSON report, if one is wanted.
 * </ul>
 *
 * Files are replaced as a whole, never half written; at most every two seconds (less often where
 * they are large), and at the end. Thread-safe.
 */
public final class OutcomeFiles implements RunListener {
  private static final long PERIOD = Duration.ofSeconds(2).toNanos();

  /** Writing tens of thousands of results takes long, and the run waits: a twentieth is enough. */
  private static final long MOST_OF_TIME = 20;

  private final Optional<Path> unsettled;
  private final Optional<Path> report;
  private final JsonReport json;
  private final boolean oneWhole;
  private final Map<ImageRequest, ImageResult> results = new LinkedHashMap<>();
  private final Map<String, PullForecast> pulls = new LinkedHashMap<>();
  private long nextWrite = System.nanoTime();

  /**
   * Writes both files at once, with every image still to do.
   *
   * @param oneWhole whether nothing counts as done before the run ends, as with an archive, which
   *     is there as a whole or not at all
   * @param unsettled where the list of what is not done goes, if it is wanted
   * @param report where the JSON report goes
   * @param json writes it
   * @throws TransferException if a file can't be written
   */
  public OutcomeFiles(
      Optional<Path> unsettled,
      Optional<Path> report,
      JsonReport json,
      List<ImageRequest> requests,
      boolean oneWhole)
      throws TransferException {
    this.unsettled = unsettled;
    this.report = report;
    this.json = json;
    this.oneWhole = oneWhole;
    requests.forEach(request -> results.put(request, ImageResult.unfinished(request)));
    if (unsettled.isPresent()) {
      checkFolder(Setting.FAILED, unsettled.get());
      checkKind(
          Setting.FAILED, unsettled.get(), OutcomeKinds::isFailedList, "list of what is not done");
    }
    if (report.isPresent()) {
      checkFolder(Setting.REPORT, report.get());
      checkKind(Setting.REPORT, report.get(), OutcomeKinds::isReport, "report");
    }
    try {
      write(OptionalInt.empty());
    } catch (IOException e) {
      throw new TransferException(
          FailureKind.SPACE,
          "cannot write "
              + e.getMessage()
              + ": name another place with "
              + Setting.FAILED
              + " and "
              + Setting.REPORT,
          e);
    }
  }

  private static void checkFolder(Setting option, Path file) throws TransferException {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
      throw new TransferException(
          FailureKind.FILE_MISSING,
          Files.isDirectory(file)
              ? option + " " + file + " is a folder: name a file in it"
              : "the folder of " + option + " " + file + " does not exist: create it first");
    }
    if (!Files.isWritable(folder)) {
      throw new TransferException(
          FailureKind.FILE_DENIED,
          "no right to write " + option + " " + file + ": name another folder");
    }
  }

  /** Whether a file is of a kind. */
  private interface Kind {
    boolean has(Path file) throws IOException;
  }

  /** Refuses what is there under that name if no run has written it. */
  private static void checkKind(Setting option, Path file, Kind kind, String name)
      throws TransferException {
    String problem;
    try {
      Optional<String> obstacle = OwnFiles.obstacle(file);
      if (obstacle.isEmpty() && kind.has(file)) {
        return;
      }
      problem = obstacle.orElse("exists and is no " + name + " of an earlier run");
    } catch (IOException e) {
      problem = "exists and can't be read";
    }
    throw new TransferException(
        FailureKind.EXISTS,
        "%s %s %s, and is not replaced: name another file".formatted(option, file, problem));
  }

  @Override
  public void on(RunEvent event) {
    switch (event) {
      case RunEvent.PullsForeseen foreseen -> foreseen(foreseen.forecast());
      case RunEvent.ImageEnded end -> ended(end.result());
      default -> {
        // It changes no outcome.
      }
    }
  }

  private synchronized void foreseen(PullForecast forecast) {
    pulls.put(forecast.allowance().place() + " " + forecast.allowance().turn(), forecast);
    writeFromTimeToTime();
  }

  private synchronized void ended(ImageResult result) {
    results.put(result.request(), result);
    writeFromTimeToTime();
  }

  private void writeFromTimeToTime() {
    if (System.nanoTime() >= nextWrite) {
      long began = System.nanoTime();
      try {
        write(OptionalInt.empty());
      } catch (IOException e) {
        // The end of the run tries again, and says so if it is still not possible.
      }
      long ended = System.nanoTime();
      nextWrite = ended + Math.max(PERIOD, MOST_OF_TIME * (ended - began));
    }
  }

  /** Writes the files for the last time. */
  public synchronized void finish(List<ImageResult> all, int exitCode) throws IOException {
    all.forEach(result -> results.put(result.request(), result));
    write(OptionalInt.of(exitCode));
  }

  /** As {@link #finish}, for a run that did not get to its end: with what is known of it. */
  public synchronized void cutShort(int exitCode) throws IOException {
    if (oneWhole) {
      results.replaceAll(
          (request, result) ->
              result.status() == Status.COPIED ? ImageResult.unfinished(request) : result);
    }
    write(OptionalInt.of(exitCode));
  }

  private void write(OptionalInt exitCode) throws IOException {
    if (unsettled.isPresent()) {
      writeUnsettled(unsettled.get(), exitCode.isPresent());
    }
    if (report.isPresent()) {
      replace(report.get(), out -> json.write(results.values(), pulls.values(), exitCode, out));
    }
  }

  private void writeUnsettled(Path file, boolean ended) throws IOException {
    List<ImageResult> left =
        results.values().stream().filter(result -> !isDone(result, ended)).toList();
    if (left.isEmpty()) {
      if (OutcomeKinds.isFailedList(file)) {
        OwnFiles.delete(file);
      }
    } else {
      replace(file, out -> writeList(left, out));
    }
  }

  private boolean isDone(ImageResult result, boolean ended) {
    return result.status().isSettled() && (ended || !oneWhole || result.status() != Status.COPIED);
  }

  private static void replace(Path file, OwnFiles.Content content) throws IOException {
    try {
      OwnFiles.replace(file, content);
    } catch (JacksonIOException e) {
      throw e.getCause();
    }
  }

  private void writeList(List<ImageResult> images, OutputStream out) throws IOException {
    out.write((OutcomeKinds.HEADER + "\n").getBytes(StandardCharsets.UTF_8));
    for (ImageResult image : images) {
      String why =
          image
              .reason()
              .map(
                  r ->
                      "# "
                          + r.label()
                          + ": "
                          + Text.line(Setting.named(image.message(), json.naming()))
                          + "\n")
              .orElse("");
      out.write((why + image.request().source() + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }
}
