package io.mirrorimages.registry;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

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

  /** It answers 500 and UNKNOWN. */
  @Test
  void foreignLayersAreRefusedWithTheSettingThatAllowsThem() throws IOException {
    TestImages images = new TestImages();
    Manifest foreign =
        images.altered(
            images.image(TestImages.AMD64, images.layer("windows", 10)),
            "tar+gzip\",",
            "tar+gzip\",\"urls\":[\"https://example.test/b\"],");
    foreign =
        images.altered(
            foreign,
            "application/vnd.oci.image.layer.v1.tar+gzip",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip");
    try (Registries registries = new Registries(settings())) {
      ImageTarget target = registries.asTarget();
      PlannedImage image = images.plan(registry() + "/rancher/windows:1", foreign);
      assertThatThrownBy(() -> images.store(image, target))
          .hasMessageContaining("validation.manifests.urls.allow");
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
