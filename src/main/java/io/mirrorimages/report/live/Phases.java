package io.mirrorimages.report.live;

import io.mirrorimages.mirror.event.Phase;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** How far the phases before the transfer are. Thread-safe. */
final class Phases {
  private final Map<Phase, Steps> all = new EnumMap<>(Phase.class);

  Phases() {
    for (Phase phase : Phase.values()) {
      all.put(phase, new Steps(new LongAdder(), new LongAdder()));
    }
  }

  private record Steps(LongAdder added, LongAdder ended) {}

  private Steps of(Phase phase) {
    return Objects.requireNonNull(all.get(phase));
  }

  void added(Phase phase, int steps) {
    of(phase).added.add(steps);
  }

  void ended(Phase phase) {
    of(phase).ended.increment();
  }

  /** How many steps have ended: that they do is a sign of life. */
  long ended() {
    return all.values().stream().mapToLong(steps -> steps.ended.sum()).sum();
  }

  /** The first phase with steps left, in words; empty if there is none. */
  Optional<String> current() {
    for (Phase phase : Phase.values()) {
      long added = of(phase).added.sum();
      long ended = of(phase).ended.sum();
      if (ended < added) {
        return Optional.of(text(phase, ended, added));
      }
    }
    return Optional.empty();
  }

  private static String text(Phase phase, long ended, long added) {
    return switch (phase) {
      case TAGS -> "resolving " + ended + " of " + added + " tags";
      case MANIFESTS -> "reading " + ended + " of " + added + " manifests";
      case PLATFORMS -> "reading platforms of " + ended + " of " + added + " images";
      case TARGET -> "checking the target: " + ended + " of " + added + " blobs";
    };
  }
}
