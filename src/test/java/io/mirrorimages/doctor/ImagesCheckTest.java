package io.mirrorimages.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.testing.TestImages;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImagesCheckTest {
  @Test
  void aLayerThatIsTooLargeForTheRegistryIsAFailure() {
    try (Registries registries = new Registries(RegistrySettings.defaults())) {
      assertThat(
              ImagesCheck.largeLayers(
                  registries.asTarget(), List.of(image("ghcr.io/a/b:v1", 11L << 30))))
          .singleElement()
          .satisfies(
              found -> {
                assertThat(found.verdict()).isEqualTo(Verdict.FAILURE);
                assertThat(found.text()).contains("GitHub's registry takes no layer of more than");
              });
      assertThat(
              ImagesCheck.largeLayers(
                  registries.asTarget(),
                  List.of(image("ghcr.io/a/b:v1", 9L << 30), image("a.example/a/b:v1", 11L << 30))))
          .isEmpty();
    }
  }

  @Test
  void namesThatTheRegistryDoesNotTakeAreAFailure() {
    List<Reference> images =
        List.of(Reference.parse("ghcr.io/shell:v1"), Reference.parse("ghcr.io/a/shell:v1"));

    assertThat(ImagesCheck.refusedNames("ghcr.io", images))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.verdict()).isEqualTo(Verdict.FAILURE);
              assertThat(found.text())
                  .contains("takes names of the form", "ghcr.io/shell:v1", "--map")
                  .doesNotContain("ghcr.io/a/shell");
            });
    assertThat(ImagesCheck.refusedNames("ghcr.io", images.subList(1, 2))).isEmpty();
    assertThat(ImagesCheck.refusedNames("registry.example.com", images)).isEmpty();
  }

  private static PlannedImage image(String name, long bytes) {
    Manifest plain =
        new TestImages().image(TestImages.AMD64, new TestImages().layer("large", 1234));
    long size = plain.layers().getFirst().size();
    String large =
        new String(plain.bytes(), StandardCharsets.UTF_8).replace(":" + size, ":" + bytes);
    Manifest manifest = Manifest.parse(large.getBytes(StandardCharsets.UTF_8), plain.mediaType());
    Reference reference = Reference.parse(name);
    return new PlannedImage(
        new ImageRequest(reference, reference), manifest.digest(), List.of(manifest), Set.of());
  }
}
