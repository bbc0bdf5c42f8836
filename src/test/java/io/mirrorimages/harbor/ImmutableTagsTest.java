package io.mirrorimages.harbor;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.port.AdmissionCheck;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A tag that Harbor would not move is refused before its image is sent, where Harbor says so. */
class ImmutableTagsTest {
  private static final String RULES = "^/api/v2[.]0/projects/p/immutabletagrules$";
  private static final String ARTIFACT =
      "^/api/v2[.]0/projects/p/repositories/a%252Fb/artifacts/v1[?]";
  private static final Digest THERE = Digest.sha256("there".getBytes(StandardCharsets.UTF_8));

  private final TestImages images = new TestImages();
  private final Registries registries =
      new Registries(RegistrySettings.defaults().with(new Retries(0, Duration.ofMillis(1))));
  private FaultyRegistry registry;
  private ImageTarget target;

  @BeforeEach
  void start() throws IOException {
    registry = new FaultyRegistry();
    registry.on("GET", "/ping$", FaultyRegistry.status(200, "Pong"));
    target = Harbor.at(registries, registry.name()).orElseThrow().looking(new Indifferent());
  }

  @AfterEach
  void stop() {
    registries.close();
    registry.close();
  }

  @Test
  void aTagIsRefusedThatHarborCallsImmutable() throws IOException {
    registry.on("GET", RULES, FaultyRegistry.status(200, "[{\"id\":1}]"));
    registry.on("GET", ARTIFACT, artifact("v1", true));

    TransferException refusal = refusal(image("v1", Optional.of(THERE))).orElseThrow();

    assertThat(refusal.reason()).isEqualTo(FailureKind.DENIED);
    assertThat(refusal)
        .hasMessageContainingAll(
            registry.name() + "/p/a/b:v1 may not be changed",
            THERE.toString(),
            "project p makes the tag immutable",
            "{setting map}");
    assertThat(registry.seen("GET", "/artifacts/").getFirst().target())
        .endsWith("?with_tag=true&with_immutable_status=true");
  }

  @ParameterizedTest
  @CsvSource({"v1, false", "v2, true"})
  void aTagIsNotRefusedThatNoRuleConcerns(String name, boolean immutable) throws IOException {
    registry.on("GET", RULES, FaultyRegistry.status(200, "[{\"id\":1}]"));
    registry.on("GET", ARTIFACT, artifact(name, immutable));

    assertThat(refusal(image("v1", Optional.of(THERE)))).isEmpty();
    assertThat(registry.seen("GET", "/artifacts/")).hasSize(1);
  }

  @Test
  void aProjectWithoutRulesIsAskedOnce() throws IOException {
    registry.on("GET", RULES, FaultyRegistry.status(200, "[]"));

    for (int i = 0; i < 3; i++) {
      assertThat(refusal(image("v1", Optional.of(THERE)))).isEmpty();
    }

    assertThat(registry.seen("GET", "/immutabletagrules")).hasSize(1);
    assertThat(registry.seen("GET", "/artifacts/")).isEmpty();
  }

  @Test
  void whoMayNotSeeRulesMayBeShownWhatTheyDo() throws IOException {
    registry.on("GET", RULES, FaultyRegistry.status(403, "{}"));
    registry.on("GET", ARTIFACT, artifact("v1", true));

    assertThat(refusal(image("v1", Optional.of(THERE)))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 500, 200})
  void whatHarborDoesNotTellIsNoRefusal(int status) throws IOException {
    registry.on("GET", RULES, FaultyRegistry.status(403, "{}"));
    registry.on("GET", ARTIFACT, FaultyRegistry.status(status, "<html>"));

    assertThat(refusal(image("v1", Optional.of(THERE)))).isEmpty();
  }

  @Test
  void aTagThatIsNewIsNoQuestion() throws IOException {
    assertThat(refusal(image("v1", Optional.empty()))).isEmpty();
    assertThat(registry.seen("GET", "/projects/")).isEmpty();
  }

  private Optional<TransferException> refusal(PlannedImage image) {
    return AdmissionCheck.of(target).refusal(image);
  }

  private static FaultyRegistry.Behaviour artifact(String name, boolean immutable) {
    return FaultyRegistry.status(
        200, "{\"tags\":[{\"name\":\"%s\",\"immutable\":%s}]}".formatted(name, immutable));
  }

  private PlannedImage image(String tag, Optional<Digest> replaced) throws IOException {
    Manifest manifest = images.image(TestImages.AMD64, images.layer("layer", 10));
    Reference name =
        new Reference(new Repository(registry.name(), "p/a/b"), Optional.of(tag), Optional.empty());
    return new PlannedImage(
        new ImageRequest(name, name),
        manifest.digest(),
        List.of(manifest),
        Set.of(),
        replaced,
        Set.of());
  }

  /** A target that refuses nothing, and is asked nothing else here. */
  private static final class Indifferent implements ImageTarget {
    @Override
    public Optional<Digest> resolve(Reference image) {
      throw new AssertionError();
    }

    @Override
    public boolean has(Repository repository, Descriptor blob) {
      throw new AssertionError();
    }

    @Override
    public BlobUpload begin(
        Repository repository, Descriptor blob, Optional<Repository> mountFrom) {
      throw new AssertionError();
    }

    @Override
    public void put(Reference image, Manifest manifest) {
      throw new AssertionError();
    }
  }
}
