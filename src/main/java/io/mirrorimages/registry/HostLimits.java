package io.mirrorimages.registry;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What holds the requests of a side up, by host: there is one budget for each, whatever names and
 * paths lead there. What a registry counts of its manifests is known by its address with the path,
 * since a host that stands in for several passes on what each of these counts. Thread-safe.
 */
final class HostLimits {
  private final RegistrySettings settings;
  private final Timer timer;
  private final Pace pace;
  private final ConcurrentMap<String, Host> hosts = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, PullQuota> quotas = new ConcurrentHashMap<>();

  private record Host(HostGate gate, Traffic traffic, WaitNotices notices) {}

  /**
   * @param pace how fast all of the side may be read and written together
   */
  HostLimits(RegistrySettings settings, Timer timer, Pace pace) {
    this.settings = settings;
    this.timer = timer;
    this.pace = pace;
  }

  /**
   * Those of a registry.
   *
   * @param registry {@code host[:port]}, as in image names
   */
  Limits of(String registry) {
    return of(registry, "");
  }

  /**
   * Those of a registry or a mirror.
   *
   * @param server {@code host[:port]}
   * @param root the path of its API; empty for a registry itself
   */
  Limits of(String server, String root) {
    String name = hostOf(server);
    Host host = hosts.computeIfAbsent(name, this::open);
    PullQuota quota =
        quotas.computeIfAbsent(name + root, key -> new PullQuota(timer, host.notices()));
    return new Limits(host.gate(), host.traffic(), quota, Limits.FOREVER);
  }

  Timer timer() {
    return timer;
  }

  private Host open(String name) {
    HostBudget budget = settings.budgets().of(name);
    WaitNotices notices = new WaitNotices(name, timer, settings.waits());
    return new Host(
        new HostGate(budget, timer, notices), new Traffic(budget, pace, timer, notices), notices);
  }

  /**
   * The one name that a host has here: that of its registry, without the port that is meant anyway.
   *
   * @param server {@code host[:port]} as it was written
   */
  static String hostOf(String server) {
    return nameOf(server).replaceFirst(":443$", "");
  }

  /** By which the credentials for a host are found. */
  static String nameOf(String server) {
    String host = server.toLowerCase(Locale.ROOT);
    try {
      return Origin.registryOf(Reference.checkRegistry(host));
    } catch (InvalidContentException e) {
      return host;
    }
  }
}
