package io.mirrorimages.cli.command;

import io.mirrorimages.cli.closing.Closing;
import io.mirrorimages.cli.closing.EndedRun;
import io.mirrorimages.cli.option.RunOptions;
import io.mirrorimages.cli.output.DebugOption;
import io.mirrorimages.cli.output.OutcomeOptions;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.cli.process.Mistake;
import io.mirrorimages.cli.process.StopSignal;
import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.job.Cancellation;
import io.mirrorimages.job.JobListener;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.report.FailedList;
import io.mirrorimages.report.FamiliarName;
import io.mirrorimages.report.Listeners;
import io.mirrorimages.report.OutcomeFiles;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/**
 * One run as its caller sees it: its output while it goes, its files, and what happens to it when
 * it is stopped before its end. Opened when the requests are known, ended by {@link #carryOut};
 * {@link #close} is needed in any case.
 */
final class Run implements AutoCloseable {
  /** The commands that make an archive, which is there as a whole or not at all. */
  private static final Set<String> ONE_WHOLE = Set.of("save", ConvertCommand.NAME);

  private final String command;
  private final PrintStream err;
  private final long began = System.nanoTime();
  private final List<ImageRequest> requests;
  private final Closing closing;
  private final Runnable endOfProgress;
  private final OutcomeFiles files;
  private final Optional<FailedList> list;

  /** Where the list of what is not done is, if not where a user looks for it. */
  private final Optional<Path> elsewhere;

  private final JobLines listener;
  private final StopSignal stop;
  private final DebugOption debug;
  private final Optional<Path> report;

  private Run(
      String command,
      PrintStream err,
      List<ImageRequest> requests,
      Closing closing,
      Runnable endOfProgress,
      OutcomeFiles files,
      Optional<FailedList> list,
      Optional<Path> elsewhere,
      JobLines listener,
      StopSignal stop,
      DebugOption debug,
      Optional<Path> report) {
    this.command = command;
    this.err = err;
    this.stop = stop;
    this.debug = debug;
    this.report = report;
    this.requests = requests;
    this.closing = closing;
    this.endOfProgress = endOfProgress;
    this.files = files;
    this.list = list;
    this.elsewhere = elsewhere;
    this.listener = listener;
  }

  /** Begins the run of {@code command} over {@code requests}, which {@code stop} may end. */
  static Run begin(
      String command,
      List<ImageRequest> requests,
      Closing closing,
      RunOptions options,
      StopSignal stop,
      PrintStream err)
      throws TransferException {
    // A check, often made on a disk that can't be written, leaves alone what save left.
    OutcomeOptions outcome = options.outcome();
    Optional<Path> failed =
        command.equals("verify") ? outcome.failed() : Optional.of(outcome.failedOrUsual());
    Optional<FailedList> list =
        failed.isPresent()
            ? Optional.of(FailedList.take(failed.get(), outcome.job()))
            : Optional.empty();
    OutcomeFiles files = outcome.files();
    try {
      files.begin(requests, list, ONE_WHOLE.contains(command));
    } catch (TransferException e) {
      list.ifPresent(FailedList::close);
      throw e;
    }
    Listeners listeners = options.listeners();
    Runnable endOfProgress = options.log().showProgress(err, requests.size());
    listeners.on(new RunEvent.RunStarted(command, requests.size()));
    Run run =
        new Run(
            command,
            err,
            requests,
            closing,
            endOfProgress,
            files,
            list,
            list.map(FailedList::file)
                .filter(file -> outcome.failed().isEmpty() && file.isAbsolute()),
            new JobLines(listeners, stop::finishing),
            stop,
            options.debug(),
            outcome.report());
    stop.begin(run::endBeforeItsTime);
    stop.onStop(options.log()::stopping);
    stop.atHalt(endOfProgress);
    return run;
  }

  /** Tells the user and the files how the run goes. */
  JobListener listener() {
    return listener;
  }

  /** Changes what is told of each image; before the work begins. */
  Run telling(UnaryOperator<ImageResult> change) {
    listener.telling(change);
    return this;
  }

  /** What ends the run before its time. */
  Cancellation cancellation() {
    return stop;
  }

  /** The file that lists what is not done; empty if none does. */
  Optional<Path> failed() {
    return list.map(FailedList::file);
  }

  /** The work of a run. */
  @FunctionalInterface
  interface Work {
    /** Does it, and gives one result for each image. */
    List<ImageResult> results() throws IOException;
  }

  /**
   * Does the work, writes the outcome and gives the exit code. A failure that ends all of it is the
   * outcome of every image, so that the report tells it too.
   */
  int carryOut(Work work) throws IOException {
    return carryOut(work, ExitCode::of);
  }

  /** As {@link #carryOut(Work)}, with an exit code of its own for the results. */
  int carryOut(Work work, ToIntFunction<List<ImageResult>> code) throws IOException {
    List<ImageResult> results;
    try {
      results = listener.told(work.results());
    } catch (InterruptedIOException e) {
      // Before there was a plan.
      results = List.of();
    } catch (IOException e) {
      try {
        end(
            requests.stream().map(r -> ImageResult.failed(r, Optional.empty(), e)).toList(),
            ExitCode.of(e),
            Failure.of(e).reason() == FailureKind.BUSY);
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
    // An image that the work has forgotten is not done, whatever the others are.
    Map<ImageRequest, ImageResult> all = new LinkedHashMap<>();
    requests.forEach(request -> all.put(request, ImageResult.unfinished(request)));
    results.forEach(result -> all.put(result.request(), result));
    List<ImageResult> complete = List.copyOf(all.values());
    int exitCode = stop.exitCode(code.applyAsInt(complete));
    end(complete, exitCode, false);
    Duration time = Duration.ofNanos(System.nanoTime() - began);
    listener.on(new RunEvent.ImagesEnded(complete, time, closing(complete, exitCode)));
    if (ExitCode.isPlatformMissing(complete)) {
      hint(withoutPlatform(complete));
    }
    Mistake.first(complete)
        .ifPresent(
            mistake -> {
              Mistake.print(mistake, err);
              debug.trace(mistake);
            });
    if (complete.stream().anyMatch(r -> r.status() == Status.UNFINISHED)) {
      sayHowToGoOn(what(complete));
    }
    sayWhatComesFirst(complete);
    return exitCode;
  }

  private static String withoutPlatform(List<ImageResult> results) {
    if (results.stream().anyMatch(r -> r.status() != Status.SKIPPED)) {
      return "no image has a platform of --platform: only what has none, as a chart, is taken";
    }
    return results.stream().allMatch(ImageResult::anyPlatform)
        ? "the list has no container image: there is nothing to bring"
        : "no image has a platform of --platform: there is nothing to bring";
  }

  private List<String> closing(List<ImageResult> results, int exitCode) {
    List<String> lines = new ArrayList<>();
    try {
      lines.addAll(closing.lines(new EndedRun(results, exitCode, failed())));
    } catch (IOException e) {
      // What was made is there all the same.
    }
    report.ifPresent(file -> lines.add("report: " + file));
    return lines;
  }

  private void hint(String text) {
    listener.on(new RunEvent.Hint(text));
  }

  /** Once for all images: they are mostly all of a delta. */
  private void sayWhatComesFirst(List<ImageResult> results) {
    List<ImageResult> early =
        results.stream()
            .filter(r -> r.reason().filter(FailureKind.BASE::equals).isPresent())
            .toList();
    if (!early.isEmpty()) {
      hint(
          Units.count(early.size(), "image")
              + " can't be completed yet. "
              + FamiliarName.of(early.getFirst().request().source())
              + ": "
              + early.getFirst().message());
    }
  }

  /** The work hangs where it can't be interrupted: its outcome is what is known of it. */
  private void endBeforeItsTime(int exitCode) {
    endOfProgress.run();
    try {
      files.cutShort(exitCode);
      list.ifPresent(FailedList::close);
      sayWhereTheListIs(exitCode);
    } catch (IOException e) {
      // Then they are as they were two seconds ago.
    }
    sayHowToGoOn("");
  }

  private void sayHowToGoOn(String done) {
    listener.on(
        new RunEvent.Interrupted(
            stop.reason()
                + ": run the same command again"
                + (command.equals("verify") ? "" : " to go on")
                + done));
  }

  /** What a stopped run has done, or keeps for the next one. */
  private String what(List<ImageResult> results) {
    if (!listener.kept().isEmpty()) {
      return "; " + listener.kept();
    }
    long done = results.stream().filter(r -> r.status().isSettled()).count();
    return done == 0 ? "" : "; " + done + " of " + Units.count(results.size(), "image") + " done";
  }

  /**
   * @param refused whether the run has done nothing, since another one is at work on the same
   */
  private void end(List<ImageResult> results, int exitCode, boolean refused)
      throws TransferException {
    endOfProgress.run();
    try {
      files.finish(results, exitCode);
      if (refused && list.isPresent()) {
        list.get().withdraw();
      } else if (!results.stream().allMatch(result -> result.status().isSettled())) {
        sayWhereTheListIs(exitCode);
      }
    } catch (IOException e) {
      throw new TransferException(FailureKind.SPACE, "cannot write " + ErrorWords.of(e), e);
    }
  }

  private void sayWhereTheListIs(int exitCode) {
    if (exitCode != ExitCode.DONE) {
      list.ifPresent(
          mine ->
              mine.whyElsewhere()
                  .ifPresent(
                      why ->
                          hint(why + ": what this run has not done is listed in " + mine.file())));
      elsewhere.ifPresent(
          file ->
              hint(
                  "what is not done is listed in "
                      + file
                      + ", since the working directory can't be written: --failed names another"
                      + " place"));
    }
  }

  @Override
  public void close() {
    endOfProgress.run();
    list.ifPresent(FailedList::close);
  }
}
