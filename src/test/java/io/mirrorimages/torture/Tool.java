package io.mirrorimages.torture;

import io.mirrorimages.cli.Command;
import io.mirrorimages.cli.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The command under torture: in this process, or in one of its own that can be killed. */
final class Tool {
  /** The silence that it bears, here. */
  static final Duration STALL = Duration.ofSeconds(2);

  private static final String SETTING = "mirror-images.stall-seconds";

  private final Path folder;
  private int runs;
  private int kills;

  /** One that works in {@code folder}. */
  Tool(Path folder) {
    this.folder = folder;
  }

  /** Makes the runs of this process bear less silence than users do. */
  static void hurry() {
    System.setProperty(SETTING, Long.toString(STALL.toSeconds()));
  }

  /** Undoes {@link #hurry}. */
  static void calm() {
    System.clearProperty(SETTING);
  }

  /** Runs it to its end. */
  Command run(List<Object> command) {
    runs++;
    return Command.run(command.toArray());
  }

  /**
   * Kills it within the next {@code span} of progress on the lines.
   *
   * @return how it ended, if that was sooner
   */
  Optional<Command> kill(List<Object> command, Ledger ledger, Random random, long span)
      throws IOException, InterruptedException {
    runs++;
    long moment = ledger.progress() + (long) (random.nextDouble() * span);
    Program.Running running =
        Program.in(folder).with(SETTING, STALL.toSeconds()).start(command.toArray());
    ledger.awaitProgress(moment, running.process());
    boolean alive = running.process().isAlive();
    running.process().destroyForcibly();
    Command end = running.end();
    if (!alive || end.exitCode() != 128 + 9) {
      return Optional.of(end);
    }
    kills++;
    ledger.explainByKill();
    ledger.awaitQuiet();
    ledger.explainByKill();
    return Optional.empty();
  }

  int runs() {
    return runs;
  }

  int kills() {
    return kills;
  }
}
