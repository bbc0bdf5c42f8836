package io.mirrorimages.nodes.check.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.ConfigFinding;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeAttempt;
import io.mirrorimages.nodes.check.NodeReader;
import io.mirrorimages.testing.Authority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configurations as operators write them for Rancher, RKE2 and K3s, right and wrong. */
class WrittenConfigurationsTest {
  private static final String[] RANCHER = {
    "rancher/rancher-agent:v2.8.5", "rancher/fleet:v0.9.5", "rancher/mirrored-pause:3.6"
  };

  @TempDir private Path folder;
  private final FindingLog findings = new FindingLog();

  @Test
  void singleNodeRancherWithAPublicAuthority() throws IOException {
    List<NodeReader> readers =
        readers(
            """
            mirrors:
              docker.io:
                endpoint:
                  - "https://harbor.example.com"
            configs:
              "harbor.example.com":
                auth:
                  username: admin
                  password: Harbor12345
            """,
            RANCHER);
    for (NodeReader reader : readers) {
      NodeAttempt first = first(reader, "rancher/fleet:v0.9.5");
      assertThat(first.url(Reference.parse("rancher/fleet:v0.9.5")))
          .isEqualTo("https://harbor.example.com/v2/rancher/fleet/manifests/v0.9.5");
      assertThat(first.login()).hasToString("user admin");
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void theSameFileThatLostItsIndentation() throws IOException {
    List<NodeReader> readers =
        readers(
            """
            mirrors:
            docker.io:
            endpoint:
            - "https://harbor.example.com"
            configs:
            "harbor.example.com":
            auth:
            username: admin
            password: Harbor12345
            tls:
            ca_file: /etc/ssl/ca.pem
            """,
            RANCHER);
    assertThat(urls(readers.getFirst(), "rancher/fleet:v0.9.5"))
        .containsExactly("https://registry-1.docker.io/v2/rancher/fleet");
    assertThat(names()).contains("flattened", "unknown-key", "not-covered");
    assertThat(findings.all().toString())
        .contains("uses no mirror, login or CA of it")
        .doesNotContain("Harbor12345");
  }

  @Test
  void ownAuthorityWithTheServersCertificateInPlaceOfAClients() throws IOException {
    Authority.Issued server = new Authority(folder).issue("harbor.example.com", true, 30);
    List<NodeReader> readers =
        readers(
            """
            mirrors:
              docker.io:
                endpoint: ["https://harbor.example.com"]
            configs:
              harbor.example.com:
                tls:
                  cert_file: %s
                  key_file: %s
                  ca_file: %s
            """
                .formatted(server.certificate(), server.key(), folder.resolve("ca.pem")),
            RANCHER);
    assertThat(findings.all())
        .singleElement()
        .asString()
        .contains(
            ":8: error: cert_file is the certificate of the server harbor.example.com",
            "[server-certificate]");
    assertThat(first(readers.getFirst(), "rancher/fleet:v1").tls().caFile())
        .contains(folder.resolve("ca.pem"));
  }

  @Test
  void ownAuthorityAsItShouldBe() throws IOException {
    new Authority(folder);
    readers(
        """
        mirrors: {docker.io: {endpoint: ["https://harbor.example.com"]}}
        configs: {harbor.example.com: {tls: {ca_file: %s}}}
        """
            .formatted(folder.resolve("ca.pem")),
        RANCHER);
    assertThat(names()).isEmpty();
  }

  @Test
  void plainHttp() throws IOException {
    List<NodeReader> readers =
        readers(
            """
            mirrors:
              docker.io:
                endpoint:
                  - "http://192.168.1.10:8080"
            """,
            RANCHER);
    for (NodeReader reader : readers) {
      assertThat(urls(reader, "rancher/fleet:v1"))
          .first()
          .isEqualTo("http://192.168.1.10:8080/v2/rancher/fleet");
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void rke2WithARewriteIntoAProject() throws IOException {
    List<NodeReader> readers =
        readers(
            """
            mirrors:
              docker.io:
                endpoint:
                  - "https://harbor.example.com"
                rewrite:
                  "^rancher/(.*)": "mirror/rancher/$1"
            """,
            "rancher/rke2-runtime:v1.31.5-rke2r1",
            "rancher/hardened-etcd:v3",
            "busybox");
    for (NodeReader reader : readers) {
      assertThat(urls(reader, "rancher/hardened-etcd:v3"))
          .first()
          .isEqualTo("https://harbor.example.com/v2/mirror/rancher/hardened-etcd");
    }
    // What no rewrite fits is asked for in a project that Harbor may not have.
    assertThat(findings.all())
        .singleElement()
        .asString()
        .contains("no rewrite fits library/busybox", "[not-covered]");
  }

  @Test
  void rke2WithAnEndpointInAProjectThatHasNoV2() throws IOException {
    readers(
        "mirrors: {docker.io: {endpoint: [\"https://harbor.example.com/rancher-mirror\"]}}",
        RANCHER);
    assertThat(findings.all())
        .singleElement()
        .asString()
        .contains("write https://harbor.example.com/v2/rancher-mirror");
  }

  @Test
  void rke2WithProxyCacheProjects() throws IOException {
    List<NodeReader> readers =
        readers(
            """
            mirrors:
              docker.io:
                endpoint: ["https://harbor.example.com"]
                rewrite: {"^(.*)$": "docker-hub/$1"}
              quay.io:
                endpoint: ["https://harbor.example.com"]
                rewrite: {"^(.*)$": "quay/$1"}
              gcr.k8s.io:
                endpoint: ["https://harbor.example.com"]
                rewrite: {"^(.*)$": "k8s/$1"}
            """,
            "busybox",
            "quay.io/coreos/etcd:v3",
            "registry.k8s.io/pause:3.9");
    assertThat(urls(readers.getFirst(), "busybox"))
        .first()
        .isEqualTo("https://harbor.example.com/v2/docker-hub/library/busybox");
    assertThat(urls(readers.getFirst(), "quay.io/coreos/etcd:v3"))
        .first()
        .isEqualTo("https://harbor.example.com/v2/quay/coreos/etcd");
    // No registry is called gcr.k8s.io.
    assertThat(names()).containsExactlyInAnyOrder("unused-mirror", "not-covered");
  }

  @Test
  void rke2WithASystemDefaultRegistryOverHttp() throws IOException {
    K3sSettings settings = new K3sSettings(false, Optional.of("192.168.1.10:8080"));
    Reference image = settings.renamed(Reference.parse("rancher/hardened-etcd:v3"));
    String file = "mirrors: {docker.io: {endpoint: [\"http://192.168.1.10:8080\"]}}";
    List<NodeReader> readers = readers(file, settings, image.toString());
    assertThat(urls(readers.getFirst(), image.toString()))
        .containsExactly("https://192.168.1.10:8080/v2/rancher/hardened-etcd");
    assertThat(names()).contains("system-default-http", "unused-mirror");
  }

  @Test
  void rke2WithASystemDefaultRegistryOverHttpAsItShouldBe() throws IOException {
    K3sSettings settings = new K3sSettings(false, Optional.of("192.168.1.10:8080"));
    Reference image = settings.renamed(Reference.parse("rancher/hardened-etcd:v3"));
    String file = "mirrors: {\"192.168.1.10:8080\": {endpoint: [\"http://192.168.1.10:8080\"]}}";
    for (NodeReader reader : readers(file, settings, image.toString())) {
      assertThat(urls(reader, image.toString()))
          .first()
          .isEqualTo("http://192.168.1.10:8080/v2/rancher/hardened-etcd");
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void rke2WithASystemDefaultRegistryOverSelfSignedHttps() throws IOException {
    K3sSettings settings = new K3sSettings(false, Optional.of("harbor.example.com"));
    Reference image = settings.renamed(Reference.parse("rancher/hardened-etcd:v3"));
    String file = "configs: {harbor.example.com: {tls: {insecure_skip_verify: true}}}";
    for (NodeReader reader : readers(file, settings, image.toString())) {
      NodeAttempt only = first(reader, image.toString());
      assertThat(only.base()).isEqualTo("https://harbor.example.com/v2");
      assertThat(only.tls()).hasToString("no verification");
    }
  }

  @Test
  void k3sWithACacheAndAnAccelerator() throws IOException {
    List<NodeReader> readers =
        readers(
            """
            mirrors:
              docker.io:
                endpoint:
                  - "http://127.0.0.1:5000"
                  - "https://docker.accelerator.example.com"
            """,
            RANCHER);
    assertThat(urls(readers.getFirst(), "rancher/fleet:v1"))
        .containsExactly(
            "http://127.0.0.1:5000/v2/rancher/fleet",
            "https://docker.accelerator.example.com/v2/rancher/fleet",
            "https://registry-1.docker.io/v2/rancher/fleet");
    assertThat(names()).isEmpty();
  }

  private List<NodeReader> readers(String text, String... images) throws IOException {
    return readers(text, new K3sSettings(false, Optional.empty()), images);
  }

  private List<NodeReader> readers(String text, K3sSettings settings, String... images)
      throws IOException {
    Path file = Files.writeString(folder.resolve("registries.yaml"), text);
    List<Reference> names = Arrays.stream(images).map(Reference::parse).toList();
    List<NodeReader> readers = K3sNode.readers(file, settings, names, findings);
    assertThat(readers).hasSize(2);
    return readers;
  }

  private static NodeAttempt first(NodeReader reader, String image) {
    return reader.resolve(Reference.parse(image)).attempts().getFirst();
  }

  private static List<String> urls(NodeReader reader, String image) {
    return reader.resolve(Reference.parse(image)).attempts().stream()
        .map(attempt -> attempt.base() + "/" + attempt.path())
        .toList();
  }

  private List<String> names() {
    return findings.all().stream().map(ConfigFinding::kind).map(kind -> kind.label()).toList();
  }
}
