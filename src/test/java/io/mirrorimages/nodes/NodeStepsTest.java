package io.mirrorimages.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.naming.Mapping;
import io.mirrorimages.nodes.rancher.ImportedArchive;
import io.mirrorimages.nodes.rancher.RancherDistribution;
import io.mirrorimages.nodes.system.NodeSystems;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps and scripts of all kinds, as they are read, copied and run. */
class NodeStepsTest {
  private static final String CA = "/etc/my certs/ca's.pem";
  private static final Pattern COPIED = Pattern.compile("`([^`]*)`");

  /** How commands begin. */
  private static final Pattern COMMAND =
      Pattern.compile(
          "\\b(systemctl [a-z]+|install -|docker (pull|run|login|exec|logs)|podman"
              + " (pull|login)|crictl pull|talosctl [a-z]+|kubectl|kubeadm (init|config)|minikube"
              + " (start|ssh)|isula (pull|login)|nerdctl (pull|login)|curl -|zot verify|ctr"
              + " (images|version)|kind create|k0s (airgap|ctr)|touch /|chown|base64 [-/]|pr -|sh"
              + " [a-z]+-)");

  @TempDir private Path folder;

  static Iterable<String> kinds() {
    return NodeSystems.names();
  }

  private static List<NodeSetup> setups(String kind) {
    List<NodeSetup> setups = new ArrayList<>();
    List<Repository> images =
        Stream.of("quay.io/coreos/etcd:v3", "docker.io/rancher/shell:v1")
            .map(Reference::parse)
            .map(Reference::repository)
            .toList();
    for (Mapping.Layout layout : List.of(Mapping.Layout.FLAT, Mapping.Layout.BY_REGISTRY)) {
      boolean flat = layout == Mapping.Layout.FLAT;
      if (kind.equals("isula") && !flat) {
        continue;
      }
      String place = "h.io:8443" + (flat && !kind.equals("isula") ? "/proj" : "");
      Destination destination = Destination.parse(place).with(new Mapping(layout, List.of()));
      List<Repository> listed = flat ? List.of() : images;
      Optional<String> user = Optional.of("robot$a b");
      setups.add(new NodeSetup(destination, false, Optional.of(CA), false, user, false, listed));
      setups.add(
          new NodeSetup(
              destination, true, Optional.empty(), false, Optional.empty(), true, listed));
    }
    return setups;
  }

  private static List<NodeConfiguration> configurations(String kind) throws Exception {
    List<NodeConfiguration> all = new ArrayList<>();
    for (NodeSetup setup : setups(kind)) {
      all.add(NodeSystems.find(kind).orElseThrow().configure(setup));
    }
    return all;
  }

  private static List<String> sentences(NodeConfiguration configuration) {
    return Stream.concat(configuration.steps().stream(), configuration.remarks().stream()).toList();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void eachKindSaysHowToCheckIt(String kind) throws Exception {
    for (NodeConfiguration configuration : configurations(kind)) {
      assertThat(configuration.steps())
          .anyMatch(step -> step.matches(".*Check\\b.*: `.*") || step.contains("Check that"));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void eachCommandCanBeCopiedFromOneLine(String kind) throws Exception {
    for (NodeConfiguration configuration : configurations(kind)) {
      List<String> lines = ConfigurationText.notes("purpose", configuration);
      for (String sentence : sentences(configuration)) {
        assertThat(COPIED.matcher(sentence).replaceAll("")).doesNotContainPattern(COMMAND);
        Matcher copied = COPIED.matcher(sentence);
        while (copied.find()) {
          assertThat(lines).anyMatch(line -> line.contains(copied.group()));
        }
      }
    }
  }

  @Test
  void theGuideToImportIsLikeThat() {
    for (RancherDistribution of : List.of(RancherDistribution.K3S, RancherDistribution.RKE2)) {
      for (String sentence : sentences(new ImportedArchive(of).guide())) {
        assertThat(COPIED.matcher(sentence).replaceAll("")).doesNotContainPattern(COMMAND);
      }
    }
  }

  /** Also a path with a blank and a quotation mark is one word. */
  @Test
  void commandsAndScriptsAreThoseOfAPosixShell() throws Exception {
    List<String> files = scripts();

    assertThat(files).hasSizeGreaterThan(6);
    assertThat(Path.of(files.getLast()))
        .content()
        .contains("install -D -m 0644 '/etc/my certs/ca'\\''s.pem' ");
    for (String script : files) {
      run(List.of("sh", "-n", script));
    }
  }

  @Test
  void shellcheckFindsNothingInThem() throws Exception {
    assumeTrue(canRun("shellcheck"), "needs shellcheck");

    // The $ of a robot's name is meant as it stands.
    List<String> words = new ArrayList<>(List.of("shellcheck", "--shell=sh", "--exclude=SC2016"));
    words.addAll(scripts());
    run(words);
  }

  /** The scripts of all kinds, and the commands of all steps in one more. */
  private List<String> scripts() throws Exception {
    List<String> files = new ArrayList<>();
    StringBuilder commands = new StringBuilder("#!/bin/sh\n");
    for (String kind : NodeSystems.names()) {
      for (NodeConfiguration configuration : configurations(kind)) {
        for (NodeFile file : configuration.files()) {
          if (file.text().startsWith("#!/bin/sh\n")) {
            Path script = folder.resolve(kind + files.size() + ".sh");
            files.add(Files.writeString(script, file.text()).toString());
          }
        }
        for (String step : configuration.steps()) {
          COPIED
              .matcher(step)
              .results()
              .map(found -> found.group(1))
              .filter(copied -> COMMAND.matcher(copied).find())
              .forEach(command -> commands.append(command).append('\n'));
        }
      }
    }
    files.add(Files.writeString(folder.resolve("steps.sh"), commands).toString());
    return files;
  }

  private static boolean canRun(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
  }

  private static void run(List<String> words) throws Exception {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", words, out).isZero();
  }
}
