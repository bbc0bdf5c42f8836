package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What list and diff print of lists, archives and inventories. */
class ListDiffTest {
  private static final String SHELL = "docker.io/rancher/sample-shell:v0.1.0";
  private static final String CHART = "docker.io/rancher/charts/sample-chart:1.2.3_up0.1.0";

  @TempDir private static Path folder;
  private static Path sample;
  private static Path inventory;

  @BeforeAll
  static void make() throws Exception {
    sample = folder.resolve("sample.tar");
    assertThat(Command.run("sample", "--output", sample).exitCode()).isZero();
    inventory =
        Files.writeString(folder.resolve("sample.json"), Command.run("inventory", sample).out());
  }

  @Test
  void namesAreOnesThatAListTakes() throws Exception {
    Command listed = Command.run("list", sample);

    assertThat(listed.exitCode()).isZero();
    assertThat(listed.out().lines()).hasSize(6).startsWith(SHELL).endsWith(CHART);
    Path list = Files.writeString(folder.resolve("all.txt"), listed.out());
    assertThat(Command.run("list", list).out()).isEqualTo(listed.out());
    assertThat(Command.run("list", inventory).out()).isEqualTo(listed.out());
    assertThat(Command.run("list", "--archive", sample).out()).isEqualTo(listed.out());
    assertThat(Command.run("list", "-l", list).out()).isEqualTo(listed.out());
    assertThat(Command.run("list").complaint(2)).contains("nothing to list: name archives");
    assertThat(Command.run("list", list, sample, inventory).out().lines())
        .containsExactlyInAnyOrderElementsOf(listed.out().lines().toList());
  }

  @Test
  void namesWithoutATagAreToldOnceAndNotPrinted() throws Exception {
    Path list = Files.writeString(folder.resolve("untagged.txt"), "a/b\na/c\na/d:1\n");
    Command listed = Command.run("list", list);

    assertThat(listed.out().lines())
        .containsExactly("docker.io/a/b:latest", "docker.io/a/c:latest", "docker.io/a/d:1");
    assertThat(listed.err())
        .hasLineCount(1)
        .contains("2 images of the list without a tag, so latest is meant: docker.io/a/b:latest");
    assertThat(Command.run("diff", list, list).err()).hasLineCount(2);
    Command verified = Command.run("verify", sample, "--list", list);
    assertThat(verified.err()).containsOnlyOnce("2 images of the list without a tag");
  }

  @Test
  void digestsPinTheImagesOfAList() throws Exception {
    Command listed = Command.run("list", "--digests", sample);

    assertThat(listed.line(SHELL)).matches(SHELL + " sha256:[0-9a-f]{64}");
    Path list = Files.writeString(folder.resolve("pinned.txt"), listed.out());
    assertThat(Command.run("list", "--digests", list).out()).isEqualTo(listed.out());
    assertThat(Command.run("verify", "--archive", sample, "--list", list).out())
        .contains("6 verified");
  }

  @Test
  void sizesAreBytesBeforeTheName() throws Exception {
    Command listed = Command.run("list", "--sizes", sample);

    assertThat(listed.line(SHELL)).matches("1[67]\\d{5}\t" + SHELL);
    assertThat(Command.run("list", "--sizes", inventory).out()).isEqualTo(listed.out());
    Path list = Files.writeString(folder.resolve("one.txt"), SHELL + "\n");
    assertThat(Command.run("list", "--sizes", list).out()).isEqualTo("-\t" + SHELL + "\n");
    String json = Command.run("list", "--json", sample).out();
    assertThat(
            Json.MAPPER
                .readTree(json.getBytes(StandardCharsets.UTF_8))
                .get(0)
                .get("size")
                .asString())
        .isEqualTo(listed.line(SHELL).split("\t")[0]);
  }

  @Test
  void whatIsNeitherIsOneLine() throws Exception {
    assertThat(Command.run("list", folder.resolve("none.txt")).complaint(2)).contains("none.txt");
    assertThat(Command.run("list", folder.resolve("none.tar")).complaint(2))
        .contains("none.tar does not exist");
    assertThat(Command.run("diff", sample).complaint(2)).contains("NEW");
    Path json = Files.writeString(folder.resolve("other.json"), "{\"images\": [\"a/b:1\"]}");
    assertThat(Command.run("list", json).complaint(3))
        .contains("is JSON, but no inventory of an archive", "a list has one name a line");
    assertThat(Command.run("diff", sample, json).complaint(3)).contains("is JSON, but");
    Path array = Files.writeString(folder.resolve("array.json"), "[\"a/b:1\"]");
    assertThat(Command.run("diff", sample, array).complaint(2)).contains("jq -r '.[]'");
  }

  @Test
  void differencesAreAddedRemovedAndChanged() throws Exception {
    List<String> pinned = Command.run("list", "--digests", sample).out().lines().toList();
    String other = "sha256:" + "0".repeat(64);
    Path list =
        Files.write(
            folder.resolve("new.txt"),
            List.of(
                SHELL + " " + other,
                pinned.get(1),
                pinned.get(2).split(" ")[0],
                "rancher/added:v1"));
    Command compared = Command.run("diff", sample, list);

    assertThat(compared.exitCode()).isZero();
    assertThat(compared.out().lines())
        .containsExactly(
            "+ docker.io/rancher/added:v1",
            "- " + CHART,
            "- docker.io/rancher/mirrored-sample-pause:3.6",
            "~ " + SHELL + "  " + pinned.getFirst().split(" ")[1] + " -> " + other,
            "- docker.io/rancher/sample-webhook:v0.1.0");
    assertThat(Command.run("diff", "--exit-code", sample, list).exitCode()).isEqualTo(1);
    Command same = Command.run("diff", "--exit-code", sample, inventory);
    assertThat(same.exitCode()).isZero();
    assertThat(same.out()).isEmpty();
  }
}
