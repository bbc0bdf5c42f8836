package io.mirrorimages.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.testing.DockerRegistry;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against distribution 2.8 with Basic authentication. */
class DockerRegistryWithPasswordIT extends RegistryContract {
  private static DockerRegistry registry;

  @BeforeAll
  static void start() throws IOException {
    registry = DockerRegistry.withPassword();
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
    return TestSettings.quick(DockerRegistry.USER, DockerRegistry.PASSWORD);
  }

  @Test
  void aWrongPasswordIsSaidInOneLine() throws IOException {
    try (Registries wrong = new Registries(TestSettings.quick(DockerRegistry.USER, "wr0ng"))) {
      TransferException e =
          catchThrowableOfType(TransferException.class, () -> wrong.check(registry()));
      assertThat(e.reason()).isEqualTo(FailureKind.DENIED);
      assertThat(e)
          .hasMessageContaining("refuses user " + DockerRegistry.USER)
          .hasMessageNotContaining("wr0ng");
    }
  }

  @Test
  void withoutCredentialsTheImageIsDenied() throws IOException {
    try (Registries anonymous = new Registries(TestSettings.quick())) {
      Reference image = Reference.parse(registry() + "/team/app:1");
      TransferException e =
          catchThrowableOfType(TransferException.class, () -> anonymous.asSource().manifest(image));
      assertThat(e.reason()).isEqualTo(FailureKind.DENIED);
      assertThat(e).hasMessageContaining("UNAUTHORIZED");
    }
  }
}
