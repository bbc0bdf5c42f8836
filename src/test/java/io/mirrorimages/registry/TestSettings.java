package io.mirrorimages.registry;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.credential.Credentials;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.registry.http.Transport;
import io.mirrorimages.registry.http.wire.Timeouts;
import java.time.Duration;

/** Settings that do not make tests wait. */
public final class TestSettings {
  private TestSettings() {}

  /** Three retries, a millisecond apart at most, and short patience. */
  public static RegistrySettings quick() {
    return RegistrySettings.defaults()
        .with(new Retries(3, Duration.ofMillis(1)))
        .with(new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5)));
  }

  public static RegistrySettings quick(String user, String password) {
    return quick().with(Credentials.fixed(Credential.password(user, password)));
  }

  /** A transport with these settings, which the caller closes. */
  public static Transport transport(RegistrySettings settings) {
    return new Transport(
        settings.tls(), settings.proxy(), settings.timeouts(), settings.userAgent());
  }
}
