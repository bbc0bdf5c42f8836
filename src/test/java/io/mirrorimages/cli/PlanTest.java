package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.serve.ArchiveServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What plan says before a run. */
class PlanTest {
  @TempDir private Path folder;

  @Test
  void aSaveIsPlannedWithWhatItNeedsAndNothingIsWritten() throws Exception {
    Path sample = folder.resolve("sample.tar");
    assertThat(Command.run("sample", "--output", sample).exitCode()).isZero();
    try (ArchiveReader archive = ArchiveReader.open(sample);
        ArchiveServer server =
            ArchiveServer.start(
                archive, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      String host = "127.0.0.1:" + server.address().getPort();
      Path list =
          Files.write(
              folder.resolve("list.txt"),
              archive.images().stream()
                  .map(image -> image.name().toString().replace("docker.io", host))
                  .toList());
      Path output = folder.resolve("out.tar");
      Object[] save = {
        "save", "--list", list, "--output", output, "--max-rate", "100k", "--volume-size", "1300k"
      };
      Command dryRun =
          Command.run(Stream.concat(Stream.of(save), Stream.of("--dry-run")).toArray());
      Command plan =
          Command.run(
              Stream.of(
                      Stream.of("plan"),
                      Stream.of(save),
                      Stream.of(
                          "--stick-size", "2G", "--limit", host + ":requests=999/h,bytes=1M/d"))
                  .flatMap(words -> words)
                  .toArray());

      assertThat(plan.exitCode()).as(plan.err()).isZero();
      assertThat(plan.out().lines()).containsAll(dryRun.out().lines().toList());
      assertThat(plan.out()).containsPattern("(?m)^to move +2.2 MB of 6.2 MB;");
      assertThat(plan.line("time  ")).contains("23 s at 100 kB/s").doesNotContain("assumed");
      assertThat(plan.out())
          .containsPattern("(?m)^limit +" + host + " requests=999/h: \\d+ requests, within it$")
          .containsPattern("(?m)^limit +" + host + " bytes=1M/d: 2.2 MB: at least 48 h 00 min$");
      assertThat(plan.line("large  ")).contains("1.7 MB", "/rancher/sample-shell:v0.1.0");
      assertThat(plan.line("volumes  ")).endsWith(" 2");
      assertThat(plan.line("sticks  ")).endsWith(" 1");
      assertThat(plan.line("free on its disk")).contains("B)");
      assertThat(dryRun.out()).doesNotContain("large  ", "sticks  ");
      Command json =
          Command.run(
              Stream.concat(Stream.of(save), Stream.of("--dry-run", "-q", "--log-format=json"))
                  .toArray());
      assertThat(json.out().lines())
          .allMatch(line -> line.startsWith("{\"time\":"))
          .filteredOn(line -> line.contains("\"event\":\"image-planned\""))
          .hasSize(6);
      assertThat(json.out())
          .contains("\"event\":\"plan\",\"images\":6", "\"message\":\"volumes: 2\"", "run-ended");
      try (var files = Files.list(folder)) {
        assertThat(files.map(Path::getFileName).map(Path::toString))
            .containsExactlyInAnyOrder("sample.tar", "sample.txt", "list.txt");
      }
    }
  }

  @Test
  void aLoadIntoAFolderIsPlannedAtAnAssumedRate() {
    Path sample = folder.resolve("sample.tar");
    assertThat(Command.run("sample", "--output", sample).exitCode()).isZero();

    Command plan = Command.run("plan", "load", sample, "--registry", "oci:" + folder.resolve("x"));

    assertThat(plan.exitCode()).as(plan.err()).isZero();
    assertThat(plan.line("time  ")).contains("at 10 MB/s (assumed: --max-rate");
    assertThat(plan.out()).doesNotContain("counted pull");
  }

  /** As for a dry run. */
  @Test
  void aMistakeLeavesTheReportOfAnEarlierRunAlone() {
    Path report = folder.resolve("report.json");

    Command plan = Command.run("plan", "save", "--lst", "x", "--report", report);

    assertThat(plan.complaint(2))
        .contains("did you mean --list?")
        .endsWith("(try mirror-images help plan save)");
    assertThat(report).doesNotExist();
  }

  @Test
  void aMisspeltCommandIsNamedWithTheOneThatWasMeant() {
    assertThat(Command.run("plan", "sve").complaint(2))
        .contains("unknown command \"plan sve\": did you mean save?");
    assertThat(Command.run("plan", "--list", "x").complaint(2))
        .contains("as in mirror-images plan save --list");
  }

  @Test
  void whatIsNotNamedIsAUsageError() {
    assertThat(Command.run("plan").complaint(2)).contains("plan save, plan load or plan sync");
  }
}
