package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.RegistrySettings;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.Skopeo;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that could not be planned when their archive was laid out. */
class LateImagesIT {
  @TempDir private Path folder;
  private final TestImages images = new TestImages();
  private final TestImages.Layer base = images.layer("base", 200_000);
  private DockerRegistry upstream;
  private Path list;
  private Path output;

  @BeforeEach
  void startRegistry() throws IOException {
    upstream = DockerRegistry.open();
    output = folder.resolve("rancher.tar");
    list =
        Files.write(
            folder.resolve("images.txt"),
            List.of(
                upstream.name() + "/rancher/a:v1",
                upstream.name() + "/rancher/late:v1",
                upstream.name() + "/rancher/z:v1"));
    add("rancher/a:v1");
    add("rancher/z:v1");
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  @Test
  void theSameCommandAddsThemToTheArchive() throws Exception {
    Command first = save();
    assertThat(first.exitCode()).isEqualTo(1);
    assertThat(first.err()).contains("run the same command again").contains("--base");
    assertThat(output).exists();

    Manifest late = add("rancher/late:v1");
    Command second = save();

    assertThat(second).as(second.out() + second.err()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(second.out()).contains("anew").contains("3 images: 3 copied");
    assertThat(Files.list(folder))
        .containsExactlyInAnyOrder(output, list)
        .noneMatch(file -> file.toString().endsWith(".journal"));
    assertThat(Command.run("verify", "--archive", output).out()).contains("3 verified");
    String name = "oci-archive:" + output + ":" + upstream.name() + "/rancher/late:v1";
    assertThat(Digest.sha256(Skopeo.run("inspect", "--raw", name))).isEqualTo(late.digest());
  }

  @Test
  void theArchiveIsLeftAloneWhileTheyAreStillMissing() throws Exception {
    assertThat(save().exitCode()).isEqualTo(1);
    byte[] before = Files.readAllBytes(output);

    Command again = save();

    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.out()).contains("2 unchanged, 1 failed");
    assertThat(output).hasBinaryContent(before);
    assertThat(Files.readString(folder.resolve("failed.txt"))).contains("rancher/late:v1");
  }

  @Test
  void aListWithOtherImagesDoesNotTouchTheArchive() throws Exception {
    assertThat(save().exitCode()).isEqualTo(1);
    byte[] before = Files.readAllBytes(output);
    Files.write(list, List.of(upstream.name() + "/rancher/a:v1"));

    assertThat(save().complaint(2)).contains("exists and is not overwritten");
    assertThat(output).hasBinaryContent(before);
  }

  private Command save() {
    return Command.run(
        "save", "--list", list, "--output", output, "--failed", folder.resolve("failed.txt"));
  }

  private Manifest add(String name) throws IOException {
    Manifest manifest = images.image(TestImages.AMD64, base, images.layer(name, 1000));
    try (Registries registries = new Registries(RegistrySettings.defaults())) {
      images.store(images.plan(upstream.name() + "/" + name, manifest), registries.asTarget());
    }
    return manifest;
  }
}
