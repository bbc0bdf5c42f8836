package io.mirrorimages.registry.limit.outage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.work.Scheduler;
import io.mirrorimages.registry.limit.time.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/**
 * The hosts that do not answer at all (connection refused, unknown, silent), and the waiting for
 * them: one policy for all requests of a run, counted for each host. While a host is away, one
 * thread asks it from time to time, and all requests to it wait; an outage costs none of their
 * tries. Hosts are known by their origin: scheme, host and port. Thread-safe.
 */
public final class Outages {
  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration LATER = Duration.ofMillis(200);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Patience patience;
  private final Timer timer;
  private final Consumer<Wait> listener;
  private final Trial trial;
  private final ConcurrentMap<String, Outage> hosts = new ConcurrentHashMap<>();

  @GuardedBy("this")
  private final Map<String, Integer> awaited = new HashMap<>();

  @GuardedBy("this")
  private final Set<String> tried = new HashSet<>();

  @GuardedBy("this")
  private boolean watched;

  /**
   * @param listener receives the start and the end of each outage
   */
  public Outages(Patience patience, Timer timer, Consumer<Wait> listener, Trial trial) {
    this.patience = patience;
    this.timer = timer;
    this.listener = listener;
    this.trial = trial;
  }

  /** No host is waited for. */
  public static Outages ignored(Timer timer) {
    return new Outages(Patience.NONE, timer, wait -> {}, origin -> Optional.empty());
  }

  /** A small request that shows whether a host is there. */
  @FunctionalInterface
  public interface Trial {
    /** What was seen of the host, in a few words; empty if it gave any answer. */
    Optional<String> symptom(String origin) throws IOException;
  }

  /** Whether also a host is waited for that has not answered once. */
  public boolean waitFromTheStart() {
    return patience.fromTheStart() && patience.time().isPositive();
  }

  /** Something was heard of a host. */
  public void heard(String origin) {
    of(origin).heard();
  }

  /**
   * A request begins to wait for bytes of a host.
   *
   * @param label what the user calls the host
   * @param slow whether the answer may take long although all is well
   * @return to be closed when it waits no more
   */
  public HostWait begin(String origin, String label, boolean slow) {
    watch();
    return new HostWait(of(origin), label, slow);
  }

  /** A request got no answer. */
  public void failed(String origin, String label, String symptom) {
    of(origin).failed(label, symptom);
  }

  /** Whether requests to the host had to wait now. */
  public boolean isAway(String origin) {
    Outage host = hosts.get(origin);
    return host != null && host.isAway();
  }

  /** Whether what needs the host is to fail now. */
  public boolean isGivenUp(String origin) {
    Outage host = hosts.get(origin);
    return host != null && host.isGivenUp();
  }

  /** How a wait ended. */
  public enum WaitEnd {
    /** There was an outage, and it is over. */
    BACK,
    /** There was none, or it is not waited for. */
    NONE,
    /** All hosts are given up. */
    GIVEN_UP
  }

  /**
   * Waits while the host is away.
   *
   * @return whether it was, and is back
   * @throws TransferException that no further try mends, if it is given up
   */
  public boolean await(String origin) throws IOException {
    if (!isAway(origin)) {
      return false;
    }
    WaitEnd end = awaitAny(List.of(origin));
    if (end == WaitEnd.GIVEN_UP) {
      throw of(origin).failure();
    }
    return end == WaitEnd.BACK;
  }

  /** Waits while all of the hosts are away; meanwhile, tasks that need none of them run. */
  public WaitEnd awaitAny(Collection<String> origins) throws IOException {
    List<Outage> all = origins.stream().map(this::of).toList();
    List<Integer> before = all.stream().map(Outage::before).toList();
    if (areAway(all)) {
      Scheduler.pause(() -> awaitOne(origins, all));
    }
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).isBack(before.get(i))) {
        return WaitEnd.BACK;
      }
    }
    return !all.isEmpty() && all.stream().allMatch(Outage::isGivenUp)
        ? WaitEnd.GIVEN_UP
        : WaitEnd.NONE;
  }

  private Void awaitOne(Collection<String> origins, List<Outage> all) throws IOException {
    long began = timer.nanos();
    origins.forEach(this::awaitFromNowOn);
    try {
      while (areAway(all)) {
        origins.forEach(this::seeThatItIsTried);
        boolean fresh = timer.nanos() - began < Duration.ofSeconds(1).toNanos();
        timer.sleep(fresh ? SOON : LATER);
      }
    } finally {
      origins.forEach(this::awaitNoMore);
    }
    return null;
  }

  /** Checks all, since each is reported and given up separately. */
  private static boolean areAway(List<Outage> hosts) {
    return hosts.stream().allMatch(Outage::isAway)
        && hosts.stream().filter(Outage::isAwaited).count() > 0;
  }

  private Outage of(String origin) {
    return hosts.computeIfAbsent(origin, o -> new Outage(o, patience, timer, listener));
  }

  private synchronized void awaitFromNowOn(String origin) {
    awaited.merge(origin, 1, Integer::sum);
  }

  private synchronized void awaitNoMore(String origin) {
    awaited.computeIfPresent(origin, (o, count) -> count == 1 ? null : count - 1);
  }

  private synchronized void seeThatItIsTried(String origin) {
    Outage host = of(origin);
    if (host.isAwaited() && tried.add(origin)) {
      Thread.ofPlatform().daemon().name("outage").start(() -> tryAgain(origin, host));
    }
  }

  private synchronized boolean isTried(String origin, Outage host) {
    boolean on = awaited.containsKey(origin) && host.isAwaited();
    if (!on) {
      tried.remove(origin);
    }
    return on;
  }

  /** Polls a host until it answers or no request waits for it. */
  private void tryAgain(String origin, Outage host) {
    Duration pause = FIRST_PAUSE;
    try {
      while (isTried(origin, host)) {
        Optional<String> symptom = trial.symptom(origin);
        if (symptom.isEmpty()) {
          host.heard();
        } else {
          host.confirm(symptom.get());
          timer.sleep(pause);
          Duration longer = pause.multipliedBy(2);
          pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        }
      }
    } catch (IOException e) {
      // The run ends.
    } catch (RuntimeException e) {
      // A mistake of this program: no request is to wait for a trial that never comes.
      host.heard();
      throw e;
    }
  }

  private synchronized void watch() {
    if (!watched && patience.time().isPositive()) {
      watched = true;
      Thread.ofPlatform().daemon().name("silence").start(this::lookAgain);
    }
  }

  private void lookAgain() {
    try {
      while (true) {
        timer.sleep(LOOK);
        hosts.values().forEach(Outage::look);
      }
    } catch (IOException e) {
      // The side is closed.
    }
  }
}
