package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.report.FailedList;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.Skopeo;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
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
    assertThat(second.out()).contains("going on with").contains("3 images: 3 copied");
    assertThat(Files.list(folder))
        .containsExactlyInAnyOrder(output, list)
        .noneMatch(file -> file.toString().endsWith(".journal"));
    assertThat(Command.run("verify", "--archive", output).out()).contains("3 verified");
    String name = "oci-archive:" + output + ":" + upstream.name() + "/rancher/late:v1";
    assertThat(Digest.sha256(Skopeo.run("inspect", "--raw", name))).isEqualTo(late.digest());
  }

  /** Another run has the name at that time. */
  @Test
  void theListThatIsNamedIsTheOneOfThisRun() throws Exception {
    try (FailedList other = FailedList.take(folder.resolve("failed.txt"))) {
      assertThat(other.file()).hasFileName("failed.txt");

      assertThat(save().err()).contains("--list " + folder.resolve("failed-2.txt"));
    }
  }

  @Test
  void theyNeedNoSecondCopyOfWhatIsThere() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        mount("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk.toString()),
        "a small disk can only be mounted by root");
    try {
      output = disk.resolve("rancher.tar");
      put("rancher/a:v1", images.image(TestImages.AMD64, images.layer("large", 4_000_000)));
      assertThat(save().exitCode()).isEqualTo(1);

      put("rancher/late:v1", images.image(TestImages.AMD64, images.layer("late", 600_000)));
      Command second = save();

      assertThat(second).as(second.out() + second.err()).extracting(Command::exitCode).isEqualTo(0);
      assertThat(Command.run("verify", "--archive", output).out()).contains("3 verified");
      String name = "oci-archive:" + output + ":" + upstream.name() + "/rancher/late:v1";
      assertThat(Skopeo.run("inspect", "--raw", name)).isNotEmpty();
    } finally {
      mount("umount", disk.toString());
    }
  }

  @Test
  void imagesAreAddedAgainAndAgain() throws Exception {
    Files.write(list, List.of(upstream.name() + "/rancher/later:v1"), StandardOpenOption.APPEND);
    assertThat(save().exitCode()).isEqualTo(1);
    add("rancher/later:v1");
    assertThat(save().exitCode()).isEqualTo(1);
    add("rancher/late:v1");

    assertThat(save().exitCode()).isZero();

    assertThat(Command.run("verify", "--archive", output).out()).contains("4 verified");
    assertThat(save().out()).contains("complete", "4 images: 4 unchanged");
  }

  @Test
  void oneThatHasNoRoomAtTheFrontMakesTheArchiveAnew() throws Exception {
    assertThat(save().exitCode()).isEqualTo(1);
    TestImages.Layer[] layers = new TestImages.Layer[200];
    Arrays.setAll(layers, i -> images.layer("layer " + i, 10));
    put("rancher/late:v1", images.image(TestImages.AMD64, layers));

    Command second = save();

    assertThat(second).as(second.out() + second.err()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(second.out()).contains("anew");
    assertThat(Command.run("verify", "--archive", output).out()).contains("3 verified");
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

  @Test
  void makingItAnewKeepsThePartOfABlobThatHasCome() throws Exception {
    try (FaultyRegistry breaking = new FaultyRegistry()) {
      TestImages.Layer layer = images.layer("large", 5_000_000);
      Manifest large = images.image(TestImages.AMD64, layer);
      String digest = layer.descriptor().digest().toString();
      put(breaking, "rancher/a", large);
      Files.write(
          list, List.of(breaking.name() + "/rancher/a:v1", breaking.name() + "/rancher/late:v1"));
      byte[] bytes = images.content(layer.descriptor().digest());
      breaking.on("GET", ".*/blobs/" + digest, 1, FaultyRegistry.truncated(bytes, 3_000_000));
      // Something has to be brought, for an archive to be there.
      put(breaking, "rancher/small", images.artifact("a/config", "a/chart", new byte[10]));
      Files.writeString(list, breaking.name() + "/rancher/small:v1\n", StandardOpenOption.APPEND);
      assertThat(save("--retries", 0, "--jobs", 1).exitCode()).isEqualTo(1);

      put(breaking, "rancher/late", images.image(TestImages.AMD64, images.layer("late", 1000)));
      Command second = save();

      assertThat(second).as(second.out() + second.err()).extracting(Command::exitCode).isEqualTo(0);
      List<FaultyRegistry.Seen> gets = breaking.seen("GET", "/blobs/" + digest);
      assertThat(gets.stream().map(get -> get.header("Range")).toList())
          .startsWith("")
          .hasSize(2)
          .last(STRING)
          .matches("bytes=[23][0-9]{6}-.*");
      assertThat(Command.run("verify", "--archive", output).out()).contains("3 verified");
    }
  }

  private void put(FaultyRegistry registry, String repository, Manifest manifest) {
    registry.addManifest(repository, "v1", manifest.bytes(), manifest.mediaType());
    manifest.blobs().forEach(blob -> registry.addBlob(images.content(blob.digest())));
  }

  private Command save(Object... more) {
    List<Object> all =
        new ArrayList<>(List.of("save", "--list", list, "--output", output, "--failed"));
    all.add(folder.resolve("failed.txt"));
    all.addAll(List.of(more));
    return Command.run(all.toArray());
  }

  private Manifest add(String name) throws IOException {
    Manifest manifest = images.image(TestImages.AMD64, base, images.layer(name, 1000));
    put(name, manifest);
    return manifest;
  }

  private void put(String name, Manifest manifest) throws IOException {
    try (Registries registries = new Registries(RegistrySettings.defaults())) {
      images.store(images.plan(upstream.name() + "/" + name, manifest), registries.asTarget());
    }
  }

  private static boolean mount(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}
