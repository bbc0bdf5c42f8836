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
  void ofVolumesTheyGetFurtherOnesWithoutASecondCopyOfWhatIsThere() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        mount("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk.toString()),
        "a small disk can only be mounted by root");
    DockerRegistry harbor = DockerRegistry.open();
    try {
      output = disk.resolve("rancher.tar");
      TestImages.Layer large = images.layer("large", 4_000_000);
      Manifest a = images.image(TestImages.AMD64, large);
      put("rancher/a:v1", a);
      assertThat(save("--volume-size", "5M").exitCode()).isEqualTo(1);
      byte[] before = Files.readAllBytes(disk.resolve("rancher-0001.tar"));

      Manifest late = images.image(TestImages.AMD64, large, images.layer("late", 600_000));
      put("rancher/late:v1", late);
      Command second = save("--volume-size", "5M");

      assertThat(second).as(second.out() + second.err()).extracting(Command::exitCode).isEqualTo(0);
      assertThat(second.out()).contains("rancher-0002.tar on", "1 copied", "2 unchanged");
      assertThat(disk.resolve("rancher-0001.tar")).hasBinaryContent(before);
      assertThat(disk.resolve("rancher-0002.tar").toFile().length()).isLessThan(700_000);
      assertThat(save("--volume-size", "5M").out()).contains("complete: ", "3 unchanged");
      assertThat(Command.run("verify", "--archive", output))
          .satisfies(
              all -> {
                assertThat(all.out()).contains("3 verified");
                assertThat(all.err()).isEmpty();
              });
      assertThat(Command.run("verify", "--archive", disk.resolve("rancher-0001.tar")).err())
          .contains("was made without some images of its list", "further volumes");
      assertThat(Command.run("verify", "--archive", disk.resolve("rancher-0002.tar")).out())
          .contains("volume 2 of 2 is whole (", "not given: volume 1 of 2");
      Command load = Command.run("load", "--archive", output, "--registry", harbor.name());
      assertThat(load).as(load.out() + load.err()).extracting(Command::exitCode).isEqualTo(0);
      for (Manifest image : List.of(a, late)) {
        String name = image == a ? "a" : "late";
        name = "docker://" + harbor.name() + "/rancher/" + name + ":v1";
        assertThat(Digest.sha256(Skopeo.run("inspect", "--raw", "--tls-verify=false", name)))
            .isEqualTo(image.digest());
      }
    } finally {
      harbor.close();
      mount("umount", disk.toString());
    }
  }

  @Test
  void aLateImageThatFitsIntoNoVolumeStopsNoOther() throws Exception {
    Files.write(list, List.of(upstream.name() + "/rancher/large:v1"), StandardOpenOption.APPEND);
    assertThat(save("--volume-size", "1M").out()).contains("2 copied, 2 failed");
    add("rancher/late:v1");
    put("rancher/large:v1", images.image(TestImages.AMD64, images.layer("large", 1_100_000)));

    Command second = save("--volume-size", "1M");

    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.out()).contains("1 copied, 2 unchanged, 1 failed");
    assertThat(second.out() + second.err()).contains("give a larger --volume-size");
    assertThat(Command.run("verify", "--archive", output).out()).contains("3 verified");
  }

  /** A gap in a volume is filled in its place; volumes behind it that are whole stay. */
  @Test
  void aBlobThatIsStillMissingKeepsNoLateImageFromItsVolume() throws Exception {
    try (FaultyRegistry faulty = new FaultyRegistry()) {
      TestImages.Layer layer = images.layer("gap", 100_000);
      String gap = ".*/blobs/" + layer.descriptor().digest();
      put(faulty, "rancher/gap", images.image(TestImages.AMD64, layer));
      put(faulty, "rancher/whole", images.image(TestImages.AMD64, images.layer("whole", 1000)));
      Files.write(
          list,
          List.of(
              faulty.name() + "/rancher/gap:v1",
              faulty.name() + "/rancher/late:v1",
              faulty.name() + "/rancher/whole:v1"));
      Object[] volumes = {"--volume-size", "1M", "--retries", 0};
      faulty.on("GET", gap, 2, FaultyRegistry.status(404, ""));
      assertThat(save(volumes).out()).contains("1 copied, 2 failed");

      put(faulty, "rancher/late", images.image(TestImages.AMD64, images.layer("late", 1000)));
      assertThat(save(volumes).out()).contains("2 copied, 1 failed");
      byte[] late = Files.readAllBytes(folder.resolve("rancher-0002.tar"));

      Command third = save(volumes);
      assertThat(third).as(third.out() + third.err()).extracting(Command::exitCode).isEqualTo(0);
      assertThat(folder.resolve("rancher-0002.tar")).hasBinaryContent(late);
      assertThat(save(volumes).out()).contains("complete: ", "3 unchanged");
      assertThat(Command.run("verify", "--archive", output).out()).contains("3 verified");
      Files.delete(folder.resolve("rancher-0002.tar"));
      assertThat(save(volumes).complaint(2)).contains("exists and is not overwritten");
    }
  }

  /** What is there of them stays unfinished, and the volumes before them are not touched. */
  @Test
  void volumesOfLateImagesThatCanNotBeBroughtGetNoName() throws Exception {
    try (FaultyRegistry faulty = new FaultyRegistry()) {
      put(faulty, "rancher/a", images.image(TestImages.AMD64, images.layer("a", 1000)));
      Files.write(
          list, List.of(faulty.name() + "/rancher/a:v1", faulty.name() + "/rancher/late:v1"));
      Object[] volumes = {"--volume-size", "1M", "--retries", 0};
      assertThat(save(volumes).exitCode()).isEqualTo(1);
      byte[] before = Files.readAllBytes(folder.resolve("rancher-0001.tar"));
      TestImages.Layer layer = images.layer("late", 1000);
      put(faulty, "rancher/late", images.image(TestImages.AMD64, layer));
      faulty.on(
          "GET", ".*/blobs/" + layer.descriptor().digest(), 1, FaultyRegistry.status(404, ""));

      assertThat(save(volumes).out()).contains("1 unchanged, 1 failed");
      assertThat(folder.resolve("rancher-0002.tar")).doesNotExist();
      assertThat(Command.run("verify", "--archive", output).out()).contains("1 verified");
      assertThat(save(volumes).exitCode()).isZero();

      assertThat(folder.resolve("rancher-0001.tar")).hasBinaryContent(before);
      assertThat(Command.run("verify", "--archive", output).out()).contains("2 verified");
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
