package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.Skopeo;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Archives in volumes, deltas, and archives that are replaced, between real registries. */
class VolumesIT {
  @TempDir private Path folder;
  private final TestImages images = new TestImages();
  private final Map<String, Manifest> made = new LinkedHashMap<>();
  private DockerRegistry upstream;
  private DockerRegistry harbor;

  @BeforeEach
  void startRegistries() throws IOException {
    upstream = DockerRegistry.open();
    harbor = DockerRegistry.open();
    TestImages.Layer base = images.layer("base", 200_000);
    for (int i = 0; i < 4; i++) {
      add("rancher/a" + i + ":v1", base, images.layer("a" + i, 300_000));
    }
  }

  @AfterEach
  void stop() {
    upstream.close();
    harbor.close();
  }

  @Test
  void volumesAreCarriedOneByOneAndTheOutcomeNamesTheMissingOnes() throws Exception {
    Path list = list("images.txt", made.keySet());
    Command dryRun =
        mirror("save", "--list", list, "-o", "rancher.tar", "--volume-size", "1M", "--dry-run");
    assertThat(dryRun.out()).containsPattern("volumes +2");
    Command save = mirror("save", "--list", list, "-o", "rancher.tar", "--volume-size", "1M");
    assertThat(save).as(save.err()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(folder.resolve("rancher-0001.tar")).exists();
    assertThat(folder.resolve("rancher-0003.tar")).doesNotExist();
    assertThat(Files.readAllLines(folder.resolve("SHA256SUMS"))).hasSize(2);
    assertThat(mirror("save", "--list", list, "-o", "rancher.tar", "--volume-size", "1M"))
        .satisfies(again -> assertThat(again.out()).contains("complete: ", "4 unchanged"));
    // The file that was in use is the archive's, not one of another name.
    assertThat(mirror("save", "--list", list, "-o", "rancher.tar", "--volume-size", "2M"))
        .satisfies(again -> assertThat(again.complaint(2)).contains("rancher-0001.tar exists"));
    assertThat(mirror("verify", "--archive", folder.resolve("rancher-*.tar")).exitCode()).isZero();
    assertThat(mirror("verify", "--archive", folder.resolve("rancher-0002.tar")))
        .satisfies(
            part -> {
              assertThat(part.exitCode()).as(part.out() + part.err()).isZero();
              assertThat(part.out())
                  .contains("volume 2 of 2 is whole (", "not given: volume 1 of 2");
              assertThat(part.out()).doesNotContain("failed").contains("waiting");
            });
    assertDamageIsOneLine();

    Command second = load("rancher-0002.tar");
    assertThat(second.exitCode()).isEqualTo(4);
    assertThat(second.err()).contains("volume 1 of 2");
    assertThat(second.err().lines()).hasSize(1);
    assertThat(second.out()).doesNotContain("failed").doesNotContain("volume 1");
    Command first = load("rancher-0001.tar");
    assertThat(first).as(first.out()).extracting(Command::exitCode).isEqualTo(0);
    assertAllShown();
    assertThat(load("rancher-*.tar").out()).contains("4 unchanged");
    assertThat(load("rancher.tar").out()).contains("4 unchanged");

    Command inspect = Command.run("inspect", "--json", folder.resolve("rancher-0002.tar"));
    JsonNode report = Json.parse(inspect.out().getBytes(StandardCharsets.UTF_8), "the report");
    assertThat(report.get("missingVolumes").get(0).asString()).isEqualTo("volume 1 of 2");
  }

  @Test
  void aDeltaIsSavedFromAnInventoryAndLoadedOnTopOfItsBase() throws Exception {
    Path before = list("before.txt", made.keySet());
    assertThat(mirror("save", "--list", before, "-o", "full.tar").exitCode()).isZero();
    Command inventory = Command.run("inventory", folder.resolve("full.tar"));
    assertThat(inventory.exitCode()).isZero();
    Files.writeString(folder.resolve("inv.json"), inventory.out());
    add("rancher/a0:v2", images.layer("base", 200_000), images.layer("new", 1000));
    Path after = list("after.txt", made.keySet());

    Command save =
        mirror("save", "--list", after, "-o", "delta.tar", "--base", folder.resolve("inv.json"));
    assertThat(save).as(save.err()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(save.out())
        .containsPattern("delta.tar: [^\n]*, 5 images, id ")
        .doesNotContain("9 images");
    assertThat(Files.size(folder.resolve("delta.tar"))).isLessThan(60_000);
    assertThat(mirror("verify", "--archive", folder.resolve("delta.tar")).exitCode()).isZero();

    Command tooEarly = load("delta.tar");
    assertThat(tooEarly.exitCode()).isEqualTo(1);
    assertThat(tooEarly.complaints())
        .singleElement(STRING)
        .contains("full.tar", "load that first")
        .contains(images.layer("base", 200_000).descriptor().digest().toString());
    assertThat(load("full.tar").exitCode()).isZero();
    Command onTop = load("delta.tar");
    assertThat(onTop).as(onTop.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(onTop.out()).contains("4 unchanged");
    assertAllShown();

    DockerRegistry other = DockerRegistry.open();
    try {
      Command together =
          mirror(
              "load",
              "--archive",
              folder.resolve("delta.tar"),
              folder.resolve("full.tar"),
              "--registry",
              other.name());
      assertThat(together).as(together.out()).extracting(Command::exitCode).isEqualTo(0);
    } finally {
      other.close();
    }
  }

  private void assertDamageIsOneLine() throws IOException {
    Path damaged = folder.resolve("damaged.tar");
    byte[] bytes = Files.readAllBytes(folder.resolve("rancher-0002.tar"));
    bytes[bytes.length - 5000] ^= 1;
    Files.write(damaged, bytes);
    Command verify = mirror("verify", "--archive", damaged);
    assertThat(verify.exitCode()).isEqualTo(1);
    assertThat(verify.out().lines().filter(line -> line.contains("corrupt: "))).hasSize(1);
    assertThat(verify.out()).doesNotContain("is whole");
    Files.delete(damaged);
  }

  @Test
  void severalArchivesAreLoadedAndVerifiedTogether() throws Exception {
    List<String> names = List.copyOf(made.keySet());
    Path some = list("some.txt", names.subList(0, 2));
    Path others = list("others.txt", names.subList(2, names.size()));
    assertThat(mirror("save", "--list", some, "-o", "a.tar").exitCode()).isZero();
    assertThat(mirror("save", "--list", others, "-o", "b.tar", "--volume-size", "1M").exitCode())
        .isZero();
    Object[] both = {"--archive", folder.resolve("a.tar"), folder.resolve("b.tar")};

    Command verify = mirror("verify", both[0], both[1], both[2]);
    assertThat(verify.out()).contains(names.size() + " verified");
    assertThat(mirror("load", both[0], both[1], both[2], "--registry", harbor.name()).exitCode())
        .isZero();
    assertAllShown();
  }

  @Test
  void anArchiveIsReplacedOnlyWhenTold() throws Exception {
    Path list = list("images.txt", made.keySet());
    assertThat(mirror("save", "--list", list, "-o", "rancher.tar").exitCode()).isZero();
    Path other = list("other.txt", List.of(made.keySet().iterator().next()));
    assertThat(mirror("save", "--list", other, "-o", "rancher.tar").complaint(2))
        .contains("--overwrite");
    Path delta = folder.resolve("rancher.tar");
    assertThat(
            mirror("save", "--list", list, "-o", delta, "--base", delta, "--overwrite")
                .complaint(2))
        .contains("is the --base too");
    byte[] old = Files.readAllBytes(folder.resolve("rancher.tar"));
    add("rancher/small:v1", images.layer("small", 1000));
    list("images.txt", made.keySet());

    Command again = mirror("save", "--list", list, "-o", "rancher.tar", "--overwrite");
    assertThat(again).as(again.err()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(folder.resolve("rancher.tar").toFile().length()).isGreaterThan(old.length);
    assertThat(load("rancher.tar").exitCode()).isZero();
    assertAllShown();
  }

  @Test
  void badVolumesAndBasesAreOneLine() throws Exception {
    Path list = list("images.txt", made.keySet());
    assertThat(mirror("save", "--list", list, "-o", "r.tar", "--volume-size", "4X").complaint(2))
        .contains("--volume-size")
        .contains("give a size");
    assertThat(mirror("save", "--list", list, "-o", "r.tar", "--volume-size", "200k").complaint(2))
        .contains("does not fit")
        .contains("--volume-size");
    assertThat(mirror("save", "--list", list, "-o", "r.tar", "--base", list).complaint(3))
        .contains("images.txt");
    assertThat(mirror("save", "--list", list, "-o", "r.tar", "--base", "no.json").complaint(2))
        .contains("no.json does not exist");
    Files.writeString(folder.resolve("bad.json"), "{\"inventory\":1}");
    assertThat(
            mirror("save", "--list", list, "-o", "r.tar", "--base", folder.resolve("bad.json"))
                .complaint(3))
        .contains("is no inventory");
    assertThat(load("nothing-*.tar").complaint(2)).contains("no file is called like");
    assertThat(Files.list(folder)).noneMatch(file -> file.toString().contains(".partial"));
  }

  private Manifest add(String name, TestImages.Layer... layers) throws IOException {
    Manifest manifest = images.image(TestImages.AMD64, layers);
    made.put(name, manifest);
    try (Registries registries = new Registries(RegistrySettings.defaults())) {
      images.store(images.plan(upstream.name() + "/" + name, manifest), registries.asTarget());
    }
    return manifest;
  }

  private Path list(String file, Iterable<String> names) throws IOException {
    List<String> lines = new ArrayList<>();
    names.forEach(name -> lines.add(upstream.name() + "/" + name));
    return Files.write(folder.resolve(file), lines);
  }

  private Command load(String archive) {
    return mirror("load", "--archive", folder.resolve(archive), "--registry", harbor.name());
  }

  private Command mirror(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of(arguments));
    int output = all.indexOf("-o");
    if (output >= 0) {
      all.set(output + 1, folder.resolve(all.get(output + 1).toString()));
    }
    all.addAll(List.of("--failed", folder.resolve("failed.txt")));
    return Command.run(all.toArray());
  }

  private void assertAllShown() throws Exception {
    for (Map.Entry<String, Manifest> image : made.entrySet()) {
      String name = "docker://" + harbor.name() + "/" + image.getKey();
      assertThat(Digest.sha256(Skopeo.run("inspect", "--raw", "--tls-verify=false", name)))
          .isEqualTo(image.getValue().digest());
    }
  }
}
