package io.mirrorimages.registry.client;

import io.mirrorimages.credential.Credentials;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.Side;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.registry.http.RequestLog;
import io.mirrorimages.registry.http.wire.Timeouts;
import io.mirrorimages.registry.limit.HostBudgets;
import io.mirrorimages.registry.limit.outage.Patience;
import io.mirrorimages.registry.rules.KnownRegistries;
import io.mirrorimages.route.EnvironmentProxy;
import io.mirrorimages.tls.TlsOptions;
import io.mirrorimages.tls.Trust;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Everything a side's registries are reached with.
 *
 * @param tls certificates and scheme
 * @param trust what holds for single hosts
 * @param credentials the logins
 * @param proxy what stands in between
 * @param budgets limits of single registries
 * @param maxRate bytes per second for all of them together; empty for no limit
 * @param listener receives waits, retries and hints
 * @param patience how long a host is waited for that does not answer
 * @param retries how single requests are tried again
 * @param timeouts how long silence is accepted
 * @param known what is particular about some of them
 * @param side which of a run's registries they are, for what messages advise
 * @param userAgent the {@code User-Agent} header
 * @param requests receives every request, if a log is wanted
 */
public record RegistrySettings(
    TlsOptions tls,
    Trust trust,
    Credentials credentials,
    EnvironmentProxy proxy,
    HostBudgets budgets,
    OptionalLong maxRate,
    RunListener listener,
    Patience patience,
    Retries retries,
    Timeouts timeouts,
    KnownRegistries known,
    Side side,
    String userAgent,
    Optional<RequestLog.Listener> requests) {

  /** Anonymous, direct, the system's certificates; five retries with up to a minute between. */
  public static RegistrySettings defaults() {
    return new RegistrySettings(
        TlsOptions.defaults(),
        Trust.NONE,
        Credentials.none(),
        EnvironmentProxy.none(),
        HostBudgets.presets(),
        OptionalLong.empty(),
        RunListener.NONE,
        Patience.NONE,
        new Retries(5, Duration.ofMinutes(1)),
        Timeouts.DEFAULT,
        KnownRegistries.standard(),
        Side.ANY,
        "mirror-images/"
            + Optional.ofNullable(RegistrySettings.class.getPackage().getImplementationVersion())
                .orElse("dev"),
        Optional.empty());
  }

  /** The same with other certificates and scheme. */
  public RegistrySettings with(TlsOptions other) {
    return changed(copy -> copy.tls = other);
  }

  /** The same with other words about single hosts. */
  public RegistrySettings with(Trust other) {
    return changed(copy -> copy.trust = other);
  }

  /** What of it holds for one registry, as images name it. */
  public RegistrySettings of(String registry) {
    return with(trust.tls().getOrDefault(registry, tls));
  }

  /** The same with other credentials. */
  public RegistrySettings with(Credentials other) {
    return changed(copy -> copy.credentials = other);
  }

  /** The same with another proxy. */
  public RegistrySettings with(EnvironmentProxy other) {
    return changed(copy -> copy.proxy = other);
  }

  /** The same with other limits. */
  public RegistrySettings with(HostBudgets other) {
    return changed(copy -> copy.budgets = other);
  }

  /** The same with another rate for all. */
  public RegistrySettings withMaxRate(OptionalLong other) {
    return changed(copy -> copy.maxRate = other);
  }

  /** The same with another listener. */
  public RegistrySettings reportingTo(RunListener other) {
    return changed(copy -> copy.listener = other);
  }

  /** The same with other patience for hosts that do not answer. */
  public RegistrySettings with(Patience other) {
    return changed(copy -> copy.patience = other);
  }

  /** The same with other patience for failures. */
  public RegistrySettings with(Retries other) {
    return changed(copy -> copy.retries = other);
  }

  /** The same with other patience for silence. */
  public RegistrySettings with(Timeouts other) {
    return changed(copy -> copy.timeouts = other);
  }

  /** The same with another table of what is particular. */
  public RegistrySettings with(KnownRegistries other) {
    return changed(copy -> copy.known = other);
  }

  /** The same as those of another side. */
  public RegistrySettings with(Side other) {
    return changed(copy -> copy.side = other);
  }

  /** The same with another {@code User-Agent}. */
  public RegistrySettings withUserAgent(String other) {
    return changed(copy -> copy.userAgent = other);
  }

  /** The same with a log of every request. */
  public RegistrySettings withRequests(RequestLog.Listener log) {
    return changed(copy -> copy.requests = Optional.of(log));
  }

  private RegistrySettings changed(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.settings();
  }

  /** The same settings in fields, of which one is changed. */
  private static final class Copy {
    private TlsOptions tls;
    private Trust trust;
    private Credentials credentials;
    private EnvironmentProxy proxy;
    private HostBudgets budgets;
    private OptionalLong maxRate;
    private RunListener listener;
    private Patience patience;
    private Retries retries;
    private Timeouts timeouts;
    private KnownRegistries known;
    private Side side;
    private String userAgent;
    private Optional<RequestLog.Listener> requests;

    Copy(RegistrySettings from) {
      this.tls = from.tls;
      this.trust = from.trust;
      this.credentials = from.credentials;
      this.proxy = from.proxy;
      this.budgets = from.budgets;
      this.maxRate = from.maxRate;
      this.listener = from.listener;
      this.patience = from.patience;
      this.retries = from.retries;
      this.timeouts = from.timeouts;
      this.known = from.known;
      this.side = from.side;
      this.userAgent = from.userAgent;
      this.requests = from.requests;
    }

    RegistrySettings settings() {
      return new RegistrySettings(
          tls,
          trust,
          credentials,
          proxy,
          budgets,
          maxRate,
          listener,
          patience,
          retries,
          timeouts,
          known,
          side,
          userAgent,
          requests);
    }
  }
}
