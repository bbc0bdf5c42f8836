package io.mirrorimages.registry;

import io.mirrorimages.registry.client.RegistrySettings;
import org.junit.jupiter.api.Nested;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.DockerImageName;

/** The contract against other registries, in containers. Skipped where Docker is not running. */
@Testcontainers(disabledWithoutDocker = true)
class ContainerRegistryIT {

  private static GenericContainer<?> serving(String image) {
    return new GenericContainer<>(DockerImageName.parse(image))
        .withExposedPorts(5000)
        .waitingFor(Wait.forHttp("/v2/").forStatusCode(200));
  }

  private static String name(GenericContainer<?> container) {
    return container.getHost() + ":" + container.getMappedPort(5000);
  }

  @Nested
  @Testcontainers(disabledWithoutDocker = true)
  class Distribution2 extends RegistryContract {
    @Container private static final GenericContainer<?> CONTAINER = serving("registry:2");

    @Override
    String registry() {
      return name(CONTAINER);
    }

    @Override
    RegistrySettings settings() {
      return TestSettings.quick();
    }
  }

  @Nested
  @Testcontainers(disabledWithoutDocker = true)
  class Distribution3 extends RegistryContract {
    @Container private static final GenericContainer<?> CONTAINER = serving("registry:3");

    @Override
    String registry() {
      return name(CONTAINER);
    }

    @Override
    RegistrySettings settings() {
      return TestSettings.quick();
    }
  }

  @Nested
  @Testcontainers(disabledWithoutDocker = true)
  class Zot extends RegistryContract {
    @Container
    private static final GenericContainer<?> CONTAINER =
        serving("ghcr.io/project-zot/zot-minimal:latest");

    @Override
    String registry() {
      return name(CONTAINER);
    }

    @Override
    RegistrySettings settings() {
      return TestSettings.quick();
    }
  }
}
