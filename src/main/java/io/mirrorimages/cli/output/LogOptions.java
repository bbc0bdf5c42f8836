package io.mirrorimages.cli.output;

import io.mirrorimages.cli.process.Terminal;
import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.report.Listeners;
import io.mirrorimages.report.line.Console;
import io.mirrorimages.report.line.EventFormat;
import io.mirrorimages.report.line.EventJson;
import io.mirrorimages.report.line.EventText;
import io.mirrorimages.report.line.GroupedFailures;
import io.mirrorimages.report.line.LogFile;
import io.mirrorimages.report.line.ProgressEvents;
import io.mirrorimages.report.line.Stamp;
import io.mirrorimages.report.live.LiveView;
import java.io.Closeable;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * The options for what a run prints and logs. Lines have the time where they are a log: in a file,
 * and on a console that nobody watches.
 */
public final class LogOptions implements Closeable {
  private static final String FILE = "--log-file";
  private static final String FORMAT = "--log-format";

  /** The forms of a log. */
  enum Format {
    TEXT,
    JSON
  }

  @Option(
      names = FILE,
      paramLabel = "FILE",
      description = "Append each event with its time to this file too, --quiet or not.")
  private @Nullable Path file;

  @Option(
      names = FORMAT,
      paramLabel = "text|json",
      defaultValue = "text",
      description =
          "Form of the log file, or, without one, of the console: text, or json with an object a"
              + " line (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  @Option(
      names = {"-q", "--quiet"},
      description =
          "Print nothing if all is done; else only failures and what to do, on standard error.")
  private boolean quiet;

  @Mixin private ViewOptions view;

  private final Listeners listeners = new Listeners();
  private PrintStream out = System.out;
  private Optional<LiveView> live = Optional.empty();
  private Optional<Console> console = Optional.empty();
  private Optional<LogFile> log = Optional.empty();

  /** Those of a command; empty if it has none. */
  public static Optional<LogOptions> of(CommandSpec command) {
    return CommandOptions.owner(command, FILE);
  }

  /**
   * Those of a command line that is refused, if a program reads them or they name a log: both get
   * the error too.
   */
  public static Optional<LogOptions> readAhead(CommandSpec command, List<String> arguments) {
    Optional<LogOptions> options = of(command);
    if (options.isPresent()) {
      LogOptions found = options.get();
      boolean json =
          CommandOptions.readAhead(FORMAT, arguments).filter("json"::equalsIgnoreCase).isPresent();
      found.format = json ? Format.JSON : Format.TEXT;
      found.quiet |= arguments.contains("--quiet") || arguments.contains("-q");
      CommandOptions.readAheadFile(command, FILE, arguments);
    }
    return options.filter(found -> found.isForPrograms() || found.file != null);
  }

  /** Whether the console has an object a line, for a program that reads it. */
  public boolean isForPrograms() {
    return format == Format.JSON && file == null;
  }

  /** Whether a program reads standard error too: an error is the message of the last event. */
  public boolean isOnlyEvents() {
    return quiet && isForPrograms();
  }

  /** Leaves the log file out, if it was named. */
  public void withoutFile() {
    file = null;
  }

  /** Appends an error in words to the log file, whose events have none in text. */
  public void record(String line) {
    if (format == Format.TEXT) {
      log.ifPresent(there -> there.say(List.of(line)));
    }
  }

  /**
   * Opens what events are printed and logged to. The caller closes this object.
   *
   * @param first receives each event before it is printed: a console that nobody reads blocks
   * @throws ParameterException if the log file can't be written
   */
  public void open(
      CommandSpec command,
      Optional<? extends RunListener> first,
      PrintStream out,
      PrintStream err) {
    first.ifPresent(listeners::add);
    boolean plan = CommandOptions.isDryRun(command);
    boolean json = isForPrograms();
    boolean watched = Terminal.isWatched() && !json;
    this.out = out;
    Console shown =
        new Console(
            out,
            err,
            json ? new EventJson(OptionName.in(command)) : new GroupedFailures(new EventText()),
            new Console.Style(
                watched || plan || json ? Stamp.NONE : Stamp.time(),
                quiet && !(plan && json),
                isLive(),
                json,
                view.colours() && !json));
    console = Optional.of(shown);
    if (file != null && !plan) {
      try {
        log =
            Optional.of(
                LogFile.append(file, form(command), stamp(), OptionName.in(command), shown::say));
      } catch (TransferException e) {
        throw new ParameterException(command.commandLine(), FILE + ": " + e.getMessage());
      }
      listeners.add(log.get());
    }
    listeners.add(shown);
  }

  private EventFormat form(CommandSpec command) {
    return format == Format.JSON ? new EventJson(OptionName.in(command)) : new EventText();
  }

  private Stamp stamp() {
    return format == Format.JSON ? Stamp.NONE : Stamp.time();
  }

  /** Who receives the events of the command, from its beginning on. */
  public Listeners listeners() {
    return listeners;
  }

  /** Where lines go that are no events. */
  public Console console() {
    return console.orElseThrow();
  }

  /**
   * Shows how far a run is: live where somebody watches, in lines where there is a log.
   *
   * @param images how many images the run has
   * @return what ends it; may be called twice
   */
  public Runnable showProgress(PrintStream err, int images) {
    List<Runnable> ends = new ArrayList<>();
    if (isLive()) {
      LiveView shown = view.open(out, err, images);
      live = Optional.of(shown);
      listeners.add(shown);
      ends.add(shown::close);
    }
    if (view.hasProgress() && (!isLive() || file != null)) {
      ProgressEvents lines = new ProgressEvents(listeners);
      listeners.add(lines);
      ends.add(lines::close);
    }
    return () -> ends.forEach(Runnable::run);
  }

  /**
   * Shows how far archives are unpacked before a run, where somebody watches.
   *
   * @return what ends it
   */
  public UnpackingView showUnpacking(PrintStream err) {
    return new UnpackingView(isLive() ? listeners : new Listeners(), () -> view.open(out, err, 0));
  }

  /** Shows that the run is being stopped, if something shows how it goes. */
  public void stopping() {
    live.ifPresent(LiveView::stopping);
  }

  /** Whether there is a live view: somebody watches, and wants to read text. */
  private boolean isLive() {
    return view.isLive() && !quiet && (format == Format.TEXT || file != null);
  }

  /** Sends the last event. */
  public void end(int exitCode, Optional<Failure> failure) {
    listeners.on(new RunEvent.RunEnded(exitCode, failure));
  }

  @Override
  public void close() {
    log.ifPresent(LogFile::close);
  }
}
