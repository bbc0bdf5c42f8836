package io.mirrorimages.torture;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Decides from a seed what befalls which request, until a budget is spent. A request's fate depends
 * on what it asks for and how often that was asked before, not on what other threads do meanwhile:
 * so a seed means the same each time, as far as the tool does. Thread-safe.
 */
final class Faults {
  /** Bodies are few among the requests, and most can go wrong with them. */
  private static final int BODIES = 3;

  private final long seed;
  private final double chance;
  private final Map<String, Integer> seen = new HashMap<>();
  private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);
  private int budget;

  /**
   * Faults to come.
   *
   * @param chance of a request to be befallen, while the budget lasts
   * @param budget how many there are
   */
  Faults(long seed, double chance, int budget) {
    this.seed = seed;
    this.chance = chance;
    this.budget = budget;
  }

  /**
   * What befalls a request.
   *
   * @param where in a body, from 0 to 1
   * @param side some of its bits are further decisions
   */
  record Strike(Fault fault, double where, int side) {
    boolean is(Fault... some) {
      return List.of(some).contains(fault);
    }

    /** A position within {@code length} bytes. */
    long at(long length) {
      return (long) (where * length);
    }

    /** A further decision of the seed. */
    boolean bit(int n) {
      return (side >> n & 1) == 1;
    }
  }

  /**
   * The fate of a request.
   *
   * @param line which connection it comes by
   * @param further what can befall it besides what its subject says
   */
  synchronized Optional<Strike> strike(String line, Subject subject, Set<Fault> further) {
    String about = line + subject.method() + subject.kind() + plain(subject);
    int before = seen.merge(about, 1, Integer::sum);
    // This kind, since seeds that lie near each other give others nothing alike.
    SplittableRandom random = new SplittableRandom(seed ^ (long) about.hashCode() << 32 ^ before);
    boolean large = subject.isUpload() || subject.isBlob() && subject.method().equals("GET");
    if (budget == 0 || random.nextDouble() >= (large ? BODIES * chance : chance)) {
      return Optional.empty();
    }
    List<Fault> possible = new ArrayList<>();
    for (Fault fault : Fault.values()) {
      if (fault.fits(subject) || further.contains(fault)) {
        possible.addAll(Collections.nCopies(fault.weight(), fault));
      }
    }
    budget--;
    return Optional.of(
        new Strike(
            possible.get(random.nextInt(possible.size())), random.nextDouble(), random.nextInt()));
  }

  /** Where each run has names of its own, they are left out. */
  private static String plain(Subject subject) {
    String repository = subject.repository();
    return repository.substring(repository.lastIndexOf('/') + 1) + "/" + subject.name();
  }

  /** Counts one that has happened. */
  synchronized void happened(Fault fault) {
    done.merge(fault, 1, Integer::sum);
  }

  /** No more of them. */
  synchronized void stop() {
    budget = 0;
  }

  /** How many have happened. */
  synchronized Map<Fault, Integer> done() {
    return Map.copyOf(done);
  }
}
