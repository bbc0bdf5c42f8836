package io.mirrorimages.registry;

import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.testing.DockerRegistry;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Against distribution 2.8, open to anyone, found to speak http. */
class DockerRegistryIT extends RegistryContract {
  private static DockerRegistry registry;

  @BeforeAll
  static void start() throws IOException {
    registry = DockerRegistry.open();
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
    return TestSettings.quick();
  }
}
