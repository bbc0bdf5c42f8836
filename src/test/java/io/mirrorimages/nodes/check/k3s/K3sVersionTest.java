package io.mirrorimages.nodes.check.k3s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.ConfigFinding;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeAttempt;
import io.mirrorimages.nodes.check.NodeReader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What depends on the version of K3s or RKE2, and its embedded registry. */
class K3sVersionTest {
  private static final String MIRROR =
      """
      mirrors:
        docker.io:
          endpoint: ["https://h.lan"]
          rewrite: {"^(.*)$": "hub/$1"}
      """;
  private static final Reference IMAGE = Reference.parse("rancher/shell:v1");

  @ParameterizedTest
  @CsvSource({
    "v1.33.9+rke2r1, false",
    "v1.33.10+rke2r1, true",
    "v1.34.5, false",
    "1.36.0, true",
    "v1.40.0-k3s1, true",
    "v1.30.99, false"
  })
  void aFeatureHasAFirstPatchOfEachMinorVersion(String version, boolean has) {
    assertThat(K3sVersion.parse(version).has(K3sVersion.DEFAULT_WITH_PATH)).isEqualTo(has);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "latest", "v2.9.4", "1.31", "v1.31.5+rke2", "v1.31.5+k3s1 x"})
  void whatIsNoVersionIsRefused(String text) {
    assertThatThrownBy(() -> K3sVersion.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPathInSystemDefaultRegistryDependsOnTheVersionOfRke2() {
    assertThat(kinds(settings("h.lan/proj", ""))).containsExactly(FindingKind.VERSION_DEPENDENT);
    assertThat(kinds(settings("h.lan/proj", "v1.34.5+rke2r1")))
        .containsExactly(FindingKind.NEEDS_NEWER_VERSION);
    assertThat(kinds(settings("h.lan/proj", "v1.34.6+rke2r1"))).isEmpty();
    assertThat(kinds(settings("h.lan/proj", "v1.31.5+k3s1"))).isEmpty();
  }

  @Test
  void oldVersionsKnowNoSwitchAndNoEmbeddedRegistry() {
    Optional<K3sVersion> old = Optional.of(K3sVersion.parse("v1.26.12+k3s1"));
    assertThat(kinds(new K3sSettings(true, Optional.empty(), true, old)))
        .containsExactly(
            FindingKind.NEEDS_NEWER_VERSION,
            FindingKind.NEEDS_NEWER_VERSION,
            FindingKind.VERSION_DEPENDENT);
    Optional<K3sVersion> first = Optional.of(K3sVersion.parse("v1.26.13+k3s1"));
    assertThat(kinds(new K3sSettings(true, Optional.empty(), true, first))).isEmpty();
  }

  @Test
  void endpointsThereTwiceLoseTheMirrorInSomeVersions() {
    String file = "mirrors: {\"*\": {endpoint: [\"https://h.lan\", \"https://h.lan/v2\"]}}";
    assertThat(kinds(file, settings("", "v1.29.1+k3s1")))
        .contains(FindingKind.NEEDS_NEWER_VERSION, FindingKind.VERSION_DEPENDENT);
    assertThat(kinds(file, settings("", "v1.29.3+k3s1")))
        .doesNotContain(FindingKind.NEEDS_NEWER_VERSION, FindingKind.VERSION_DEPENDENT);
  }

  @Test
  void theBootstrapOfOldVersionsRewritesAlsoAtTheRegistryItself() {
    assertThat(urls(1, MIRROR, settings("", "v1.31.0+rke2r1")))
        .containsExactly(
            "https://h.lan/v2/hub/rancher/shell/manifests/v1",
            "https://index.docker.io/v2/hub/rancher/shell/manifests/v1");
    assertThat(urls(1, MIRROR, settings("", "v1.31.5+rke2r1")))
        .endsWith("https://index.docker.io/v2/rancher/shell/manifests/v1");
  }

  @Test
  void theEmbeddedRegistryIsAskedFirstAndByNamesAsTheyAre() {
    Optional<K3sVersion> rke2 = Optional.of(K3sVersion.parse("v1.33.1+rke2r1"));
    K3sSettings embedded = new K3sSettings(true, Optional.empty(), true, rke2);
    assertThat(urls(0, MIRROR, embedded))
        .containsExactly(
            "https://127.0.0.1:9345/v2/rancher/shell/manifests/v1",
            "https://h.lan/v2/hub/rancher/shell/manifests/v1");
    String bare = "mirrors: {docker.io: }";
    K3sSettings newest = new K3sSettings(true, Optional.empty(), true, Optional.empty());
    assertThat(urls(0, bare, newest))
        .containsExactly("https://127.0.0.1:6443/v2/rancher/shell/manifests/v1");
    assertThat(kinds(bare, newest)).isEmpty();
    NodeAttempt first =
        readers(bare, newest, new FindingLog()).getFirst().resolve(IMAGE).attempts().getFirst();
    assertThat(first.refusal().orElseThrow()).contains("on a node only");
    // Without a mirror of its name a registry is not shared.
    assertThat(urls(0, "mirrors: {quay.io: }", newest))
        .containsExactly("https://registry-1.docker.io/v2/rancher/shell/manifests/v1");
  }

  private static K3sSettings settings(String systemDefault, String version) {
    return new K3sSettings(
        false,
        Optional.of(systemDefault).filter(text -> !text.isEmpty()),
        false,
        Optional.of(version).filter(text -> !text.isEmpty()).map(K3sVersion::parse));
  }

  private static List<FindingKind> kinds(K3sSettings settings) {
    return kinds(MIRROR, settings);
  }

  private static List<FindingKind> kinds(String file, K3sSettings settings) {
    FindingLog findings = new FindingLog();
    readers(file, settings, findings);
    return findings.all().stream().map(ConfigFinding::kind).toList();
  }

  private static List<String> urls(int reader, String file, K3sSettings settings) {
    return readers(file, settings, new FindingLog()).get(reader).resolve(IMAGE).attempts().stream()
        .map(attempt -> attempt.url(IMAGE))
        .toList();
  }

  private static List<NodeReader> readers(String file, K3sSettings settings, FindingLog findings) {
    K3sRegistries read = K3sFile.parse("f", file, findings).orElseThrow();
    return K3sNode.readers(read, settings, List.of(IMAGE), findings);
  }
}
