package io.mirrorimages.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Retries;
import io.mirrorimages.route.TlsOptions;
import io.mirrorimages.testing.DockerRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Against a registry that lets in only who shows a certificate. */
class ClientCertificateIT {

  @Test
  void aCertificateOpensTheDoorAndItsAbsenceIsExplained() throws IOException {
    try (DockerRegistry registry = DockerRegistry.withClientCertificates();
        Registries known = side(registry, Optional.of(registry.certificate()));
        Registries unknown = side(registry, Optional.empty())) {
      assertThatCode(() -> known.check(registry.name())).doesNotThrowAnyException();
      MirrorException e =
          catchThrowableOfType(MirrorException.class, () -> unknown.check(registry.name()));
      assertThat(e).hasMessageContaining("--cert-file");
    }
  }

  private static Registries side(DockerRegistry registry, Optional<Path> certificate) {
    return new Registries(
        TestSettings.quick()
            .with(new Retries(0, Duration.ZERO))
            .with(
                new TlsOptions(
                    Optional.of(registry.certificate()),
                    certificate,
                    certificate.map(c -> registry.key()),
                    false,
                    false)));
  }
}
