package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Manifest;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A login that a registry no longer takes is not tried for each image: that would lock the user.
 */
@Timeout(300)
class RefusedLoginIT {
  private static final int IMAGES = 30;
  private static final int JOBS = 3;

  private final TestImages images = new TestImages();
  private final List<String> list = new ArrayList<>();

  @TempDir private Path folder;

  @Test
  void aPasswordThatChangesInMidRunEndsTheAttemptsAtThatHostOnly() throws Exception {
    try (DockerRegistry locked = DockerRegistry.withPassword();
        FaultyRegistry open = new FaultyRegistry()) {
      Manifest other = images.image(TestImages.AMD64, images.layer("other", 100));
      open.addManifest("team/other", "1", other.bytes(), other.mediaType());
      other.blobs().forEach(blob -> open.addBlob(images.content(blob.digest())));
      open.on(
          "GET",
          "/blobs/" + other.blobs().iterator().next().digest(),
          exchange -> {
            locked.changePassword();
            open.properly(exchange);
          });
      list.add(open.name() + "/team/other:1");
      fill(locked);

      Command save =
          Program.in(folder)
              .reading(DockerRegistry.PASSWORD + "\n")
              .run(
                  "save",
                  "--list",
                  Files.write(folder.resolve("list.txt"), list),
                  "--output",
                  folder.resolve("images.tar"),
                  "--jobs",
                  JOBS,
                  "--username",
                  locked.name() + "=" + DockerRegistry.USER,
                  "--password-stdin");

      assertThat(save.exitCode()).as(save.out() + save.err()).isEqualTo(1);
      assertThat(save.line("team/other:1")).contains("copied");
      assertThat(save.line("team/app" + (IMAGES - 1)))
          .contains("denied: " + locked.name() + " refuses user " + DockerRegistry.USER);
      // Those in flight, and one to find out whether it is the login itself.
      assertThat(locked.refusedLogins()).isBetween(1L, JOBS + 1L);
    }
  }

  private void fill(DockerRegistry locked) throws IOException {
    try (Registries registries =
        new Registries(TestSettings.quick(DockerRegistry.USER, DockerRegistry.PASSWORD))) {
      for (int i = 0; i < IMAGES; i++) {
        String name = locked.name() + "/team/app" + i + ":1";
        Manifest manifest = images.image(TestImages.AMD64, images.layer("layer " + i, 100));
        images.store(images.plan(name, manifest), registries.asTarget());
        list.add(name);
      }
    }
  }
}
