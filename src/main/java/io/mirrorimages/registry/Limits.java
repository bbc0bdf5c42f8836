package io.mirrorimages.registry;

/**
 * What holds the requests to one registry, or one endpoint of it, up.
 *
 * @param gate how many at once and in a time, and pauses when it is in trouble
 * @param traffic how many bytes
 * @param quota how many manifests it still gives
 */
record Limits(HostGate gate, Traffic traffic, PullQuota quota) {

  /**
   * Those of a registry.
   *
   * @param registry its name, as in budgets
   * @param pace how fast all registries of the side may be read and written together
   * @param others whether others are asked after it: when its quota of manifests is used up it
   *     fails then, in place of a wait for hours
   */
  static Limits of(
      String registry, RegistrySettings settings, Timer timer, Pace pace, boolean others) {
    HostBudget budget = settings.budgets().of(registry);
    WaitNotices notices = new WaitNotices(registry, timer, settings.waits());
    return new Limits(
        new HostGate(budget, timer, notices),
        new Traffic(budget, pace, timer, notices),
        others ? PullQuota.failing(timer, notices) : new PullQuota(timer, notices));
  }
}
