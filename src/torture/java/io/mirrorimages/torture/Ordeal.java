package io.mirrorimages.torture;

import io.mirrorimages.cli.Command;
import io.mirrorimages.torture.Line.Terms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * What one seed makes: a job that is done over broken lines, with kills or without, and then once
 * more over lines that are well again. For one thread.
 */
final class Ordeal {
  private static final double[] CHANCES = {0.04, 0.12, 0.3};
  private static final Duration PACE = Duration.ofMillis(1);

  /** One that a process which does not get the processor for a while falls behind only a little. */
  private static final Duration KILLED_PACE = Duration.ofMillis(6);

  private static final Pattern WAITS =
      Pattern.compile("(trying again|waiting) until|given up after|answers again");
  private static final int MOST_FAULTS = 24;
  private static final int MOST_TRIES = 3;
  private static final int REQUESTS = 80;
  private static final long PER_REQUEST = 20_000;

  private final Arena arena;
  private final long seed;
  private final Path folder;
  private final Random random;
  private final boolean killed;
  private final boolean direct;
  private final boolean chunked;
  private final String project;
  private final Tool tool;
  private Blackout blackout;
  private boolean away;
  private final List<String> problems = new ArrayList<>();
  private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
  private final long total;
  private long moved;
  private long minimum;

  /**
   * One.
   *
   * @param folder an empty one, for its files
   */
  Ordeal(Arena arena, long seed, Path folder) {
    this.arena = arena;
    this.seed = seed;
    this.folder = folder;
    this.random = new Random(seed);
    random.nextInt();
    this.killed = random.nextInt(5) == 0;
    this.direct = random.nextBoolean();
    this.chunked = random.nextBoolean();
    this.project = "seed-" + Long.toUnsignedString(seed, 36);
    this.tool = new Tool(folder);
    this.blackout = new Blackout(seed);
    this.total = arena.blobs().values().stream().mapToLong(Long::longValue).sum();
  }

  /** Goes through it. */
  Outcome run() throws InterruptedException {
    long began = System.nanoTime();
    try {
      if (direct) {
        sync();
      } else {
        load(save());
      }
    } catch (IOException | RuntimeException | AssertionError e) {
      problems.add("it could not be done: " + e);
    }
    return new Outcome(
        seed,
        (direct ? "sync" : "save and load")
            + (killed ? " with kills" : "")
            + (away ? " with an outage" : ""),
        tool.runs(),
        tool.kills(),
        faults,
        moved,
        minimum,
        Duration.ofNanos(System.nanoTime() - began),
        problems);
  }

  private Faults someFaults() {
    double chance = CHANCES[random.nextInt(CHANCES.length)];
    return new Faults(random.nextLong(), chance, 1 + random.nextInt(MOST_FAULTS));
  }

  private Terms terms(String name, int port) {
    Optional<Tokens> tokens = Optional.empty();
    if (random.nextInt(3) > 0) {
      boolean honest = random.nextBoolean();
      tokens =
          Optional.of(new Tokens(Duration.ofMillis(300 + random.nextInt(3000)), honest ? 1 : 60));
    }
    return new Terms(
        name,
        port,
        tokens,
        random.nextBoolean(),
        Tool.STALL,
        killed ? KILLED_PACE : PACE,
        chunked && name.equals("target") && seed % 3 > 0);
  }

  private List<Object> command(Object... arguments) {
    List<Object> command = new ArrayList<>(List.of(arguments));
    Collections.addAll(command, "--failed", folder.resolve("failed.txt"));
    Collections.addAll(command, "--retry-max-wait", 1);
    if (!arguments[0].equals("save")) {
      // Those that can be killed, and the last one that can't, are runs of one user.
      Collections.addAll(command, "--state", folder.resolve("state"));
      if (chunked) {
        // The larger blobs go up in pieces.
        Collections.addAll(command, "--chunk-size", 1);
      }
    }
    return command;
  }

  private Path list(Line source) throws IOException {
    return Files.write(
        folder.resolve("images.txt"),
        arena.names().stream().map(name -> source.name() + "/" + name).toList());
  }

  private void sync() throws IOException, InterruptedException {
    Faults some = someFaults();
    Ledger ledger = new Ledger(new Sessions(arena.contents()));
    try (Line source = new Line(terms("source", arena.sourcePort()), some, ledger, blackout);
        Line target =
            new Line(terms("target", arena.targetPort()), some, ledger, Blackout.none())) {
      List<Object> command =
          command("sync", "--list", list(source), "--registry", target.name() + "/" + project);
      suffer(command, ledger, 2 * total, true);
      source.calm();
      target.calm();
      finish(command, ledger);
      checkTarget();
      end(some, ledger, 2 * total);
      problems.addAll(new Bounds(ledger, arena.blobs(), Tool.STALL).ofUploads());
    }
  }

  private Path save() throws IOException, InterruptedException {
    Faults some = someFaults();
    Ledger ledger = new Ledger(new Sessions(arena.contents()));
    Path output = folder.resolve("images.tar");
    try (Line source = new Line(terms("source", arena.sourcePort()), some, ledger, blackout)) {
      List<Object> command = command("save", "--list", list(source), "--output", output);
      suffer(command, ledger, total, false);
      source.calm();
      // Where it is done already, nothing is left to be repeated.
      if (!Files.exists(output) || Files.exists(folder.resolve("failed.txt"))) {
        finish(command, ledger);
      }
      end(some, ledger, total);
      problems.addAll(new Bounds(ledger, arena.blobs(), Tool.STALL).ofSave());
    }
    return output;
  }

  private void load(Path archive) throws IOException, InterruptedException {
    blackout = new Blackout(seed + 1);
    Faults some = someFaults();
    Ledger ledger = new Ledger(new Sessions(arena.contents()));
    try (Line target = new Line(terms("target", arena.targetPort()), some, ledger, blackout)) {
      List<Object> command =
          command("load", "--archive", archive, "--registry", target.name() + "/" + project);
      suffer(command, ledger, total, true);
      target.calm();
      finish(command, ledger);
      checkTarget();
      end(some, ledger, total);
      problems.addAll(new Bounds(ledger, arena.blobs(), Tool.STALL).ofUploads());
    }
  }

  /** Runs it over broken lines. Whoever says that all is done must be right. */
  private void suffer(List<Object> command, Ledger ledger, long bytes, boolean toTarget)
      throws IOException, InterruptedException {
    List<Object> impatient = new ArrayList<>(command);
    Collections.addAll(impatient, "--retries", random.nextInt(4), "--jobs", 1 + random.nextInt(8));
    blackout.patience().ifPresent(time -> Collections.addAll(impatient, "--patience", time));
    int tries = killed ? 1 + random.nextInt(4) : 1 + random.nextInt(MOST_TRIES);
    for (int i = 0; i < tries; i++) {
      long span = Math.max(bytes + REQUESTS * PER_REQUEST - ledger.progress(), bytes / 4);
      long began = System.nanoTime();
      Optional<Command> ended =
          killed
              ? tool.kill(impatient, ledger, random, span / (tries - i))
              : Optional.of(tool.run(impatient, ledger));
      if (ended.isEmpty()) {
        continue;
      }
      Command end = ended.get();
      // Of a registry that stores something, silence is told after 20 s only.
      boolean told = !toTarget || !blackout.isSilent();
      if (told && blackout.isWithin(began) && !WAITS.matcher(end.err()).find()) {
        problems.add("it said nothing of a line that was away: " + end.err());
      }
      if (!end.err().lines().allMatch(l -> l.startsWith("mirror-images: ") || l.contains(" of "))) {
        problems.add("it complained in another way: " + end.err());
      }
      if (end.exitCode() == 0) {
        if (toTarget) {
          checkTarget();
        }
        return;
      }
      if (end.exitCode() != 1 && end.exitCode() != 3 && end.exitCode() != 2) {
        problems.add("it ended with " + end.exitCode() + ": " + end.out() + end.err());
      }
    }
  }

  private void finish(List<Object> command, Ledger ledger) throws IOException {
    Command last = tool.run(command, ledger);
    if (last.exitCode() != 0) {
      problems.add(
          "without faults it ended with " + last.exitCode() + ": " + last.out() + last.err());
    }
  }

  private void checkTarget() throws IOException {
    problems.addAll(arena.check(project));
  }

  private void end(Faults some, Ledger ledger, long least) throws InterruptedException {
    some.done().forEach((fault, count) -> faults.merge(fault, count, Integer::sum));
    ledger.awaitQuiet();
    if (blackout.hasBegun()) {
      away = true;
      ledger.explainByKill();
    }
    moved += ledger.transfers().stream().mapToLong(Transfer::bytes).sum();
    minimum += least;
    problems.addAll(ledger.violations());
  }
}
