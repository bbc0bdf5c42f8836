package io.mirrorimages.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
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
                  .contains("takes names of the form", "ghcr.io/shell:v1", "{setting map}")
                  .doesNotContain("ghcr.io/a/shell");
            });
    assertThat(ImagesCheck.refusedNames("ghcr.io", images.subList(1, 2))).isEmpty();
    assertThat(ImagesCheck.refusedNames("registry.example.com", images)).isEmpty();
  }

  private final TestImages content = new TestImages();
  private final Manifest single = content.image(TestImages.AMD64, content.layer("a", 9));
  private final Manifest index = content.index(single);

  private Plan plan(TestSite there) {
    return new Plan(
        List.of(
            content.plan(there.registry.name() + "/a/x:1", single),
            content.plan(there.registry.name() + "/a/y:1", index)),
        List.of(),
        null);
  }

  @Test
  void aMediaTypeThatIsRefusedIsAFailure() throws IOException {
    try (TestSite there = new TestSite()) {
      there.plan = Optional.of(plan(there));
      there.registry.on(
          "PUT",
          "/v2/a/x/manifests/",
          exchange ->
              FaultyRegistry.respond(
                  exchange,
                  exchange.getRequestHeaders().getFirst("Content-Type").contains("index")
                      ? 415
                      : 400,
                  new byte[0]));

      assertThat(new ImagesCheck(there.site()).look())
          .singleElement()
          .matches(found -> found.verdict() == Verdict.FAILURE)
          .matches(found -> found.finding().startsWith("1 of the 2 images can't be stored: "));
      assertThat(there.registry.seen("PUT", "/manifests/")).as("one of each type").hasSize(2);
    }
  }

  @Test
  void whatElseIsWrongIsForOthersToFind() throws IOException {
    try (TestSite there = new TestSite()) {
      there.plan = Optional.of(plan(there));
      there.registry.on("PUT", "/manifests/", FaultyRegistry.status(503, ""));

      assertThat(new ImagesCheck(there.site()).look())
          .containsExactly(CheckResult.ok(CheckId.IMAGES, "no media type of theirs is refused"));
    }
  }

  /** It is known to take all of them. */
  @Test
  void aHarborIsNotAsked() throws IOException {
    try (TestSite there = TestSite.ofUser().asHarbor()) {
      assertThat(new ImagesCheck(there.site()).look()).isEmpty();
    }
    try (TestSite there = TestSite.ofUser()) {
      there.plan = Optional.of(plan(there));
      there.asHarbor();
      assertThat(new ImagesCheck(there.site()).look()).isEmpty();
      assertThat(there.registry.seen("PUT", "")).isEmpty();
    }
  }

  @Test
  void withoutImagesNothingIsTried() throws IOException {
    try (TestSite there = new TestSite()) {
      assertThat(new ImagesCheck(there.site()).look()).isEmpty();
    }
    try (TestSite there = new TestSite()) {
      there.plan = Optional.of(new Plan(List.of(), List.of(), null));
      assertThat(new ImagesCheck(there.site()).look()).isEmpty();
      assertThat(there.registry.seen("PUT", "")).isEmpty();
    }
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
