package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.image.Json;
import io.mirrorimages.serve.ArchiveServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What inspect says of an archive, of a delta, and of one image. */
class InspectTest {
  private static final Instant WRITTEN = Instant.parse("2026-03-04T12:34:56Z");
  private static final String SHELL = "docker.io/rancher/sample-shell:v0.1.0";

  @TempDir private static Path folder;
  private static Path sample;
  private static Path base;
  private static Path delta;

  /** A base of the first two images of the sample, and a delta on top of it with all. */
  @BeforeAll
  static void save() throws Exception {
    sample = folder.resolve("sample.tar");
    base = folder.resolve("base.tar");
    delta = folder.resolve("delta.tar");
    assertThat(Command.run("sample", "--output", sample).exitCode()).isZero();
    try (ArchiveReader archive = ArchiveReader.open(sample);
        ArchiveServer server =
            ArchiveServer.start(
                archive, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      String host = "127.0.0.1:" + server.address().getPort();
      List<String> names =
          archive.images().stream()
              .map(image -> image.name().toString().replace("docker.io", host))
              .toList();
      save(Files.write(folder.resolve("first.txt"), names.subList(0, 2)), base);
      save(Files.write(folder.resolve("all.txt"), names), delta, "--base", base);
    }
    Files.setLastModifiedTime(base, FileTime.from(WRITTEN));
    Files.setLastModifiedTime(sample, FileTime.from(WRITTEN));
  }

  private static void save(Path list, Path output, Object... more) {
    Command saved =
        Command.run(
            Stream.concat(
                    Stream.of(
                        "save",
                        "--list",
                        list,
                        "--output",
                        output,
                        "--failed",
                        folder.resolve("failed.txt")),
                    Stream.of(more))
                .toArray());
    assertThat(saved.exitCode()).as(saved.err()).isZero();
  }

  private static String written() {
    return "written "
        + DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm")
            .format(WRITTEN.atZone(ZoneId.systemDefault()));
  }

  private static JsonNode json(Command command) {
    return Json.parse(command.out().getBytes(StandardCharsets.UTF_8), "it");
  }

  @Test
  void itSaysIdSizeAndDate() {
    Command inspected = Command.run("inspect", sample);

    assertThat(inspected.exitCode()).isZero();
    assertThat(inspected.line("on disk")).contains(sample.toString(), "2.2 MB", written());
    String id = json(Command.run("inventory", sample)).get("id").asString();
    assertThat(inspected.line("archive  ")).endsWith(id);
    assertThat(inspected.out()).doesNotContain("delta ", "base ");
  }

  @Test
  void ofADeltaItSaysWhatItHoldsAndWhatItsBaseHas() {
    Command inspected = Command.run("inspect", delta);

    assertThat(inspected.line("base  ")).contains("base.tar (", written());
    assertThat(inspected.line("delta  ")).matches("delta +holds .* kB, needs .* that its base has");
    JsonNode facts = json(Command.run("inspect", "--json", delta));
    assertThat(facts.get("held").asLong() + facts.get("neededFromBases").asLong())
        .isEqualTo(facts.get("bytes").asLong());
    assertThat(facts.get("held").asLong()).isLessThan(facts.get("fileBytes").asLong());
    assertThat(facts.get("bases").get(0).get("file").asString()).isEqualTo("base.tar");
    Command both = Command.run("inspect", delta, base);
    assertThat(both.line("delta  ")).endsWith("with its base");
  }

  @Test
  void itSorts() {
    assertThat(firstOf("name")).contains("sample-chart");
    assertThat(firstOf("size")).contains("sample-shell:v0.1.0");
    assertThat(firstOf("shared")).contains("sample-shell:v0.1.0");
    assertThat(Command.run("inspect", sample).out().lines().skip(1).findFirst().orElseThrow())
        .contains("sample-shell:v0.1.0");
    assertThat(Command.run("inspect", "--sort", "age", sample).complaint(2))
        .contains("--sort", "name|size|shared");
  }

  private static String firstOf(String order) {
    return Command.run("inspect", "--sort", order, sample)
        .out()
        .lines()
        .skip(1)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void itShowsOneImageWithPlatformsAndLayers() {
    Command inspected = Command.run("inspect", sample, "sample-shell:v0.1.0");

    assertThat(inspected.exitCode()).as(inspected.err()).isZero();
    assertThat(inspected.out()).startsWith(SHELL + "\n");
    assertThat(inspected.line("linux/arm64")).contains("created ", "sha256:");
    assertThat(inspected.line("1.1 MB  sha256:")).endsWith("4 images");
    JsonNode image = json(Command.run("inspect", "--json", sample, SHELL));
    assertThat(image.get("parts")).hasSize(2);
    assertThat(image.get("parts").get(0).get("layers").get(0).get("images").asInt()).isEqualTo(4);
  }

  @Test
  void itFindsAnImageByItsDigest() {
    String digest =
        json(Command.run("inspect", "--json", sample))
            .get("images")
            .get(0)
            .get("digest")
            .asString();

    assertThat(Command.run("inspect", sample, digest).out()).startsWith(SHELL + "\n");
  }

  @Test
  void aNameThatMeansNoneOrSeveralIsAUsageError() {
    assertThat(Command.run("inspect", sample, "sample-shell").complaint(2))
        .contains("is more than one image", SHELL, "v0.2.0");
    assertThat(Command.run("inspect", sample, "rancher/sample-shell:v9").complaint(2))
        .contains("has no image", "it has " + SHELL);
    assertThat(Command.run("inspect", sample, folder.resolve("missing.tar")).complaint(2))
        .contains("missing.tar does not exist");
  }

  @Test
  void aTreeHasIndexManifestsConfigsAndLayers() {
    Command inspected = Command.run("inspect", "--tree", sample, SHELL);

    List<String> lines = inspected.out().lines().toList();
    assertThat(lines.getFirst()).isEqualTo(SHELL);
    assertThat(lines.get(1)).contains("index  ");
    assertThat(lines.get(2)).contains("manifest linux/amd64  ");
    assertThat(lines.get(3)).contains("config  ");
    assertThat(lines.get(4)).contains("layer  1.1 MB  sha256:");
    assertThat(inspected.out()).contains("attestation ");
    assertThat(Command.run("inspect", "--tree", sample).out().lines().filter(l -> !l.contains(" ")))
        .hasSize(6);
  }
}
