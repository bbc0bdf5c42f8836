package io.mirrorimages.cli.output;

import io.mirrorimages.cli.process.Mistake;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.Retries.Pause;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.image.Text;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.registry.WaitProfile;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.report.DebugLog;
import io.mirrorimages.report.Listeners;
import io.mirrorimages.report.RetryLines;
import java.io.Closeable;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that show what goes on between this program and the registries. */
public final class DebugOption implements Closeable {
  private static final String NAME = "--debug";

  @Option(
      names = NAME,
      paramLabel = "FILE",
      description =
          "Log every request to a registry with its status, time, bytes, waits and retries, without"
              + " secrets; - is standard error.")
  private @Nullable String file;

  @Option(
      names = {"-v", "--verbose"},
      description = "Say what is retried, and why. What is waited for is always said.")
  private boolean verbose;

  private final WaitProfile profile =
      new WaitProfile(request -> log().ifPresent(there -> there.line(request.line())));
  private Optional<DebugLog> log = Optional.empty();
  private Consumer<Pause> console = pause -> {};

  /** That of a command; empty if it has none. */
  public static Optional<DebugOption> of(CommandSpec command) {
    return CommandOptions.owner(command, NAME);
  }

  /**
   * Opens the log, if it is wanted. The caller closes the option.
   *
   * @param err standard error, for a log that goes there
   * @param lines receives the lines that are for people
   * @throws ParameterException if its file can't be written
   */
  public void open(CommandSpec command, PrintStream err, Consumer<String> lines) {
    if (verbose) {
      console = new RetryLines(lines);
    }
    if (file == null) {
      return;
    }
    try {
      log = Optional.of(file.equals("-") ? DebugLog.on(err) : DebugLog.in(Path.of(file), err));
    } catch (TransferException e) {
      throw new ParameterException(command.commandLine(), NAME + ": " + e.getMessage());
    }
  }

  /** The same policy, whose retries are shown as these options say. */
  public Retries shown(Retries retries) {
    return log.isEmpty() && !verbose
        ? retries
        : retries.reporting(
            pause -> {
              console.accept(pause);
              line(
                  "retry="
                      + pause.retry()
                      + " pause_ms="
                      + pause.time().toMillis()
                      + " cause="
                      + Text.line(ErrorWords.of(pause.cause())));
            });
  }

  /** The same settings, whose requests and waits are shown as these options say. */
  public RegistrySettings shown(RegistrySettings settings) {
    return log.isEmpty()
        ? settings
        : settings.withRequests(profile).reportingTo(new Listeners(settings.listener(), this::on));
  }

  private void on(RunEvent event) {
    if (event instanceof RunEvent.Waiting waiting) {
      wait(waiting.details());
    }
  }

  private void wait(Wait wait) {
    line(
        "wait="
            + wait.kind()
            + " host="
            + wait.registry()
            + " ms="
            + wait.time().toMillis()
            + " cause="
            + wait.cause());
  }

  /** Adds the trace of a failure that nobody foresaw. */
  public void trace(Throwable mistake) {
    Mistake.lines(mistake)
        .forEach(line -> log.ifPresent(there -> there.line(line.replace("\t", "    "))));
  }

  private Optional<DebugLog> log() {
    return log;
  }

  private void line(String words) {
    log.ifPresent(there -> there.line("time=" + Instant.now() + " " + words));
  }

  @Override
  public void close() {
    profile.lines().forEach(this::line);
    log.ifPresent(DebugLog::close);
  }
}
