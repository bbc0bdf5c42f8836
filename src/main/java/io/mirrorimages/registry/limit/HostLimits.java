package io.mirrorimages.registry.limit;

import io.mirrorimages.mirror.Wait;
import io.mirrorimages.registry.limit.outage.Outages;
import io.mirrorimages.registry.limit.pull.PullRateLimit;
import io.mirrorimages.registry.limit.time.BandwidthThrottle;
import io.mirrorimages.registry.limit.time.Timer;
import io.mirrorimages.registry.limit.time.WaitNotices;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/**
 * What holds the requests of a side up, by host: there is one budget for each, whatever names and
 * paths lead there. What a registry counts of its manifests is known by its address with the path,
 * since a host that stands in for several passes on what each of these counts. Thread-safe.
 */
public final class HostLimits {
  private final HostBudgets budgets;
  private final Consumer<Wait> waits;
  private final Timer timer;
  private final BandwidthThrottle pace;
  private final Outages outages;
  private final ConcurrentMap<String, HostControls> hosts = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, PullRateLimit> quotas = new ConcurrentHashMap<>();

  private record HostControls(HostThrottle gate, Traffic traffic, WaitNotices notices) {}

  /** The same without waiting for hosts that do not answer. */
  public HostLimits(
      HostBudgets budgets, Consumer<Wait> waits, Timer timer, BandwidthThrottle pace) {
    this(budgets, waits, timer, pace, Outages.ignored(timer));
  }

  /**
   * @param waits receives long waits
   * @param pace how fast all of the side may be read and written together
   * @param outages the waiting for hosts that do not answer
   */
  public HostLimits(
      HostBudgets budgets,
      Consumer<Wait> waits,
      Timer timer,
      BandwidthThrottle pace,
      Outages outages) {
    this.budgets = budgets;
    this.waits = waits;
    this.timer = timer;
    this.pace = pace;
    this.outages = outages;
  }

  /**
   * Those of a registry.
   *
   * @param registry {@code host[:port]}, as in image names
   */
  public Limits of(String registry) {
    return of(registry, "");
  }

  /**
   * Those of a registry or a mirror.
   *
   * @param server {@code host[:port]}
   * @param root the path of its API; empty for a registry itself
   */
  public Limits of(String server, String root) {
    String name = HostNames.hostOf(server);
    HostControls host = hosts.computeIfAbsent(name, this::open);
    PullRateLimit quota =
        quotas.computeIfAbsent(name + root, key -> new PullRateLimit(timer, host.notices()));
    return new Limits(host.gate(), host.traffic(), quota, outages, Timer.FOREVER);
  }

  /** The waiting for hosts that do not answer. */
  public Outages outages() {
    return outages;
  }

  /** By which all waits go. */
  public Timer timer() {
    return timer;
  }

  private HostControls open(String name) {
    HostBudget budget = budgets.of(name);
    WaitNotices notices = new WaitNotices(name, timer, waits);
    return new HostControls(
        new HostThrottle(budget, timer, notices),
        new Traffic(budget, pace, timer, notices),
        notices);
  }
}
