package io.mirrorimages.benchmark;

import io.mirrorimages.benchmark.Commands.FailedException;
import io.mirrorimages.benchmark.Results.Subject;
import io.mirrorimages.benchmark.line.ShapedLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Mirrors one corpus with one tool after another, each time into an empty registry. What a tool
 * made is checked and deleted right after. Closing it stops the source.
 */
final class Transfers implements AutoCloseable {
  /** What moves each blob once. */
  private static final Set<String> MOVING = Set.of(Goals.SYNC, Goals.SAVE, Goals.LOAD);

  private final Path folder;
  private final Corpus corpus;
  private final Commands commands;
  private final Set<String> jobs;
  private final Results results;
  private final Optional<ShapedLine> line;
  private final Server source;
  private final Map<String, String> environment = new HashMap<>();

  /**
   * Starts the source.
   *
   * @param folder for everything that is made
   * @param jobs which are wanted: sync, save, load
   * @param tool our launcher
   * @param line between tools and registries; closed here
   */
  Transfers(
      Path folder,
      Corpus corpus,
      Commands commands,
      Path tool,
      Set<String> jobs,
      Optional<ShapedLine> line,
      Results results)
      throws IOException, InterruptedException {
    this.folder = folder;
    this.corpus = corpus;
    this.commands = commands;
    this.jobs = jobs;
    this.results = results;
    this.line = line;
    source = new Server(corpus.storage(), line);
    environment.put("SOURCE", source.address());
    environment.put("TOOL", tool.toString());
    environment.put("NAMES", lines("names.txt", corpus.images()));
    environment.put(
        "LIST",
        lines("list.txt", corpus.images().stream().map(i -> source.address() + "/" + i).toList()));
    environment.put("YAML", yaml());
    environment.put("BLOBS", blobs());
    environment.put("DIR", folder.resolve("saved").toString());
    environment.put("XDG_STATE_HOME", folder.resolve("state").toString());
  }

  /** All that is wanted of a tool, once. */
  void run(Contender contender) throws IOException, InterruptedException {
    try {
      Folders.fresh(folder.resolve("saved"));
      Folders.fresh(folder.resolve("state"));
      if (jobs.contains("sync")) {
        sync(contender);
      }
      if (jobs.contains("save") || jobs.contains("load")) {
        Folders.fresh(folder.resolve("saved"));
        save(contender);
      }
    } catch (FailedException e) {
      results.failed(contender.name() + ", " + corpus.name() + ": " + e.getMessage());
    } finally {
      Folders.delete(folder.resolve("saved"));
      Folders.delete(folder.resolve("target"));
    }
  }

  private void sync(Contender contender) throws IOException, InterruptedException, FailedException {
    RegistryStorage storage = new RegistryStorage(Folders.fresh(folder.resolve("target")));
    try (Server target = new Server(storage, line)) {
      bash(contender, Goals.SYNC, contender.sync(), target);
      if (contender.equals(Contender.CURL)) {
        return;
      }
      check(contender, Goals.SYNC, storage);
      long atSource = source.mark();
      long atTarget = target.mark();
      bash(contender, Goals.UNCHANGED, contender.sync(), target);
      double requests = source.requestsSince(atSource).all() + target.requestsSince(atTarget).all();
      add(contender, Goals.UNCHANGED, Goals.REQUESTS, requests / corpus.images().size());
    }
    Folders.delete(folder.resolve("target"));
  }

  private void save(Contender contender) throws IOException, InterruptedException, FailedException {
    if (contender.save().isEmpty()) {
      return;
    }
    try (Server none = jobs.contains("load") ? target() : null) {
      bash(contender, Goals.SAVE, contender.save(), none);
      double stored = Folders.size(folder.resolve("saved"));
      add(contender, Goals.SAVE, Goals.STORED, stored / corpus.bytes());
      if (none == null) {
        return;
      }
      RegistryStorage storage = new RegistryStorage(folder.resolve("target"));
      long mark = none.mark();
      bash(contender, Goals.LOAD, contender.load(), none);
      check(contender, Goals.LOAD, storage);
      Requests first = none.requestsSince(mark);
      add(
          contender,
          Goals.LOAD,
          Goals.PER_MISSING,
          (double) (first.blobs() - first.mounted()) / corpus.blobs().size());
      if (first.mounts() > 0) {
        double each = (double) first.mounted() / first.mounts();
        add(contender, Goals.LOAD, Goals.PER_MOUNTED, each);
      }
      storage.forgetManifests();
      mark = none.mark();
      bash(contender, Goals.PRESENT, contender.load(), none);
      check(contender, Goals.PRESENT, storage);
      add(
          contender,
          Goals.PRESENT,
          Goals.PER_PRESENT,
          (double) none.requestsSince(mark).blobs() / corpus.placements());
    }
  }

  private Server target() throws IOException, InterruptedException {
    return new Server(new RegistryStorage(Folders.fresh(folder.resolve("target"))), line);
  }

  private void bash(Contender contender, String job, String script, Server target)
      throws IOException, InterruptedException, FailedException {
    Map<String, String> all = new HashMap<>(environment);
    all.put("TARGET", target == null ? "" : target.address());
    Measurement one;
    try {
      one = commands.run(List.of("bash", "-e", "-o", "pipefail", "-c", script), all);
    } catch (FailedException e) {
      add(contender, job, Goals.WALL, Results.FAILED);
      throw new FailedException(job + ": " + e.getMessage());
    }
    add(contender, job, Goals.WALL, one.wall());
    if (line.isPresent() && line.get().settings().rate() > 0 && MOVING.contains(job)) {
      double least = line.get().settings().seconds(corpus.bytes());
      add(contender, job, Goals.OVER_LINE, one.wall() / least);
    }
    add(contender, job, Goals.CPU_SECONDS, one.cpu());
    add(contender, job, Goals.CPU, one.cpu() / corpus.gigabytes());
    add(contender, job, Goals.MEMORY, one.memory());
    add(contender, job, Goals.WRITTEN, one.written() / corpus.bytes());
  }

  private void check(Contender contender, String job, RegistryStorage storage)
      throws IOException, FailedException {
    List<String> tagged = storage.tagged();
    if (contender.keepsDigests()
        ? !tagged.equals(corpus.tagged())
        : tagged.size() < corpus.tagged().size()) {
      throw new FailedException(job + ": the target does not show what the source has");
    }
  }

  private void add(Contender contender, String job, String measure, double figure) {
    results.add(new Subject(corpus.name(), job, measure), contender.name(), figure);
  }

  private String lines(String name, List<String> lines) throws IOException {
    return Files.write(folder.resolve(name), lines).toString();
  }

  /** For {@code skopeo sync}. */
  private String yaml() throws IOException {
    Map<String, List<String>> tags =
        corpus.images().stream()
            .collect(
                Collectors.groupingBy(
                    image -> image.substring(0, image.lastIndexOf(':')),
                    TreeMap::new,
                    Collectors.mapping(
                        image -> image.substring(image.lastIndexOf(':') + 1),
                        Collectors.toList())));
    StringBuilder yaml = new StringBuilder();
    yaml.append("\"").append(source.address()).append("\":\n  tls-verify: false\n  images:\n");
    tags.forEach(
        (repository, its) -> {
          yaml.append("    ").append(repository).append(":\n");
          its.forEach(tag -> yaml.append("      - \"").append(tag).append("\"\n"));
        });
    return Files.writeString(folder.resolve("skopeo.yml"), yaml).toString();
  }

  /** For curl: the streams have about the same to do, largest first. */
  private String blobs() throws IOException {
    long[] load = new long[2];
    List<String> lines =
        corpus.blobs().stream()
            .sorted(Comparator.comparingLong(placed -> -placed.blob().size()))
            .map(
                placed -> {
                  int stream = load[0] <= load[1] ? 0 : 1;
                  load[stream] += placed.blob().size();
                  return placed.repository() + " " + placed.digest() + " " + stream;
                })
            .toList();
    return lines("blobs.txt", lines);
  }

  @Override
  public void close() {
    line.ifPresent(ShapedLine::close);
    source.close();
  }
}
