package io.mirrorimages.nodes.check.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mirrorimages.nodes.check.ConfigFile;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeLogins;
import io.mirrorimages.nodes.check.NodeReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What check takes for a daemon.json that Docker starts with, against the real dockerd (tried with
 * Debian's 20.10.24). It reads the file, and then fails at its folders, which can't be made: no
 * daemon comes up, and nothing is mounted.
 */
class DaemonJsonIT {
  private static final String NO_FOLDER = "/proc/no-folder";

  @TempDir private Path folder;

  @BeforeEach
  void findDocker() {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "dockerd"))),
        "needs dockerd");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"debug\": true",
        "[]",
        "{\"registry-mirrors\": [\"https://m.invalid\"]}",
        "{\"registry-mirrors\": \"https://m.invalid\"}",
        "{\"registry-mirrors\": null}",
        "{\"registry-mirrors\": [1]}",
        "{\"registry-mirror\": [\"https://m.invalid\"]}",
        "{\"registry-mirorrs\": [\"https://m.invalid\"]}",
        "{\"Registry-Mirrors\": [\"https://m.invalid\"]}",
        "{\"registry\": {\"registry-mirrors\": [\"https://m.invalid\"]}}",
        "{\"registry\": {\"url\": \"https://m.invalid\"}}",
        "{\"insecure-registries\": [\"http://m.invalid\"]}",
        "{\"insecure-registry\": [\"m.invalid\"]}",
        "{\"log-opts\": {\"max-size\": \"10m\"}}",
        "{\"features\": {\"containerd-snapshotter\": true}}",
        "{\"swarm-raft-election-tick\": 3}",
        "{\"containerd-plugin-namespace\": \"a\"}",
        "{\"graph\": \"/a\"}"
      })
  void dockerdRefusesTheSameFiles(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("daemon.json"), text);
    FindingLog findings = new FindingLog();

    String log = dockerd(file);
    List<NodeReader> readers =
        DaemonJson.parse(
            ConfigFile.read(file), folder.resolve("none"), NodeLogins.NONE, List.of(), findings);

    assertThat(log).containsAnyOf("unable to configure the Docker daemon", NO_FOLDER);
    assertThat(readers.isEmpty()).as(log).isEqualTo(log.contains("unable to configure"));
  }

  private String dockerd(Path config) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "dockerd",
                "--config-file",
                config.toString(),
                "--data-root",
                NO_FOLDER,
                "--exec-root",
                NO_FOLDER,
                "--pidfile",
                NO_FOLDER)
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    try (InputStream in = process.getInputStream()) {
      String log = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return log;
    }
  }
}
