package io.mirrorimages.torture;

import io.mirrorimages.cli.Command;
import io.mirrorimages.cli.Program;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The command under torture: in this process, or in one of its own that can be killed. */
final class Tool {
  /** The silence that it bears, here. */
  static final Duration STALL = Duration.ofSeconds(2);

  /** A part of every secret that the lines give out, and repeat when they refuse. */
  static final String SECRET = "nobody-may-see-this";

  private final Path folder;
  private int runs;
  private int kills;

  /** One that works in {@code folder}. */
  Tool(Path folder) {
    this.folder = folder;
  }

  /** Runs it to its end. It must not be mute meanwhile. */
  Command run(List<Object> command, Ledger ledger) throws IOException {
    runs++;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    Listener listener =
        new Listener(
            ledger,
            () -> out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8),
            () -> Traces.of(group));
    Command end;
    try (listener) {
      end = Command.run(out, err, hurried(command));
    }
    listener.complain();
    return harmless(end);
  }

  /** What it says and leaves behind tells no secret and steers no terminal. */
  private Command harmless(Command end) throws IOException {
    Path failed = folder.resolve("failed.txt");
    String said = end.out() + end.err() + (Files.exists(failed) ? Files.readString(failed) : "");
    if (said.contains(SECRET) || said.chars().anyMatch(c -> c >= 0x7f && c < 0xa0)) {
      throw new AssertionError("it said what it must not: " + said);
    }
    return end;
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
    Program.Running running = Program.in(folder).start(hurried(command));
    Listener listener =
        new Listener(
            ledger,
            () -> text(running.out()) + text(running.err()),
            () -> threads(running.process()));
    boolean alive;
    try (listener) {
      ledger.awaitProgress(moment, running.process());
      alive = running.process().isAlive();
    } catch (InterruptedException e) {
      System.err.println("given up: " + folder.getFileName() + threads(running.process()));
      throw e;
    } finally {
      running.process().destroyForcibly();
    }
    Command end = running.end();
    listener.complain();
    if (!alive || end.exitCode() != 128 + 9) {
      return Optional.of(harmless(end));
    }
    kills++;
    ledger.explainByKill();
    ledger.awaitQuiet();
    ledger.explainByKill();
    return Optional.empty();
  }

  /** What is half written has half a letter at its end, maybe. */
  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  /** Where its threads are. */
  private static String threads(Process process) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String pid = Long.toString(process.pid());
    Process asked = new ProcessBuilder(jcmd, pid, "Thread.print").redirectErrorStream(true).start();
    return "\n" + new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** It bears less silence here than users do. */
  private static Object[] hurried(List<Object> command) {
    List<Object> all = new ArrayList<>(command);
    all.addAll(List.of("--stall-timeout", STALL.toSeconds()));
    return all.toArray();
  }

  int runs() {
    return runs;
  }

  int kills() {
    return kills;
  }
}
