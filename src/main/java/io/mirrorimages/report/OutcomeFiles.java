package io.mirrorimages.report;

import static java.util.stream.Collectors.joining;

import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.SettingNames;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The files a run leaves behind, kept up to date as it goes, so that they tell the truth even after
 * a power cut:
 *
 * <ul>
 *   <li>the report and the metrics, if they are wanted: from the moment the options of the run are
 *       known, so that no earlier run's report is taken for that of this one;
 *   <li>the list of everything that is not done yet, in the form of an image list, so that it can
 *       be fed back: from {@link #begin} on; it is gone when nothing is left to do.
 * </ul>
 *
 * Files are replaced as a whole, never half written; at most every two seconds (less often where
 * they are large), and at the end. Thread-safe.
 */
public final class OutcomeFiles implements RunListener {
  private static final long PERIOD = Duration.ofSeconds(2).toNanos();

  /** Writing tens of thousands of results takes long, and the run waits: a twentieth is enough. */
  private static final long MOST_OF_TIME = 20;

  private final RunRecorder recorder;
  private final List<ReportFile> reports;
  private final SettingNames naming;
  private Optional<FailedList> list = Optional.empty();
  private boolean oneWhole;
  private boolean going;
  private long nextWrite = System.nanoTime();

  /**
   * Writes the reports at once: the run goes on, and nothing more is known of it.
   *
   * @param reports the same in several forms; closed by the caller
   * @param naming how the reader gives a setting that a message advises
   * @throws TransferException if one can't be written
   */
  public OutcomeFiles(RunRecorder recorder, List<ReportFile> reports, SettingNames naming)
      throws TransferException {
    this.recorder = recorder;
    this.reports = List.copyOf(reports);
    this.naming = naming;
    writeFirst();
  }

  /**
   * The images are known: writes all files at once, with every image still to do.
   *
   * @param list the list of what is not done, if it is wanted; closed by the caller
   * @param oneWhole whether nothing counts as done before the run ends, as with an archive, which
   *     is there as a whole or not at all
   * @throws TransferException if a file can't be written
   */
  public synchronized void begin(
      List<ImageRequest> requests, Optional<FailedList> list, boolean oneWhole)
      throws TransferException {
    if (list.isPresent()) {
      list.get().check();
    }
    this.list = list;
    this.oneWhole = oneWhole;
    this.going = true;
    recorder.begin(requests);
    writeFirst();
  }

  private void writeFirst() throws TransferException {
    try {
      writeNow();
    } catch (IOException e) {
      throw new TransferException(
          FailureKind.SPACE,
          "cannot write "
              + ErrorWords.of(e)
              + ": name another place with "
              + Setting.FAILED
              + " and "
              + settings(),
          e);
    }
  }

  private String settings() {
    return reports.isEmpty()
        ? Setting.REPORT.toString()
        : reports.stream().map(file -> file.setting().toString()).collect(joining(" and "));
  }

  @Override
  public void on(RunEvent event) {
    recorder.on(event);
    switch (event) {
      case RunEvent.PullsForeseen _, RunEvent.ImageEnded _, RunEvent.Waiting _ ->
          writeFromTimeToTime();
      default -> {
        // It changes no outcome.
      }
    }
  }

  private synchronized void writeFromTimeToTime() {
    if (System.nanoTime() >= nextWrite) {
      long began = System.nanoTime();
      try {
        write();
      } catch (IOException e) {
        // The end of the run tries again, and says so if it is still not possible.
      }
      long ended = System.nanoTime();
      nextWrite = ended + Math.max(PERIOD, MOST_OF_TIME * (ended - began));
    }
  }

  /** All images have come to their end: writes all files. */
  public synchronized void finish(List<ImageResult> all, int exitCode) throws IOException {
    going = false;
    recorder.settle(all);
    recorder.end(exitCode, Optional.empty());
    writeNow();
  }

  /** As {@link #finish}, for a run that did not get to its end: with what is known of it. */
  public synchronized void cutShort(int exitCode) throws IOException {
    cutShort(exitCode, Optional.empty());
  }

  private void cutShort(int exitCode, Optional<Failure> error) throws IOException {
    going = false;
    if (oneWhole) {
      recorder.forgetCopied();
    }
    recorder.end(exitCode, error);
    writeNow();
  }

  /**
   * The process ends so, whatever the images came to: the report says so too. A list stays as the
   * run has left it; of a run whose images never became known, as an earlier run has.
   *
   * @param error what ended the run, if that is no affair of single images
   */
  public synchronized void end(int exitCode, Optional<Failure> error) throws IOException {
    if (going) {
      cutShort(exitCode, error);
    } else if (error.isPresent() || !recorder.exitCode().equals(OptionalInt.of(exitCode))) {
      recorder.end(exitCode, error);
      writeReports();
    }
  }

  private void write() throws IOException {
    if (list.isPresent()) {
      list.get().write(left(), naming);
    }
    for (ReportFile report : reports) {
      report.write(recorder.report());
    }
  }

  /** Writes what must be known from now on: all files, even if one of them can't be written. */
  private void writeNow() throws IOException {
    try {
      if (list.isPresent()) {
        list.get().write(left(), naming);
      }
    } finally {
      writeReports();
    }
  }

  private void writeReports() throws IOException {
    List<IOException> failures = new ArrayList<>();
    for (ReportFile report : reports) {
      try {
        report.writeOrRemove(recorder.report());
      } catch (IOException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  private List<ImageResult> left() {
    boolean ended = recorder.exitCode().isPresent();
    return recorder.report().images().stream().filter(result -> !isDone(result, ended)).toList();
  }

  private boolean isDone(ImageResult result, boolean ended) {
    boolean unpublished = !ended && oneWhole && result.status() == Status.COPIED;
    return !unpublished && (result.status().isSettled() || result.kept());
  }
}
