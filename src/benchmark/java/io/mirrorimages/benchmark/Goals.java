package io.mirrorimages.benchmark;

import io.mirrorimages.benchmark.Results.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is measured, by name, and what it is to be. */
final class Goals {
  /** Jobs. */
  static final String SYNC = "sync, cold";

  static final String UNCHANGED = "sync, nothing changed";
  static final String SAVE = "save, cold";
  static final String LOAD = "load, cold";
  static final String PRESENT = "load, blobs present";
  static final String VERSION = "--version";

  /** Measures. */
  static final String WALL = "wall s";

  static final String OVER_LINE = "wall / bytes at the line's rate";
  static final String CPU = "CPU s per GB";
  static final String CPU_SECONDS = "CPU s";
  static final String MEMORY = "peak memory MB";
  static final String WRITTEN = "written / unique bytes";
  static final String STORED = "size / unique bytes";
  static final String REQUESTS = "requests per image";
  static final String PER_MISSING = "requests per missing blob";
  static final String PER_MOUNTED = "requests per mounted blob";
  static final String PER_PRESENT = "requests per present blob";
  static final String PER_IMAGE = "ms per image";
  static final String GROWN = "ms per image / that of a tenth";

  private static final String FASTEST = "the fastest peer";
  private static final double MOST_MEMORY = 256;
  private static final double MOST_OVER_LINE = 1.1;
  private static final double MOST_MEMORY_GROWN = 512;

  private Goals() {}

  /** The goals of a corpus that is mirrored beside peers. */
  static List<Goal> of(String corpus) {
    List<String> peers = Contender.PEERS.stream().map(Contender::name).toList();
    List<String> skopeo = List.of("skopeo");
    boolean large = corpus.equals("large");
    List<Goal> goals = new ArrayList<>();
    Subject sync = new Subject(corpus, SYNC, WALL);
    goals.add(Goal.ratio(sync, peers, FASTEST, large ? 0.8 : 0.6));
    if (large) {
      goals.add(Goal.ratio(sync, List.of(Contender.CURL.name()), "curl", 1.15));
    }
    goals.add(Goal.ratio(new Subject(corpus, SYNC, CPU), skopeo, "skopeo", 1));
    goals.add(Goal.atMost(new Subject(corpus, SYNC, MEMORY), MOST_MEMORY));
    goals.add(Goal.ratio(new Subject(corpus, UNCHANGED, WALL), peers, FASTEST, 0.5));
    goals.add(Goal.atMost(new Subject(corpus, UNCHANGED, REQUESTS), 2));
    goals.add(Goal.ratio(new Subject(corpus, UNCHANGED, CPU_SECONDS), skopeo, "skopeo", 1));
    goals.add(Goal.atMost(new Subject(corpus, UNCHANGED, MEMORY), MOST_MEMORY));
    Subject save = new Subject(corpus, SAVE, WALL);
    goals.add(Goal.ratio(save, peers, FASTEST, 0.5));
    if (large) {
      goals.add(Goal.ratio(save, skopeo, "skopeo", 0.3));
    }
    goals.add(new Goal(new Subject(corpus, SAVE, WRITTEN), List.of(), "", 1, 1.01));
    goals.add(Goal.ratio(new Subject(corpus, SAVE, CPU), skopeo, "skopeo", 1));
    goals.add(Goal.atMost(new Subject(corpus, SAVE, MEMORY), MOST_MEMORY));
    goals.add(Goal.ratio(new Subject(corpus, LOAD, WALL), peers, FASTEST, 0.6));
    goals.add(Goal.atMost(new Subject(corpus, LOAD, PER_MISSING), 2));
    goals.add(Goal.atMost(new Subject(corpus, PRESENT, PER_PRESENT), 1));
    // No temporary file: what is written is the note of open uploads, which is small.
    goals.add(Goal.atMost(new Subject(corpus, LOAD, WRITTEN), 0.01));
    goals.add(Goal.ratio(new Subject(corpus, LOAD, CPU), skopeo, "skopeo", 1));
    goals.add(Goal.atMost(new Subject(corpus, LOAD, MEMORY), MOST_MEMORY));
    return goals;
  }

  /** Those of a corpus that crosses a line with a rate. */
  static List<Goal> ofLine(String corpus) {
    return Stream.of(SYNC, SAVE, LOAD)
        .map(job -> Goal.atMost(new Subject(corpus, job, OVER_LINE), MOST_OVER_LINE))
        .toList();
  }

  /** Those of one 4 GiB blob. */
  static List<Goal> ofHuge(String corpus) {
    List<Goal> goals = new ArrayList<>();
    for (String job : List.of(SYNC, SAVE, LOAD)) {
      goals.add(Goal.atMost(new Subject(corpus, job, MEMORY), MOST_MEMORY));
    }
    return goals;
  }

  /** That of the start. */
  static Goal ofStart() {
    return Goal.atMost(new Subject(Starts.PART, VERSION, WALL), 0.25);
  }

  /** Those of planning so many images, the last of them the most. */
  static List<Goal> ofGrowth(List<Integer> counts) {
    List<Goal> goals = new ArrayList<>();
    for (int count : counts) {
      if (count != counts.getFirst()) {
        goals.add(Goal.atMost(new Subject(Growth.PART, Growth.job(count), GROWN), 1.3));
      }
    }
    goals.add(
        Goal.atMost(
            new Subject(Growth.PART, Growth.job(counts.getLast()), MEMORY), MOST_MEMORY_GROWN));
    return goals;
  }
}
