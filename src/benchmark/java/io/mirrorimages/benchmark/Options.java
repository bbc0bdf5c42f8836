package io.mirrorimages.benchmark;

import io.mirrorimages.benchmark.line.LineSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be measured.
 *
 * @param corpora any of many, large, rancher, huge
 * @param parts any of sync, save, load, start, growth
 * @param runs how often, each tool in turn
 * @param seed of what is generated
 * @param scale 1, or less to see that all of it works
 * @param tool the launcher of the built distribution
 * @param baseline the launcher of another build of this tool to compare with, in place of the peers
 * @param line the line between tool and registries, where they are not to be on this machine
 * @param list the image list that names of {@code rancher} come from
 */
record Options(
    Set<String> corpora,
    Set<String> parts,
    int runs,
    long seed,
    double scale,
    Path tool,
    Optional<Path> baseline,
    Optional<LineSettings> line,
    Path list) {
  /** How it is called. */
  static final String USAGE =
      "usage: scripts/benchmark [--corpus many,large,rancher,huge]"
          + " [--only sync,save,load,start,growth] [--runs 5] [--seed 7] [--scale 1.0]"
          + " [--baseline LAUNCHER] [--line [rtt=80,rate=12.5,each=0,cut=0,lost=0]]";

  private static final List<String> CORPORA = List.of("many", "large", "rancher", "huge");
  private static final List<String> PARTS = List.of("sync", "save", "load", "start", "growth");

  /**
   * From a command line.
   *
   * @throws IllegalArgumentException with {@link #USAGE}, if it is not one
   */
  static Options parse(String... arguments) {
    Set<String> corpora = new LinkedHashSet<>(CORPORA);
    Set<String> parts = new LinkedHashSet<>(PARTS);
    int runs = 5;
    long seed = 7;
    double scale = 1;
    Path tool = Path.of("target/dist/bin/mirror-images");
    Optional<Path> baseline = Optional.empty();
    Optional<LineSettings> line = Optional.empty();
    Path list = Path.of("image-lists/rancher-images-v2.10.4.txt");
    boolean only = false;
    boolean corpus = false;
    try {
      for (int i = 0; i < arguments.length; i += 2) {
        if (arguments[i].equals("--line")
            && (i + 1 == arguments.length || arguments[i + 1].startsWith("--"))) {
          line = Optional.of(LineSettings.USUAL);
          i--;
          continue;
        }
        String value = arguments[i + 1];
        switch (arguments[i]) {
          case "--corpus" -> {
            corpora = some(value, CORPORA);
            corpus = true;
          }
          case "--only" -> {
            parts = some(value, PARTS);
            only = true;
          }
          case "--runs" -> runs = Integer.parseInt(value);
          case "--seed" -> seed = Long.parseLong(value);
          case "--scale" -> scale = Double.parseDouble(value);
          case "--tool" -> tool = Path.of(value);
          case "--baseline" -> baseline = Optional.of(Path.of(value).toAbsolutePath());
          case "--line" -> line = Optional.of(LineSettings.parse(value));
          case "--list" -> list = Path.of(value);
          default -> throw new IllegalArgumentException();
        }
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException(USAGE, e);
    }
    if (runs < 1
        || scale <= 0
        || scale > 1
        || baseline.filter(launcher -> !Files.isExecutable(launcher)).isPresent()) {
      throw new IllegalArgumentException(USAGE);
    }
    if (line.isPresent()) {
      if (!corpus) {
        corpora = new LinkedHashSet<>(List.of("many", "rancher"));
      }
      // They do not move bytes.
      parts.removeAll(List.of("start", "growth"));
    }
    if (corpus && !only) {
      // Whoever names a corpus does not mean what has none.
      parts.removeAll(List.of("start", "growth"));
    }
    return new Options(
        corpora,
        parts,
        runs,
        seed,
        scale,
        tool.toAbsolutePath(),
        baseline,
        line,
        list.toAbsolutePath());
  }

  private static Set<String> some(String value, List<String> known) {
    List<String> named = new ArrayList<>(List.of(value.split(",")));
    if (!known.containsAll(named)) {
      throw new IllegalArgumentException();
    }
    return new LinkedHashSet<>(named);
  }

  /** Whether anything of it needs a corpus. */
  boolean transfers() {
    return parts.contains("sync") || parts.contains("save") || parts.contains("load");
  }
}
