package io.mirrorimages.harbor;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Images that a policy keeps from being pulled are known by Harbor's API. */
class GuardedImagesTest {
  private final TestImages images = new TestImages();
  private final Manifest image = images.image(TestImages.AMD64, images.layer("a", 9));
  private final Digest other = Digest.sha256(new byte[0]);
  private final MemoryRegistry memory = new MemoryRegistry();
  private final Registries registries = new Registries(TestSettings.quick("ann", "secret"));
  private FaultyRegistry registry;
  private GuardedImages guarded;

  @BeforeEach
  void start() throws IOException {
    registry = new FaultyRegistry();
    guarded =
        new GuardedImages(
            memory.asTarget(), new Projects(registries.api(registry.name()), "/api/v2.0"));
    registry.on("GET", "/projects/open$", status(200, "{}"));
    registry.on(
        "GET", "/projects/[a-z]*$", status(200, "{\"metadata\":{\"prevent_vul\":\"true\"}}"));
    for (String project : new String[] {"open", "guarded", "empty"}) {
      memory.add(images, "h.io/" + project + "/x:1", image);
    }
    registry.on("GET", "/projects/guarded/repo", status(200, "{\"digest\":\"" + other + "\"}"));
    registry.on("GET", "/projects/empty/repo", status(404, ""));
  }

  @AfterEach
  void stop() {
    registries.close();
    registry.close();
  }

  @Test
  void isAskedForByTheApiWhereItIsGuarded() throws IOException {
    assertThat(guarded.resolve(Reference.parse("h.io/guarded/x:1"))).contains(other);
    assertThat(memory.requestCount()).isZero();
    assertThat(registry.seen("GET", "/artifacts/1")).hasSize(1);
    String pinned = "h.io/guarded/x:1@" + image.digest();
    assertThat(guarded.resolve(Reference.parse(pinned))).contains(other);
    assertThat(registry.seen("GET", "/artifacts/sha256")).hasSize(1);
  }

  @Test
  void isPulledElse() throws IOException {
    assertThat(guarded.resolve(Reference.parse("h.io/open/x:1"))).contains(image.digest());
    assertThat(registry.seen("GET", "/artifacts/")).isEmpty();
    assertThat(guarded.resolve(Reference.parse("h.io/empty/x:1"))).contains(image.digest());
  }
}
