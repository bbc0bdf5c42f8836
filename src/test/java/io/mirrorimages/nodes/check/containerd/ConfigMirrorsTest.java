package io.mirrorimages.nodes.check.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Where containerd asks by the mirrors of its config.toml, as registryEndpoints of its CRI plugin
 * (1.7.35 and 2.4.2) has it.
 */
class ConfigMirrorsTest {
  private static final String REGISTRY = "plugins.\"io.containerd.grpc.v1.cri\".registry";

  private final FindingLog findings = new FindingLog();

  @Test
  void theMirrorsAreAskedBeforeTheRegistryItself() {
    NodeReader reader =
        read(
            """
            [%1$s.mirrors."docker.io"]
              endpoint = ["https://a.lan", "b.lan:8443/v2/hub", "localhost:5000"]
            [%1$s.mirrors."*"]
              endpoint = ["http://any.lan"]
            """);
    assertThat(urls(reader, "busybox"))
        .containsExactly(
            "https://a.lan/v2/library/busybox",
            "https://b.lan:8443/v2/hub/library/busybox",
            "http://localhost:5000/v2/library/busybox",
            "https://registry-1.docker.io/v2/library/busybox");
    assertThat(urls(reader, "quay.io/a/b"))
        .containsExactly("http://any.lan/v2/a/b", "https://quay.io/v2/a/b");
    assertThat(findings.all()).singleElement().asString().contains("c.toml:1: ", "[old-mirrors]");
  }

  @Test
  void anEndpointOfTheRegistrysOwnNameTakesItsPlace() {
    NodeReader reader = read("[%1$s.mirrors.\"h.lan:5000\"]\nendpoint = [\"http://h.lan:5000\"]\n");
    assertThat(urls(reader, "h.lan:5000/a/b")).containsExactly("http://h.lan:5000/v2/a/b");
  }

  @Test
  void loginAndCertificatesAreThoseOfTheEndpoint() {
    NodeReader reader =
        read(
            """
            [%1$s.mirrors."quay.io"]
              endpoint = ["https://h.lan"]
            [%1$s.configs."h.lan".auth]
              username = "puller"
              password = "hunter2"
            [%1$s.configs."h.lan".tls]
              insecure_skip_verify = true
            """);
    assertThat(reader.resolve(Reference.parse("quay.io/a/b")).attempts().getFirst())
        .satisfies(first -> assertThat(first.login()).hasToString("user puller"))
        .satisfies(first -> assertThat(first.tls()).hasToString("no verification"));
  }

  @Test
  void aPathTakesThePlaceOfTheRoot() {
    NodeReader reader =
        read("[%1$s.mirrors.\"quay.io\"]\nendpoint = [\"https://h.lan/\", \"https://h.lan/p\"]\n");
    assertThat(urls(reader, "quay.io/a/b"))
        .containsExactly("https://h.lan/a/b", "https://h.lan/p/a/b", "https://quay.io/v2/a/b");
    assertThat(findings.all().toString())
        .contains("https://h.lan/ takes the place of /v2: leave it out", "write /v2/p");
  }

  @Test
  void whatCannotBeUsedIsFound() {
    read(
        "[%1$s.mirrors.\"quay.io\"]\n"
            + "endpoint = []\n"
            + "[%1$s.mirrors.\"a.b\"]\n"
            + "endpoint = [\"ftp://c\"]\n");
    assertThat(findings.all().toString())
        .contains("c.toml:1: warning: the mirror of \"quay.io\" has no endpoint [no-endpoint]")
        .contains("c.toml:4: error: \"ftp://c\": it is neither https nor http", "[bad-endpoint]");
  }

  @Test
  void withoutMirrorsTheRegistryItselfIsAsked() {
    assertThat(urls(read("[%1$s]\nconfig_path = \"\"\n"), "quay.io/a/b"))
        .containsExactly("https://quay.io/v2/a/b");
    assertThat(findings.all())
        .singleElement()
        .asString()
        .contains("c.toml:2: error: config_path is empty", "[no-effect]");
  }

  @Test
  void aTreeTakesThePlaceOfMirrorsThatAreNotThere() {
    Optional<Path> tree = Optional.of(Path.of("certs.d"));
    assertThat(ContainerdFile.parse("c.toml", "version = 3\n", tree, findings).mirrors()).isEmpty();
    assertThat(findings.all()).isEmpty();
  }

  private NodeReader read(String text) {
    return ContainerdFile.parse("c.toml", text.formatted(REGISTRY), Optional.empty(), findings)
        .mirrors()
        .orElseThrow();
  }

  private static List<String> urls(NodeReader reader, String image) {
    return reader.resolve(Reference.parse(image)).attempts().stream()
        .map(attempt -> attempt.base() + "/" + attempt.path())
        .toList();
  }
}
