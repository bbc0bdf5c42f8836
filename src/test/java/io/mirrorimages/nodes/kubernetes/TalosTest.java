package io.mirrorimages.nodes.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.naming.Mapping;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSetups;
import org.junit.jupiter.api.Test;

/**
 * The texts below were loaded and validated by Talos' own types, of 1.13 and of 1.11; those of
 * August 2026 take them too, with the certificate put in as the steps say.
 */
class TalosTest {
  private static final NodeSetup BY_REGISTRY =
      NodeSetups.of("h.io:8443", Mapping.Layout.BY_REGISTRY, "busybox");

  @Test
  void documentsEndWhereTheCertificateIsAppended() throws Exception {
    NodeConfiguration configuration =
        new TalosNodes().configure(NodeSetups.guarded(BY_REGISTRY, "robot$p", "/ca.pem"));

    assertThat(NodeSetups.file(configuration, "talos-registries.yaml"))
        .isEqualTo(
            """
            apiVersion: v1alpha1
            kind: RegistryMirrorConfig
            name: "docker.io"
            endpoints:
              - url: "https://h.io:8443/v2/docker.io"
                overridePath: true
            skipFallback: true
            ---
            apiVersion: v1alpha1
            kind: RegistryAuthConfig
            name: "h.io:8443"
            username: "robot$p"
            password: "REPLACE-WITH-PASSWORD"
            ---
            apiVersion: v1alpha1
            kind: RegistryTLSConfig
            name: "h.io:8443"
            ca: |-
            """);
    assertThat(NodeSetups.file(configuration, "talos-registries-before-1.12.yaml"))
        .isEqualTo(
            """
            machine:
              registries:
                mirrors:
                  "docker.io":
                    endpoints:
                      - "https://h.io:8443/v2/docker.io"
                    overridePath: true
                    skipFallback: true
                config:
                  "h.io:8443":
                    auth:
                      username: "robot$p"
                      password: "REPLACE-WITH-PASSWORD"
                    tls:
                      # The PEM file, encoded once more in base64.
                      ca: |-
            """);
    assertThat(configuration.files()).allMatch(file -> file.mode().equals(NodeFile.PRIVATE));
    assertThat(configuration.steps()).anyMatch(step -> step.contains("pr -t -o 4 /ca.pem >>"));
  }

  @Test
  void everyRegistryIsNamedByAStarAndPathsStayWithoutAProject() throws Exception {
    assertThat(
            TalosText.documents(
                NodeSetups.withFallback(NodeSetups.of("h.io", Mapping.Layout.FLAT))))
        .isEqualTo(
            """
            apiVersion: v1alpha1
            kind: RegistryMirrorConfig
            name: "*"
            endpoints:
              - url: "https://h.io\"\
            """);
  }

  /** With TLS settings Talos pulls nothing from an endpoint with http. */
  @Test
  void anEndpointWithHttpHasNoTlsSettings() throws Exception {
    NodeSetup http = NodeSetups.byHttp(NodeSetups.guarded(BY_REGISTRY, "u", "/ca.pem"));

    assertThat(TalosText.documents(http)).contains("http://h.io").doesNotContain("TLS", "ca:");
    assertThat(TalosText.machine(http)).contains("http://h.io").doesNotContain("tls", "ca:");
  }

  @Test
  void renamedRepositoriesAreRefusedWithWhatToDo() {
    assertThatThrownBy(
            () -> new TalosNodes().configure(NodeSetups.mapped("h.io", "^a/=b/", "a/x", "c/d")))
        .hasMessageContaining("Talos finds images of a registry below one path only")
        .hasMessageContaining("docker.io/a/x as b/x");
  }
}
