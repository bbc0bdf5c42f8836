package io.mirrorimages.torture;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How one ordeal went.
 *
 * @param seed what it came from
 * @param what was done
 * @param runs of the tool
 * @param kills of them
 * @param faults that happened
 * @param moved bytes of blobs on the lines, in both directions
 * @param minimum the same without any fault
 * @param time it took
 * @param problems what did not hold; nothing if all is well
 */
record Outcome(
    long seed,
    String what,
    int runs,
    int kills,
    Map<Fault, Integer> faults,
    long moved,
    long minimum,
    Duration time,
    List<String> problems) {

  boolean isWell() {
    return problems.isEmpty();
  }

  /** The command that does it again. */
  String again() {
    return "scripts/torture --runs 1 --seed " + seed;
  }

  @Override
  public String toString() {
    int sum = faults.values().stream().mapToInt(Integer::intValue).sum();
    return "seed %d: %s, %d runs, %d kills, %d faults, %.1f s%s"
        .formatted(
            seed,
            what,
            runs,
            kills,
            sum,
            time.toMillis() / 1000.0,
            isWell()
                ? ""
                : ": FAILED\n  " + String.join("\n  ", problems) + "\n  again: " + again());
  }
}
