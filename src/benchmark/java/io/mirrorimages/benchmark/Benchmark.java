package io.mirrorimages.benchmark;

import io.mirrorimages.benchmark.Results.Subject;
import io.mirrorimages.benchmark.line.SelfCheck;
import io.mirrorimages.benchmark.line.ShapedLine;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Measures all that is wanted and prints one table of it: what {@code scripts/benchmark} runs. */
final class Benchmark {
  // Source, target and archive, and some room for what peers keep beside.
  private static final double ROOM = 3.5;
  private static final Map<String, Double> GIGABYTES =
      Map.of("many", 0.2, "large", 2.15, "rancher", 2.0, "huge", 4.3);

  private static final Duration MOST_STOPPING = Duration.ofSeconds(20);

  private final Options options;
  private final Path folder;
  private final PrintStream progress;
  private final Commands commands;
  private final Results results = new Results();
  private final List<Contender> peers;
  private final List<String> facts = new ArrayList<>();
  private final List<Goal> goals = new ArrayList<>();
  private final long began = System.nanoTime();

  /**
   * A benchmark.
   *
   * @param folder an empty folder for everything it makes
   * @param progress is told what goes on
   */
  Benchmark(Options options, Path folder, PrintStream progress) {
    this.options = options;
    this.folder = folder;
    this.progress = progress;
    commands = new Commands(folder);
    peers =
        options
            .baseline()
            .map(Contender::baseline)
            .map(List::of)
            .orElseGet(() -> Contender.PEERS.stream().filter(Contender::isThere).toList());
  }

  /** Prints the table, and ends with 1 if a tool failed; goals that are missed are no failure. */
  public static void main(String[] arguments) throws Exception {
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    Path folder = Files.createTempDirectory("mirror-images-benchmark-");
    Thread measuring = Thread.currentThread();
    AtomicBoolean done = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (!done.get()) {
                    stop(measuring);
                  }
                  cleanUp(folder);
                }));
    Benchmark benchmark = new Benchmark(options, folder, System.err);
    try {
      benchmark.run();
      System.out.print(benchmark.report());
    } catch (InterruptedException e) {
      // By the hook, which does the rest.
      return;
    }
    done.set(true);
    System.exit(benchmark.results.failures().isEmpty() ? 0 : 1);
  }

  /** So that it starts nothing more while this program ends. */
  private static void stop(Thread measuring) {
    measuring.interrupt();
    try {
      measuring.join(MOST_STOPPING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void cleanUp(Path folder) {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    try {
      Folders.delete(folder);
    } catch (IOException | UncheckedIOException e) {
      System.err.println("left behind: " + folder + " (" + e.getMessage() + ")");
    }
  }

  /** Measures. */
  void run() throws IOException, InterruptedException {
    double load = Machine.load();
    if (load > 0.5) {
      tell("this machine is busy (load %.1f): its figures will say little".formatted(load));
    }
    facts.add(Machine.describe());
    facts.add("load before: %.2f".formatted(load));
    if (options.line().isPresent()) {
      tell("measuring the line");
      facts.add("line: " + options.line().get() + "; TCP's slow start is not simulated");
      facts.add(SelfCheck.of(options.line().get()));
    }
    if (options.parts().contains("start")) {
      tell("starting");
      Starts.measure(commands, options.tool(), options.runs(), results);
      goals.add(Goals.ofStart());
    }
    if (options.transfers()) {
      for (String corpus : options.corpora()) {
        transfer(corpus);
      }
    }
    if (options.parts().contains("growth")) {
      List<Integer> counts = Growth.counts(options.scale());
      tell("planning " + counts + " images");
      new Growth(folder, commands, options.tool(), results).measure(counts, options.runs());
      goals.addAll(Goals.ofGrowth(counts));
    }
  }

  /** What was measured; a table with a text around it, in Markdown. */
  String report() throws IOException, InterruptedException {
    List<String> tools =
        Stream.of(Stream.of(Contender.OURS), peers.stream(), Stream.of(Contender.CURL))
            .flatMap(those -> those)
            .map(Contender::name)
            .toList();
    Table table = new Table(results, tools);
    goals.forEach(table::add);
    for (String corpus : options.corpora()) {
      table.add(new Subject(corpus, Goals.SAVE, Goals.STORED));
      table.add(new Subject(corpus, Goals.LOAD, Goals.PER_MOUNTED));
    }
    Growth.counts(options.scale())
        .forEach(count -> table.add(new Subject(Growth.PART, Growth.job(count), Goals.PER_IMAGE)));
    StringBuilder text = new StringBuilder();
    text.append(
        "Medians of %d alternating runs, seed %d, scale %s.%n"
            .formatted(options.runs(), options.seed(), options.scale()));
    facts.forEach(fact -> text.append(fact).append('\n'));
    text.append(versions()).append('\n');
    if (options.baseline().isEmpty()) {
      String absent =
          Contender.PEERS.stream()
              .filter(peer -> !peer.isThere())
              .map(Contender::name)
              .collect(Collectors.joining(", "));
      text.append("Peers that are not here: ").append(absent.isEmpty() ? "none" : absent);
      text.append(".\n");
    }
    text.append('\n').append(table).append('\n');
    text.append("Goals missed: ").append(table.missed()).append(".\n");
    results.failures().forEach(failure -> text.append("FAILED: ").append(failure).append('\n'));
    return text.toString();
  }

  private String versions() throws IOException, InterruptedException {
    List<String> versions = new ArrayList<>();
    versions.add(
        Commands.firstLine(options.tool().toString(), "--version") + startUpCache(options.tool()));
    for (Contender peer : peers) {
      versions.add(peer.versionLine() + options.baseline().map(Benchmark::startUpCache).orElse(""));
    }
    versions.add(Contender.CURL.versionLine().replaceAll(" \\(.*", ""));
    versions.add(Commands.firstLine("docker-registry", "--version"));
    versions.add("Java " + Runtime.version());
    return String.join("; ", versions);
  }

  /**
   * Says so if a build has none: without it a run starts slower and compiles more, so that its
   * figures compare with no other build's.
   */
  static String startUpCache(Path launcher) {
    Path lib = launcher.toAbsolutePath().resolveSibling("../lib/").normalize();
    boolean has =
        Stream.of("mirror-images.aot", "mirror-images.jsa")
            .anyMatch(file -> Files.isReadable(lib.resolve(file)));
    return has ? "" : " WITHOUT A START-UP CACHE";
  }

  private void transfer(String name) throws IOException, InterruptedException {
    long needed = (long) (GIGABYTES.get(name) * options.scale() * ROOM * 1e9);
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < needed) {
      results.failed(
          "%s: needs %.0f GB at %s, which has %.0f GB free; set TMPDIR to another place"
              .formatted(name, needed / 1e9, folder.getParent(), free / 1e9));
      return;
    }
    tell("generating " + name);
    Corpus corpus = new Corpora(folder, options.seed(), options.scale(), options.list()).make(name);
    facts.add(
        "%s: %d images, %d blobs, %.3f GB, each counted once"
            .formatted(name, corpus.images().size(), corpus.blobs().size(), corpus.gigabytes()));
    boolean huge = name.equals("huge");
    List<Contender> contenders = new ArrayList<>(List.of(Contender.OURS));
    if (!huge) {
      contenders.addAll(peers);
    }
    if (name.equals("large") && options.parts().contains("sync")) {
      contenders.add(Contender.CURL);
    }
    int runs = huge ? 1 : options.runs();
    long first = System.nanoTime();
    try (Transfers transfers =
        new Transfers(
            folder,
            corpus,
            commands,
            options.tool(),
            options.parts(),
            options.line().map(settings -> new ShapedLine(settings, options.seed())),
            results)) {
      for (int run = 1; run <= runs; run++) {
        // Whoever comes first finds caches cold that the next one finds warm.
        for (Contender contender : run % 2 == 0 ? contenders.reversed() : contenders) {
          long start = System.nanoTime();
          transfers.run(contender);
          double took = (System.nanoTime() - start) / 1e9;
          tell("%s, run %d of %d: %s, %.0f s".formatted(name, run, runs, contender.name(), took));
        }
        double each = (System.nanoTime() - first) / 1e9 / run;
        tell("%s: about %.0f s more".formatted(name, each * (runs - run)));
      }
    } finally {
      Folders.delete(corpus.storage().folder());
    }
    goals.addAll(huge ? Goals.ofHuge(name) : Goals.of(name));
    goals.addAll(Goals.ofLine(name));
  }

  private void tell(String what) {
    progress.printf("%5d s  %s%n", (System.nanoTime() - began) / 1_000_000_000, what);
  }
}
