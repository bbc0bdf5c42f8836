package io.mirrorimages.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.tls.TlsOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against distribution 2.8 with https and a certificate of a private CA. */
class DockerRegistryWithTlsIT extends RegistryContract {
  private static DockerRegistry registry;

  @BeforeAll
  static void start() throws IOException {
    registry = DockerRegistry.withTls();
  }

  @AfterAll
  static void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  @Override
  String registry() {
    return registry.name();
  }

  @Override
  RegistrySettings settings() {
    return TestSettings.quick(DockerRegistry.USER, DockerRegistry.PASSWORD)
        .with(trusting(registry.certificate()));
  }

  @Test
  void anUntrustedCertificateIsSaidWithTheCure() throws IOException {
    try (Registries system = new Registries(TestSettings.quick())) {
      TransferException e =
          catchThrowableOfType(TransferException.class, () -> system.check(registry()));
      assertThat(e.reason()).isEqualTo(FailureKind.NETWORK);
      assertThat(e.isTransient()).isFalse();
      assertThat(e).hasMessageContaining("not trusted").hasMessageContaining("{setting ca-file}");
    }
  }

  @Test
  void aCertificateForAnotherNameIsRefused() throws IOException {
    try (Registries registries = new Registries(settings())) {
      TransferException e =
          catchThrowableOfType(
              TransferException.class,
              () -> registries.check(registry().replace("localhost", "127.0.0.1")));
      assertThat(e).hasMessageContaining("not for this name");
      assertThat(e.isTransient()).isFalse();
    }
  }

  @Test
  void verificationCanBeSkipped() throws IOException {
    RegistrySettings blind =
        settings()
            .with(
                new TlsOptions(Optional.empty(), Optional.empty(), Optional.empty(), true, false));
    try (Registries registries = new Registries(blind)) {
      assertThatCode(() -> registries.check(registry().replace("localhost", "127.0.0.1")))
          .doesNotThrowAnyException();
    }
  }

  private static TlsOptions trusting(Path certificate) {
    return new TlsOptions(
        Optional.of(certificate), Optional.empty(), Optional.empty(), false, false);
  }
}
