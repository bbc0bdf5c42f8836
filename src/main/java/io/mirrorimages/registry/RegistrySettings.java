package io.mirrorimages.registry;

import io.mirrorimages.mirror.Retries;
import io.mirrorimages.route.Credentials;
import io.mirrorimages.route.EnvironmentProxy;
import io.mirrorimages.route.TlsOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything a side's registries are reached with.
 *
 * @param tls certificates and scheme
 * @param credentials who asks
 * @param proxy what stands in between
 * @param budgets limits of single registries; the others are unlimited but in concurrency
 * @param retries how single requests are tried again
 * @param timeouts how long silence is borne
 * @param userAgent the {@code User-Agent} header
 */
public record RegistrySettings(
    TlsOptions tls,
    Credentials credentials,
    EnvironmentProxy proxy,
    List<HostBudget> budgets,
    Retries retries,
    Timeouts timeouts,
    String userAgent) {

  /** Copies the list. */
  public RegistrySettings {
    budgets = List.copyOf(budgets);
  }

  /** Anonymous, direct, the system's certificates; five retries with up to a minute between. */
  public static RegistrySettings defaults() {
    return new RegistrySettings(
        TlsOptions.defaults(),
        Credentials.none(),
        EnvironmentProxy.none(),
        List.of(),
        new Retries(5, Duration.ofMinutes(1)),
        Timeouts.DEFAULT,
        "mirror-images/"
            + Optional.ofNullable(RegistrySettings.class.getPackage().getImplementationVersion())
                .orElse("dev"));
  }

  /** The same with other certificates and scheme. */
  public RegistrySettings with(TlsOptions other) {
    return new RegistrySettings(other, credentials, proxy, budgets, retries, timeouts, userAgent);
  }

  /** The same with other credentials. */
  public RegistrySettings with(Credentials other) {
    return new RegistrySettings(tls, other, proxy, budgets, retries, timeouts, userAgent);
  }

  /** The same with another proxy. */
  public RegistrySettings with(EnvironmentProxy other) {
    return new RegistrySettings(tls, credentials, other, budgets, retries, timeouts, userAgent);
  }

  /** The same with other limits. */
  public RegistrySettings with(List<HostBudget> other) {
    return new RegistrySettings(tls, credentials, proxy, other, retries, timeouts, userAgent);
  }

  /** The same with other patience for failures. */
  public RegistrySettings with(Retries other) {
    return new RegistrySettings(tls, credentials, proxy, budgets, other, timeouts, userAgent);
  }

  /** The same with other patience for silence. */
  public RegistrySettings with(Timeouts other) {
    return new RegistrySettings(tls, credentials, proxy, budgets, retries, other, userAgent);
  }

  /** The same with another {@code User-Agent}. */
  public RegistrySettings withUserAgent(String other) {
    return new RegistrySettings(tls, credentials, proxy, budgets, retries, timeouts, other);
  }

  HostBudget budgetOf(String registry) {
    return budgets.stream()
        .filter(budget -> budget.registry().equals(registry))
        .findFirst()
        .orElseGet(() -> HostBudget.unlimited(registry));
  }
}
