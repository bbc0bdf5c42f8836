package io.mirrorimages.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "busybox, docker.io/library/busybox:latest",
    "busybox:1.36, docker.io/library/busybox:1.36",
    "rancher/shell:v0.1.24, docker.io/rancher/shell:v0.1.24",
    "docker.io/busybox, docker.io/library/busybox:latest",
    "index.docker.io/rancher/shell:1, docker.io/rancher/shell:1",
    "registry-1.docker.io/shell:1, docker.io/library/shell:1",
    "quay.io/jetstack/cert-manager-ctl:v1.11.0, quay.io/jetstack/cert-manager-ctl:v1.11.0",
    "registry.k8s.io/pause:3.6, registry.k8s.io/pause:3.6",
    "localhost/a:1, localhost/a:1",
    "localhost:5000/a:1, localhost:5000/a:1",
    "harbor.example.com:8443/p/a/b/c:1, harbor.example.com:8443/p/a/b/c:1",
    "[::1]:5000/a:1, [::1]:5000/a:1",
    "Harbor.Example.com/a:1, harbor.example.com/a:1",
    "rancher/charts/rancher-monitoring:105.1.0_up61.3.2,"
        + " docker.io/rancher/charts/rancher-monitoring:105.1.0_up61.3.2",
    "weaveworks/a__b:1, docker.io/weaveworks/a__b:1",
    "a/b---c:1, docker.io/a/b---c:1"
  })
  void normalisesNames(String written, String normalised) {
    assertThat(Reference.parse(written)).hasToString(normalised);
    assertThat(Reference.parse(normalised)).isEqualTo(Reference.parse(written));
  }

  @Test
  void keepsTagAndDigest() {
    Reference both = Reference.parse("rancher/shell:v1@" + DIGEST);

    assertThat(both).hasToString("docker.io/rancher/shell:v1@" + DIGEST);
    assertThat(both.fetchName()).isEqualTo(DIGEST);
    assertThat(both.storeName()).isEqualTo("v1");
    assertThat(Reference.parse("rancher/shell@" + DIGEST).storeName()).isEqualTo(DIGEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":1",
        "a:",
        "a@",
        "a@sha256:abc",
        "/a",
        "a/",
        "a//b",
        "a b",
        "rancher/Shell:1",
        "a_-b/c",
        "-a",
        "a-",
        "rancher/shell:-1",
        "rancher/shell:a:b",
        "https://a.example/b:1",
        "a.example:99999/b",
        "a.example:port/b",
        "../a",
        "a/../b",
        "rancher/shell@sha256:../../etc",
        "rancher/shell:v1@v2",
        "a.example/",
        "Foo/bar:1",
        "é:1",
        "a\u0000b"
      })
  void refusesWhatIsNoReference(String text) {
    assertThatThrownBy(() -> Reference.parse(text))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageNotContainingAny("\n", "\u0000");
  }

  @Test
  void refusesTooLongNames() {
    assertThatThrownBy(() -> Reference.parse("a.".repeat(50_000) + "a"))
        .isInstanceOf(InvalidContentException.class);
    assertThatThrownBy(() -> Reference.parseRepository("a.".repeat(50_000) + "a"))
        .isInstanceOf(InvalidContentException.class);
    assertThatThrownBy(() -> Reference.parse("a".repeat(256) + ":1"))
        .isInstanceOf(InvalidContentException.class);
    assertThatThrownBy(() -> Reference.parse("a:" + "1".repeat(129)))
        .isInstanceOf(InvalidContentException.class);
    assertThat(Reference.parse("a:" + "1".repeat(128)).tag())
        .hasValueSatisfying(t -> assertThat(t).hasSize(128));
  }
}
