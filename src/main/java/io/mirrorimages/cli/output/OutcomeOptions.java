package io.mirrorimages.cli.output;

import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.cli.process.UserHome;
import io.mirrorimages.cli.process.Version;
import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.report.FailedList;
import io.mirrorimages.report.JsonReport;
import io.mirrorimages.report.OutcomeFiles;
import io.mirrorimages.report.ReportFile;
import io.mirrorimages.report.RunRecorder;
import io.mirrorimages.report.metrics.MetricsText;
import io.mirrorimages.state.StateFolder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * The options for the files that a run leaves behind, and these files from {@link #open} on: the
 * report tells of this run as soon as its options are known, and belongs to it until {@link
 * #close}.
 */
public final class OutcomeOptions implements RunListener, Closeable {
  private static final String NAME = "--report";
  private static final String METRICS = "--metrics";

  @Option(
      names = NAME,
      paramLabel = "FILE",
      description = "Write the outcome of every image as JSON, updated during the run.")
  private @Nullable Path report;

  @Option(
      names = "--failed",
      paramLabel = "FILE",
      description =
          "List of the images that are not done, for --list of the next run; removed when all are"
              + " done (default: failed.txt, in the state folder if the current one can't be"
              + " written; verify writes it only if it is named).")
  private @Nullable Path failed;

  @Option(
      names = METRICS,
      paramLabel = "FILE",
      description =
          "Write metrics for the textfile collector of node_exporter: a file NAME.prom for this"
              + " command alone, updated during the run.")
  private @Nullable Path metrics;

  private final List<ReportFile> reports = new ArrayList<>();
  private FailedList.@Nullable ListOwner job;
  private Optional<OutcomeFiles> files = Optional.empty();

  /** Those of a command; empty if it has none. */
  public static Optional<OutcomeOptions> of(CommandSpec command) {
    return CommandOptions.owner(command, NAME);
  }

  /** Finds the options of a command line that could not be parsed to its end. */
  public static void readAhead(CommandSpec command, List<String> arguments) {
    CommandOptions.readAheadFile(command, NAME, arguments);
    CommandOptions.readAheadFile(command, METRICS, arguments);
    if (arguments.contains(CommandOptions.DRY_RUN)) {
      CommandOptions.askForDryRun(command);
    }
  }

  /**
   * Takes the files of the report and the metrics, and writes that the run goes on. A dry run has
   * no outcome.
   *
   * @throws TransferException if a file can't be written, is of another kind, or is that of a run
   *     that goes on
   */
  public void open(CommandSpec command) throws TransferException {
    if (files.isPresent() || CommandOptions.isDryRun(command)) {
      return;
    }
    job = CommandOptions.job(command);
    Optional<Path> wanted = named(NAME, report);
    if (wanted.isPresent()) {
      reports.add(ReportFile.take(wanted.get(), new JsonReport(OptionName.in(command))));
    }
    try {
      takeMetrics(command.name());
    } finally {
      files =
          Optional.of(
              new OutcomeFiles(
                  new RunRecorder(Version.number(), command.name(), Instant.now()),
                  reports,
                  OptionName.in(command)));
    }
  }

  private void takeMetrics(String command) throws TransferException {
    Optional<Path> wanted = named(METRICS, metrics);
    if (wanted.isEmpty()) {
      return;
    }
    Path file = wanted.get();
    if (!file.toString().endsWith(MetricsText.SUFFIX)) {
      throw new UsageException(
          METRICS + " " + file + ": node_exporter reads only files whose names end in .prom");
    }
    reports.add(ReportFile.take(file, MetricsText.of(command, file)));
  }

  private static Optional<Path> named(String option, @Nullable Path file) {
    if (file != null && file.toString().equals("-")) {
      throw new UsageException(option + " is written as the run goes on: name a file, not -");
    }
    return Optional.ofNullable(file);
  }

  /** The files, after {@link #open}. */
  public OutcomeFiles files() {
    return files.orElseThrow();
  }

  /** Reports an event to the files, if they are open. */
  @Override
  public void on(RunEvent event) {
    files.ifPresent(open -> open.on(event));
  }

  /** As {@link OutcomeFiles#end}, if they are open. */
  public void end(int exitCode, Optional<Failure> error) throws IOException {
    if (files.isPresent()) {
      files.get().end(exitCode, error);
    }
  }

  /** The report, if one was named. */
  public Optional<Path> report() {
    return Optional.ofNullable(report);
  }

  /** The list of what is not done, if one was named. */
  public Optional<Path> failed() {
    return named("--failed", failed);
  }

  /** Whose list that is; empty if a file was named, which belongs to each run that names it. */
  public Optional<FailedList.ListOwner> job() {
    return Optional.ofNullable(failed == null ? job : null);
  }

  /**
   * The same, or the usual place: the working directory, or, where that can't be written as under
   * cron and systemd, the folder of the user's state.
   */
  public Path failedOrUsual() {
    Path usual = Path.of("failed.txt");
    if (failed != null || Files.isWritable(Path.of("."))) {
      return failed().orElse(usual);
    }
    Path state =
        Path.of(StateFolder.ofUser(System.getenv(), UserHome.folder()).toString()).toAbsolutePath();
    try {
      return Files.createDirectories(state).resolve(usual);
    } catch (IOException e) {
      return usual;
    }
  }

  @Override
  public void close() {
    reports.forEach(ReportFile::close);
  }
}
