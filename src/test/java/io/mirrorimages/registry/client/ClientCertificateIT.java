package io.mirrorimages.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mirrorimages.credential.Credentials;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.registry.endpoint.Resolve;
import io.mirrorimages.registry.endpoint.Routing;
import io.mirrorimages.route.RegistriesFile;
import io.mirrorimages.route.Routes;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.tls.KeptCertificates;
import io.mirrorimages.tls.TlsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a registry that lets in only who shows a certificate. */
class ClientCertificateIT {
  @TempDir private Path folder;

  @Test
  void aCertificateOpensTheDoorAndItsAbsenceIsExplained() throws IOException {
    try (DockerRegistry registry = DockerRegistry.withClientCertificates();
        Registries known = side(registry, Optional.of(registry.certificate()));
        Registries unknown = side(registry, Optional.empty())) {
      assertThatCode(() -> known.check(registry.name())).doesNotThrowAnyException();
      TransferException e =
          catchThrowableOfType(TransferException.class, () -> unknown.check(registry.name()));
      assertThat(e).hasMessageContaining("{setting cert-file}");
    }
  }

  @Test
  void aMirrorIsShownItsOwnCertificateAndNeverThatOfTheRegistries() throws IOException {
    try (DockerRegistry mirror = DockerRegistry.withClientCertificates()) {
      String file = "mirrors: {a.invalid: {endpoint: [\"https://%s\"]}}%n".formatted(mirror.name());
      String config =
          "configs: {\"%s\": {tls: {ca_file: %s, cert_file: %s, key_file: %s}}}"
              .formatted(mirror.name(), mirror.certificate(), mirror.certificate(), mirror.key());
      try (Registries strange =
              new Registries(settings(mirror, Optional.of(mirror.certificate())), routing(file));
          Registries known =
              new Registries(settings(mirror, Optional.empty()), routing(file + config))) {
        assertThat(catchThrowableOfType(TransferException.class, () -> strange.check("a.invalid")))
            .hasMessageContaining(mirror.name());
        assertThatCode(() -> known.check("a.invalid")).doesNotThrowAnyException();
      }
    }
  }

  @Test
  void whatDockerAndPodmanKeepForARegistryIsUsedThere() throws IOException {
    try (DockerRegistry registry = DockerRegistry.withClientCertificates()) {
      Path kept =
          Files.createDirectories(
              folder.resolve(".config/containers/certs.d").resolve(registry.name()));
      Files.writeString(kept.resolve("a-damaged.crt"), "nothing");
      Files.writeString(kept.resolve("a-lonely.cert"), "nothing");
      Files.copy(registry.certificate(), kept.resolve("ca.crt"));
      RegistrySettings settings =
          TestSettings.quick()
              .with(new Retries(0, Duration.ZERO))
              .with(TlsOptions.defaults().with(KeptCertificates.ofUser(Map.of(), folder)));
      try (Registries trusting = new Registries(settings)) {
        assertThat(
                catchThrowableOfType(
                    TransferException.class, () -> trusting.check(registry.name())))
            .hasMessageContaining("{setting cert-file}");
      }
      Files.copy(registry.certificate(), kept.resolve("client.cert"));
      Files.copy(registry.key(), kept.resolve("client.key"));
      String file =
          "mirrors: {a.invalid: {endpoint: [\"https://%s\"]}}%n".formatted(registry.name());
      try (Registries known = new Registries(settings);
          Registries mirrored = new Registries(settings, routing(file))) {
        assertThatCode(() -> known.check(registry.name())).doesNotThrowAnyException();
        assertThatCode(() -> mirrored.check("a.invalid")).doesNotThrowAnyException();
      }
    }
  }

  private Routing routing(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("registries.yaml"), text);
    return new Routing(
        Routes.of(List.of(), Optional.of(RegistriesFile.read(file)), true),
        Credentials.none(),
        Resolve.ORIGIN,
        RunListener.NONE);
  }

  private static Registries side(DockerRegistry registry, Optional<Path> certificate) {
    return new Registries(settings(registry, certificate));
  }

  private static RegistrySettings settings(DockerRegistry registry, Optional<Path> certificate) {
    return TestSettings.quick()
        .with(new Retries(0, Duration.ZERO))
        .with(
            new TlsOptions(
                Optional.of(registry.certificate()),
                certificate,
                certificate.map(c -> registry.key()),
                false,
                false));
  }
}
