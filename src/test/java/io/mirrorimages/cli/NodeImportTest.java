package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.job.carry.ToolTarballs;
import io.mirrorimages.serve.ArchiveServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code save --for} takes of a list, and what it says to do with the archive. */
class NodeImportTest {
  private static final String CHART = "rancher/charts/sample-chart";

  @TempDir private static Path shared;
  private static ArchiveReader sample;
  private static ArchiveServer server;

  @TempDir private Path folder;
  private Path list;

  @BeforeAll
  static void serve() throws Exception {
    Path archive = shared.resolve("sample.tar");
    assertThat(Command.run("sample", "--output", archive).exitCode()).isZero();
    sample = ArchiveReader.open(archive);
    server =
        ArchiveServer.start(sample, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterAll
  static void close() throws Exception {
    server.close();
    sample.close();
  }

  @BeforeEach
  void writeList() throws Exception {
    list = Files.write(folder.resolve("list.txt"), images());
  }

  private static List<String> images() {
    String host = "127.0.0.1:" + server.address().getPort();
    return sample.images().stream()
        .map(image -> image.name().toString().replace("docker.io", host))
        .toList();
  }

  private Command save(Object... more) {
    List<Object> words = new ArrayList<>(List.of("save", "--list", list));
    Collections.addAll(words, "--output", folder.resolve("rancher.tar"));
    Collections.addAll(words, "--platform", "linux/amd64");
    Collections.addAll(words, "--failed", folder.resolve("failed.txt"));
    Collections.addAll(words, more);
    return Command.run(words.toArray());
  }

  @Test
  void aChartIsLeftOutAndNamed() throws Exception {
    Command saved = save("--for", "rke2");

    assertThat(saved.exitCode()).as(saved.err()).isZero();
    assertThat(saved.out())
        .contains(
            "it is no container image, but \"application/vnd.cncf.helm.config.v1+json\"",
            "left out, since nodes import container images only: 127.0.0.1:",
            CHART,
            "no rancher/rke2-runtime in the list");
    try (ArchiveReader made = ArchiveReader.open(folder.resolve("rancher.tar"))) {
      assertThat(made.images())
          .hasSize(sample.images().size() - 1)
          .noneMatch(image -> image.name().toString().contains(CHART));
    }
    assertThat(save("--for", "rke2").out()).contains("nothing to do", "install -D ");
  }

  @Test
  void theArchiveGoesToTheFolderOfTheNodesAndIntoNoRegistry() {
    assertThat(save("--for", "k3s").out())
        .contains(
            "then, on each node, as root: install -D -m 0600 rancher.tar"
                + " /var/lib/rancher/k3s/agent/images/rancher.tar",
            "then, on each node, as root: systemctl restart k3s (agents: k3s-agent)")
        .doesNotContain("mirror-images load");
  }

  @Test
  void whatIsCarriedBesideItNamesThatFolderToo() throws Exception {
    Path tool = ToolTarballs.make(folder.resolve("made"), "mirror-images-9.9.9", true);
    Path sheet = folder.resolve("sheet.txt");

    Command saved = save("--for", "rke2", "--with-tool=" + tool, "--carry-sheet", sheet);

    assertThat(saved.exitCode()).as(saved.err()).isZero();
    assertThat(folder.resolve("rancher-load.txt"))
        .content()
        .contains(
            "  # on each node, as root:\n  install -D -m 0600 rancher.tar /var/lib/rancher/rke2/",
            "mirror-images nodes rke2 --preload says more; README.md is",
            "不经过仓库")
        .doesNotContain("mirror-images load", "HOST");
    assertThat(sheet)
        .content()
        .contains("then on each node, as root:\n  install -D -m 0600 rancher.tar /var/lib/rancher/")
        .doesNotContain("load --archive");
  }

  @Test
  void anArchiveWithAChartIsNotTakenForOneThatNodesImport() throws Exception {
    assertThat(save().out()).contains("mirror-images load --archive rancher.tar");

    assertThat(save("--for", "k3s").complaint(2)).contains("rancher.tar exists");
  }

  @Test
  void aPlanNamesItAndAListOfNothingElseFails() throws Exception {
    assertThat(save("--for", "k3s", "--dry-run").out()).contains("images skipped       1");
    Files.write(list, images().stream().filter(name -> name.contains(CHART)).toList());

    Command saved = save("--for", "k3s");

    assertThat(saved.complaint(1)).contains("the list has no container image");
    assertThat(folder.resolve("rancher.tar")).doesNotExist();
  }
}
