package io.mirrorimages.nodes.check.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.ConfigFinding;
import io.mirrorimages.nodes.check.FindingLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where containerd asks by its hosts.toml. */
class CertsTreeTest {
  @TempDir private Path root;
  private final FindingLog findings = new FindingLog();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // address, override_path, what is asked
        "https://h.lan|false|https://h.lan/v2/a/b",
        "h.lan:5000|false|https://h.lan:5000/v2/a/b",
        "https://h.lan/v2|false|https://h.lan/v2/a/b",
        "https://h.lan/v2/proj|true|https://h.lan/v2/proj/a/b",
        "https://h.lan/v2/proj|false|https://h.lan/v2/proj/v2/a/b",
        "https://h.lan/proj|false|https://h.lan/proj/v2/a/b",
        "https://h.lan/proj|true|https://h.lan/proj/a/b",
        "http://h.lan:80|false|http://h.lan:80/v2/a/b"
      })
  void thePathOfAHostIsContainerds(String host, boolean override, String url) throws IOException {
    put("quay.io", "[host.\"%s\"]\noverride_path = %s\n".formatted(host, override));
    assertThat(urls("quay.io/a/b")).containsExactly(url, "https://quay.io/v2/a/b");
    assertThat(names().contains("path-without-v2"))
        .isEqualTo(host.endsWith("proj") != override || host.equals("https://h.lan/proj"));
  }

  /** What ConfigureHosts of containerd 1.7.35 and 2.4.2 makes of the same files. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[host.'https://h.lan/']|https://h.lan//v2/a/b https://quay.io/v2/a/b",
        "[host.'https://h.lan/v2/']|https://h.lan/v2/a/b https://quay.io/v2/a/b",
        "[host.'https://h.lan/v2/x/']%override_path = true|https://h.lan/v2/x/a/b"
            + " https://quay.io/v2/a/b",
        "[host.'https://h.lan']%capabilities = 'pull'|https://quay.io/v2/a/b",
        "[host.'https://h.lan']%capabilities = []|https://h.lan/v2/a/b https://quay.io/v2/a/b",
        "[host.'https://h.lan']%capabilities = ['fetch']|https://quay.io/v2/a/b",
        "server = ''%[host.'https://h.lan']|https://h.lan/v2/a/b https://quay.io/v2/a/b",
        "[host.https://h.lan]|https://quay.io/v2/a/b",
        "[host]|https://quay.io/v2/a/b"
      })
  void theHostsAreThoseOfContainerd(String text, String urls) throws IOException {
    put("quay.io", text.replace('%', '\n').replace('\'', '"') + "\n");
    assertThat(urls("quay.io/a/b")).containsExactly(urls.split(" "));
  }

  @Test
  void aRegistryOnLoopbackIsAskedByHttpsFirst() throws IOException {
    put("quay.io", "server = \"https://a\"\n[host.\"https://a\"]\n");
    assertThat(urls("localhost:5000/a/b"))
        .containsExactly("https://localhost:5000/v2/a/b", "http://localhost:5000/v2/a/b");
    assertThat(urls("localhost/a/b")).containsExactly("https://localhost/v2/a/b");
  }

  @Test
  void theServerIsAskedLastAndStopsTheFallback() throws IOException {
    put(
        "docker.io",
        """
        server = "https://h.lan/v2/hub"
        override_path = true
        [host."https://b"]
        [host."https://a"]
        """);
    assertThat(urls("busybox"))
        .containsExactly(
            "https://b/v2/library/busybox",
            "https://a/v2/library/busybox",
            "https://h.lan/v2/hub/library/busybox");
    assertThat(names()).isEmpty();
  }

  @Test
  void withoutServerTheRegistryItselfIsAsked() throws IOException {
    put("docker.io", "[host.\"https://a\"]\n");
    assertThat(urls("busybox")).last().isEqualTo("https://registry-1.docker.io/v2/library/busybox");
    assertThat(names()).containsExactly("falls-back");
  }

  @Test
  void theFolderOfAPortGoesBeforeTheDefault() throws IOException {
    put("h.io_5000_", "server = \"https://one\"\n[host.\"https://a\"]");
    put("_default", "server = \"https://two\"\n[host.\"https://b\"]");
    assertThat(urls("h.io:5000/x")).containsExactly("https://a/v2/x", "https://one/v2/x");
    assertThat(urls("h.io/x")).containsExactly("https://b/v2/x", "https://two/v2/x");
  }

  @Test
  void anInvalidFileLeavesTheRegistryItself() throws IOException {
    put("quay.io", "[host.\"https://a\"]\ncapabilities = [\"fetch\"]");
    assertThat(urls("quay.io/a/b")).containsExactly("https://quay.io/v2/a/b");
    assertThat(findings.all())
        .singleElement()
        .asString()
        .contains("hosts.toml:2: error: ", "unknown capability", "[invalid-file]");
  }

  @Test
  void aFileWithoutHostsIsDropped() throws IOException {
    put("quay.io", "server = \"https://a\"\n");
    assertThat(urls("quay.io/a/b")).containsExactly("https://quay.io/v2/a/b");
    assertThat(names()).containsExactly("no-host-table");
  }

  @Test
  void anAddressOfIpv6DropsTheFile() throws IOException {
    put("quay.io", "[host.\"https://a\"]\n[host.\"http://[::1]:5000\"]\n");
    assertThat(urls("quay.io/a/b")).containsExactly("https://quay.io/v2/a/b");
    assertThat(findings.all()).singleElement().asString().contains("toml:2: error: ", "IPv6");
  }

  @Test
  void whatIsOddIsFound() throws IOException {
    put("quay.io", "server = \"https://a\"\nrewrite = \"x\"\n");
    put("ghcr.io", "server = \"https://a\"\n[host.\"http://b\"]\nskip_verify = true\n");
    put("gcr.io", "server = \"https://a\"\n[host.\"https://b\"]\ncapabilities = [\"push\"]\n");
    put("a.io", "server = \"https://a\"\n[host.\"https://b\"]\nclient = [[\"c.pem\", \"\"]]\n");
    urls("quay.io/a/b");
    assertThat(names())
        .containsExactlyInAnyOrder(
            "unknown-key",
            "no-host-table",
            "http-with-tls",
            "bad-endpoint",
            "cert-without-key",
            "unreadable-file");
    assertThat(urls("ghcr.io/a/b"))
        .containsExactly("https://b/v2/a/b", "http://b/v2/a/b", "https://a/v2/a/b");
  }

  @Test
  void configTomlHasLoginsAndThePath() {
    ContainerdFile file =
        ContainerdFile.parse(
            "config.toml",
            """
            version = 3
            [plugins."io.containerd.cri.v1.images".registry]
              config_path = "/etc/containerd/certs.d:/etc/docker/certs.d"
            [plugins."io.containerd.cri.v1.images".registry.mirrors."docker.io"]
              endpoint = ["https://m"]
            [plugins."io.containerd.cri.v1.images".registry.configs."h.lan".auth]
              username = "robot$pull"
              password = "hunter2"
            """,
            Optional.empty(),
            findings);
    assertThat(file.configPath()).contains(Path.of("/etc/containerd/certs.d"));
    assertThat(file.logins().get("h.lan")).hasToString("user robot$pull");
    assertThat(names()).containsExactlyInAnyOrder("two-directories", "mirrors-with-config-path");
    assertThat(findings.all().toString()).doesNotContain("hunter2");
  }

  @Test
  void aPasswordThatWasNotPutInIsFound() {
    ContainerdFile.parse(
        "config.toml",
        "[plugins.\"io.containerd.grpc.v1.cri\".registry.configs.\"h.lan\".auth]\n"
            + "username = \"u\"\npassword = \"REPLACE-WITH-PASSWORD\"\n",
        Optional.empty(),
        findings);
    assertThat(findings.all())
        .singleElement()
        .asString()
        .contains("config.toml:3: error: ", "[bad-auth]");
  }

  private void put(String folder, String text) throws IOException {
    Path file = Files.createDirectories(root.resolve(folder)).resolve("hosts.toml");
    Files.writeString(file, text);
  }

  private List<String> urls(String image) {
    return CertsTree.read(root, Map.of(), List.of(), findings)
        .resolve(Reference.parse(image))
        .attempts()
        .stream()
        .map(attempt -> attempt.base() + "/" + attempt.path())
        .toList();
  }

  private List<String> names() {
    return findings.all().stream()
        .map(ConfigFinding::kind)
        .map(kind -> kind.label())
        .filter(name -> !name.equals("falls-back") || findings.all().size() == 1)
        .toList();
  }
}
