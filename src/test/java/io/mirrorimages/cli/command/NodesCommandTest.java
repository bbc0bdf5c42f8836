package io.mirrorimages.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.cli.Command;
import io.mirrorimages.nodes.system.NodeSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Nodes get what their system needs to pull from the private registry. */
class NodesCommandTest {
  static Iterable<String> kinds() {
    return NodeSystems.names();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void eachKindNamesTheRegistryAndWhatToDo(String kind) {
    Command command =
        Command.run(
            "nodes",
            kind,
            "-r",
            kind.equals("isula") ? "h.io" : "h.io/proj",
            "--username",
            "robot$pull");

    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(command.out()).contains("h.io").contains("# To do:\n# 1. ");
    assertThat(command.out().lines().filter(line -> line.startsWith("#")))
        .allMatch(line -> line.length() <= 120 || line.matches("# +`[^`]+`|# [a-z]+ .*\\.\\.\\."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "k3 | did you mean k3s",
        "rke | did you mean rke2",
        "nothing-alike | it is one of ",
        "'' | it is one of "
      })
  void anUnknownKindNamesThoseThatAreNear(String kind, String hint) {
    assertThat(Command.run("nodes", kind, "-r", "h.io").complaint(2)).contains(hint);
  }

  @Test
  void oneKindHasToBeNamed() {
    assertThat(Command.run("nodes", "-r", "h.io").complaint(2))
        .contains("no kind of nodes: name one of ", "k3s, ");
    assertThat(Command.run("nodes", "k3s", "rke2", "-r", "h.io").complaint(2))
        .contains("more than");
    assertThat(Command.run("nodes", "k3s").complaint(2)).contains("--registry");
  }

  @Test
  void aKindBehindTheListsIsNoList(@TempDir Path folder) throws Exception {
    Path list = Files.writeString(folder.resolve("l"), "quay.io/a/b:1\n");

    Command command =
        Command.run("nodes", "-r", "h.io", "--mapping", "by-registry", "--list", list, "k3s");

    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(command.out()).contains("  \"quay.io\":\n", "\"^(.*)$\": \"quay.io/$1\"");
  }

  @Test
  void namesThatDependOnTheImagesNeedTheList() {
    assertThat(Command.run("nodes", "k3s", "-r", "h.io", "--mapping", "rancher").complaint(2))
        .contains("--mapping rancher", "add --list FILE");
  }

  @Test
  void filesAreWrittenAsATreeAndNeverChanged(@TempDir Path folder) throws Exception {
    Path tree = folder.resolve("tree");
    Object[] words = {"nodes", "k3s", "-r", "h.io", "--output", tree};

    Command first = Command.run(words);

    Path file = tree.resolve("etc/rancher/k3s/registries.yaml");
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.out()).contains("systemctl restart k3s", file.toString());
    assertThat(file).content().startsWith("mirrors:\n").endsWith("\n");
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    assertThat(tree.resolve("etc/rancher/k3s/config.yaml.d/50-mirror-images.yaml"))
        .hasContent("disable-default-registry-endpoint: true");
    assertThat(Command.run(words).exitCode()).isZero();

    Files.writeString(file, "mine");
    assertThat(Command.run(words).complaint(2)).contains(file.toString(), "exists");
    assertThat(file).hasContent("mine");
  }

  @Test
  void importWithoutARegistryIsExplainedForThoseThatCan() {
    assertThat(Command.run("nodes", "k3s", "--preload").out())
        .contains("/var/lib/rancher/k3s/agent/images", ".cache.json");
    assertThat(Command.run("nodes", "kind", "--preload").complaint(2)).contains("k3s and rke2");
    assertThat(Command.run("nodes", "k3s", "--preload", "-r", "h.io", "--fallback").complaint(2))
        .contains("has no use for --registry, --fallback: run it alone");
  }

  @Test
  void httpGoesWithoutCertificates() {
    assertThat(
            Command.run("nodes", "k3s", "-r", "http://h.io", "--ca-file", "/ca.pem").complaint(2))
        .contains("--plain-http goes without --ca-file");
  }

  @Test
  void aFolderIsNoRegistryOfNodes() {
    assertThat(Command.run("nodes", "--help").out())
        .contains("--registry=HOST[/PROJECT]", "The registry that nodes pull from")
        .doesNotContain("oci:DIR");
    assertThat(Command.run("nodes", "k3s", "-r", "oci:d").complaint(2))
        .contains("nodes pull from a registry, and not from oci:d");
  }

  @Test
  void nodesMayFallBackToTheOriginalRegistry() {
    assertThat(Command.run("nodes", "rke2", "-r", "h.io", "--fallback").out())
        .contains("/etc/rancher/rke2/registries.yaml")
        .doesNotContain("disable-default-registry-endpoint");
  }

  @Test
  void thePasswordIsPutInByHand() {
    assertThat(Command.run("nodes", "rke2", "-r", "h.io", "--username", "robot$pull").out())
        .contains(
            "      username: \"robot$pull\"\n      password: \"REPLACE-WITH-PASSWORD\"\n",
            "Replace REPLACE-WITH-PASSWORD in /etc/rancher/rke2/registries.yaml");
  }
}
