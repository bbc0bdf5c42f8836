package io.mirrorimages.registry.limit;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.registry.rules.KnownRegistries;
import io.mirrorimages.registry.rules.RegistryRules;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The budgets of all registries: the built-in ones, overridden by the user's. Immutable. Each side
 * of a run has budgets of its own: were they one, a copy between two projects of a registry could
 * wait for itself.
 */
public final class HostBudgets {
  private final Map<String, HostBudget> budgets;

  private HostBudgets(Map<String, HostBudget> budgets) {
    this.budgets = budgets;
  }

  /** No limits but the usual concurrency. */
  public static HostBudgets none() {
    return new HostBudgets(Map.of());
  }

  /** The registries whose limits are known. */
  public static HostBudgets presets() {
    HostBudgets presets = none();
    for (RegistryRules rules : KnownRegistries.standard().rows()) {
      for (String registry : rules.budget().isEmpty() ? List.<String>of() : rules.hosts()) {
        presets = presets.with(registry + ":" + rules.budget());
      }
    }
    return presets;
  }

  /**
   * The same with a limit as it stands on a command line, {@code
   * HOST:requests=20/m,bytes=1G/2h,concurrency=6}. The parts that it does not name stay as they
   * are; {@code requests=none} and {@code bytes=none} lift a limit.
   *
   * @throws InvalidContentException with the reason, if it is anything else
   */
  public HostBudgets with(String limit) {
    int equals = limit.indexOf('=');
    int colon = limit.lastIndexOf(':', equals);
    if (equals < 0 || colon < 1) {
      throw HostBudget.malformed(limit);
    }
    String registry = HostNames.hostOf(Reference.checkRegistry(limit.substring(0, colon)));
    Map<String, HostBudget> more = new LinkedHashMap<>(budgets);
    more.put(registry, of(registry).with(limit.substring(colon + 1)));
    return new HostBudgets(more);
  }

  /** The budget of a registry, as it is named in images, or of a host. */
  public HostBudget of(String registry) {
    String name = HostNames.hostOf(registry);
    return budgets.getOrDefault(name, HostBudget.unlimited(name));
  }

  /** Those that differ from the usual. */
  public Collection<HostBudget> all() {
    return budgets.values();
  }

  /** Why a registry has a budget without the user's saying so; empty if it has none. */
  public static Optional<String> reason(String registry) {
    return Optional.of(KnownRegistries.standard().of(registry).why()).filter(w -> !w.isEmpty());
  }
}
