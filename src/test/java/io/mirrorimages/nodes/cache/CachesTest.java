package io.mirrorimages.nodes.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.Json;
import io.mirrorimages.naming.Mapping;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSetups;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Caches in front of the private registry; NodeFilesIT starts a real one. distribution 3.1.2 and
 * zot 2 (August 2026) have served images by these files, with the digests of the registry: https
 * with an authority of its own, login, and a project.
 */
class CachesTest {
  private static final NodeSetup PLAIN = NodeSetups.of("h.io/proj", Mapping.Layout.FLAT);
  private static final NodeSetup GUARDED = NodeSetups.guarded(PLAIN, "robot$p", "/etc/ca.pem");

  /** zot refuses maxRetries without retryDelay, and preserveDigest without compat. */
  @Test
  void zotKeepsDigestsAndHasWhatItWantsTogether() throws Exception {
    NodeConfiguration configuration = new ZotCache().configure(GUARDED);
    JsonNode config = json(NodeSetups.file(configuration, "/etc/zot/config.json"));
    JsonNode sync = config.at("/extensions/sync");
    JsonNode registry = sync.at("/registries/0");

    assertThat(config.at("/http/compat/0").asString()).isEqualTo("docker2s2");
    assertThat(registry.at("/preserveDigest").asBoolean()).isTrue();
    assertThat(registry.has("maxRetries")).isEqualTo(registry.has("retryDelay")).isTrue();
    assertThat(registry.at("/urls/0").asString()).isEqualTo("https://h.io");
    assertThat(registry.at("/content/0/prefix").asString()).isEqualTo("proj/**");
    assertThat(registry.at("/certDir").asString()).isEqualTo("/etc/zot/sync-certificates");
    String credentials = sync.at("/credentialsFile").asString();
    assertThat(json(NodeSetups.file(configuration, credentials)).at("/h.io/username").asString())
        .isEqualTo("robot$p");
    assertThat(configuration.files().get(1).mode()).isEqualTo(NodeFile.PRIVATE);
  }

  @Test
  void zotWithoutAUserHasNoFileOfCredentials() throws Exception {
    NodeConfiguration configuration =
        new ZotCache().configure(NodeSetups.of("h.io", Mapping.Layout.FLAT));

    assertThat(configuration.files()).hasSize(1);
    assertThat(configuration.files().getFirst().text())
        .contains("\"prefix\" : \"**\"")
        .doesNotContain("credentialsFile", "certDir");
  }

  @Test
  void distributionCachesTheRegistryAsAWhole() throws Exception {
    NodeConfiguration configuration = new DistributionCache().configure(GUARDED);

    assertThat(NodeSetups.file(configuration, "/etc/docker/registry/config.yml"))
        .contains("proxy:\n", "  remoteurl: \"https://h.io\"\n", "  username: \"robot$p\"\n");
    assertThat(configuration.files().getFirst().mode()).isEqualTo(NodeFile.PRIVATE);
    assertThat(configuration.steps())
        .anyMatch(step -> step.contains("SSL_CERT_FILE=/etc/ca.pem"))
        .anyMatch(step -> step.contains("with registry CACHE:5000/proj"));
  }

  @Test
  void distributionCanNotLeaveCertificatesUnverified() {
    NodeSetup unverified =
        new NodeSetup(
            PLAIN.destination(),
            false,
            Optional.empty(),
            true,
            Optional.empty(),
            false,
            PLAIN.repositories());

    assertThatThrownBy(() -> new DistributionCache().configure(unverified))
        .hasMessageContaining("always verifies");
  }

  @Test
  void harborMakesAProjectForEachRegistry() throws Exception {
    String script =
        NodeSetups.file(
            new HarborProxy()
                .configure(
                    NodeSetups.of(
                        "h.io", Mapping.Layout.BY_REGISTRY, "quay.io/a/b", "x/y", "ghcr.io/c")),
            "harbor-proxy-cache.sh");

    assertThat(script)
        .contains(
            """
            endpoint docker.io docker-hub https://hub.docker.com
            project docker.io '"true"'

            endpoint ghcr.io github-ghcr https://ghcr.io
            project ghcr.io '"true"'

            endpoint quay.io docker-registry https://quay.io
            project quay.io '"true"'
            """);
  }

  @Test
  void aProjectOfHarborCachesOneRegistryOnly() {
    assertThatThrownBy(
            () ->
                new HarborProxy()
                    .configure(NodeSetups.of("h.io/p", Mapping.Layout.FLAT, "a/b", "q.io/c")))
        .hasMessageContaining("docker.io and q.io both at p")
        .hasMessageContaining("by-registry");
    assertThatThrownBy(
            () -> new HarborProxy().configure(NodeSetups.of("h.io", Mapping.Layout.FLAT)))
        .hasMessageContaining("not docker.io without one: give");
    assertThatThrownBy(
            () ->
                new HarborProxy()
                    .configure(NodeSetups.of("h.io/p", Mapping.Layout.BY_REGISTRY, "a/b")))
        .hasMessageContaining("docker.io at p/docker.io");
  }

  private static JsonNode json(String text) {
    return Json.MAPPER.readTree(text);
  }
}
