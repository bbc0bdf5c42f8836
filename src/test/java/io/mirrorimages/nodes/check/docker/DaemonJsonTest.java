package io.mirrorimages.nodes.check.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.ConfigFile;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeLogins;
import io.mirrorimages.nodes.check.NodeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where Docker asks by its daemon.json. */
class DaemonJsonTest {
  @TempDir private Path empty;
  private final FindingLog findings = new FindingLog();

  @Test
  void mirrorsAreForDockerHubOnly() {
    String file = "{\"registry-mirrors\": [\"https://m.lan\", \"http://n.lan:5000/\"]}";
    assertThat(urls(file, "busybox"))
        .containsExactly(
            "https://m.lan/v2/library/busybox",
            "http://n.lan:5000/v2/library/busybox",
            "https://registry-1.docker.io/v2/library/busybox");
    assertThat(urls(file, "quay.io/a/b")).containsExactly("https://quay.io/v2/a/b");
    assertThat(findings.all()).isEmpty();
  }

  @Test
  void anInsecureRegistryIsTriedOverHttpToo() {
    assertThat(urls("{\"insecure-registries\": [\"h.lan:5000\"]}", "h.lan:5000/a/b"))
        .containsExactly("https://h.lan:5000/v2/a/b", "http://h.lan:5000/v2/a/b");
  }

  @Test
  void aPathOfAMirrorIsFoundAndGetsV2Appended() {
    String file = "{\n\"registry-mirrors\": [\n\"https://m.lan/v2/proj\"]}";
    assertThat(urls(file, "busybox")).first().isEqualTo("https://m.lan/v2/proj/v2/library/busybox");
    assertThat(findings.all()).singleElement().asString().startsWith("d.json:3: error: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"registry-mirrors\": [\"m.lan\"]}|invalid-file",
        "{\"registry-mirrors\": [\"https://u:hunter2@m.lan\"]}|invalid-file",
        "{\"registry-mirrors\": \"https://m.lan\"}|invalid-file",
        "{\"registry-mirrors\": [|invalid-file",
        "{\"insecure-registries\": [\"http://h.lan\"]}|bad-endpoint"
      })
  void aFileIsWrong(String file, String expected) {
    parse(file);
    assertThat(findings.all())
        .singleElement()
        .satisfies(finding -> assertThat(finding.kind().label()).isEqualTo(expected));
    assertThat(findings.all().toString()).doesNotContain("hunter2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "registry-mirror|unknown-key|write \"registry-mirrors\"",
        "insecure-registry|unknown-key|write \"insecure-registries\"",
        "registry-mirorrs|invalid-file|write \"registry-mirrors\"",
        "Registry_Mirrors|invalid-file|write \"registry-mirrors\"",
        "mirrors|invalid-file|is no key of daemon.json: Docker",
        "graph|removed-key|from 24 on"
      })
  void anUnknownKeyIsFoundWithItsLineAndTheKeyThatIsMeant(String key, String kind, String hint) {
    parse("{\n\"debug\": true,\n\"%s\": [\"https://m.lan\"]\n}".formatted(key));
    assertThat(findings.all())
        .singleElement()
        .asString()
        .startsWith("d.json:3: ")
        .contains(hint, "[" + kind + "]");
  }

  @Test
  void keysInAnObjectAreNotRead() {
    String file = "{\"registry\": {\n\"registry-mirrors\": [\"https://m.lan\"]}}";
    assertThat(urls(file, "busybox")).hasSize(1);
    assertThat(findings.all()).singleElement().asString().startsWith("d.json:1: error: \"registry");
  }

  @Test
  void objectsThatBelongThereAreNotLookedInto() {
    parse(
        "{\"proxies\": {\"http-proxy\": \"http://p\"}, \"log-opts\": {\"max-size\": \"1m\"},"
            + " \"runtimes\": {\"x\": {\"path\": \"y\"}}, \"builder\": {\"gc\": {\"enabled\":"
            + " true}}}");
    assertThat(findings.all()).isEmpty();
  }

  @Test
  void theContainerdStoreReadsHostsFilesOfEveryRegistry() throws IOException {
    hosts(
        "quay.io",
        "server = 'https://m.lan/v2/quay'\noverride_path = true\n[host.'https://m.lan']\n");
    hosts("docker.io", "server = 'https://hub.lan'\n[host.'https://hub.lan']\n");
    Path auth =
        Files.writeString(
            empty.resolve("config.json"),
            "{\"auths\": {\"ghcr.io\": {\"auth\": \"YTpodW50ZXIx\"}}}");
    String file =
        "{\"registry-mirrors\": [\"https://n.lan/x/v2\"],"
            + " \"features\": {\"containerd-snapshotter\": true}}";
    NodeReader reader =
        DaemonJson.parse(
                new ConfigFile("d.json", file),
                empty,
                NodeLogins.read(auth, findings),
                List.of(),
                findings)
            .getFirst();
    assertThat(reader.label()).isEqualTo("Docker, containerd image store");
    assertThat(urls(reader, "quay.io/a"))
        .containsExactly("https://m.lan/v2/a", "https://m.lan/v2/quay/a");
    // One host only: registry-mirrors come before it.
    assertThat(urls(reader, "busybox"))
        .containsExactly(
            "https://n.lan/x/v2/library/busybox",
            "https://hub.lan/v2/library/busybox",
            "https://hub.lan/v2/library/busybox");
    assertThat(reader.resolve(Reference.parse("ghcr.io/a")).attempts())
        .singleElement()
        .satisfies(attempt -> assertThat(attempt.login().user()).isEqualTo("a"));
  }

  @Test
  void bothStoresAnswerWhereHostsFilesAreThereAndTheFileDoesNotSayWhich() throws IOException {
    hosts("_default", "server = 'https://m.lan'\n[host.'https://m.lan']\n");
    assertThat(parse("{}")).extracting(NodeReader::label).hasSize(2).doesNotHaveDuplicates();
    assertThat(findings.all()).isEmpty();
    assertThat(parse("{\"features\": {\"containerd-snapshotter\": false}}"))
        .extracting(NodeReader::label)
        .containsExactly("Docker (daemon.json)");
    assertThat(findings.all()).singleElement().asString().contains("[no-effect]");
  }

  private void hosts(String registry, String text) throws IOException {
    Path folder = Files.createDirectories(empty.resolve(registry));
    Files.writeString(folder.resolve("hosts.toml"), text);
  }

  @Test
  void imagesOfOtherRegistriesAreNotCovered() {
    DaemonJson.parse(
        new ConfigFile("d.json", "{\"registry-mirrors\": [\"https://m.lan\"]}"),
        empty,
        NodeLogins.NONE,
        List.of(Reference.parse("busybox"), Reference.parse("quay.io/a/b")),
        findings);
    assertThat(findings.all()).singleElement().asString().contains("1 image of quay.io");
  }

  private List<String> urls(String file, String image) {
    return urls(parse(file).getFirst(), image);
  }

  private static List<String> urls(NodeReader reader, String image) {
    return reader.resolve(Reference.parse(image)).attempts().stream()
        .map(attempt -> attempt.base() + "/" + attempt.path())
        .toList();
  }

  private List<NodeReader> parse(String file) {
    return DaemonJson.parse(
        new ConfigFile("d.json", file), empty, NodeLogins.NONE, List.of(), findings);
  }
}
