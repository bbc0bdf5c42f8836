package io.mirrorimages.nodes.check.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.ConfigFinding;
import io.mirrorimages.nodes.check.FindingLog;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found in a registries.yaml, by name and line. */
class K3sFindingsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mirrors: {quay.io: {endpoint: https://x}}",
        "mirrors:\n  *:\n",
        "mirrors:\n\tquay.io:\n",
        "mirrors: {quay.io: {endpoint: [https://x], rewrite: [a]}}",
        "configs: {h: {tls: {insecure_skip_verify: \"true\"}}}"
      })
  void whatK3sDoesNotStartWithIsInvalid(String file) {
    assertThat(found(file, false)).singleElement().asString().contains("[invalid-file]");
    FindingLog log = new FindingLog();
    assertThat(K3sFile.parse("r", file, log)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mirrors:%  docker.io:%    endpoint: [https://m]%configs:%  m:%    auth: {username: u}|",
        "mirrors:%  docker.io:%    endpoints: [https://m]|3 unknown-key, 2 no-endpoint",
        "Mirrors: {}|1 unknown-key, 1 no-effect",
        "h.lan:%endpoint:%- https://h%auth: {username: u}|"
            + "1 unknown-key, 2 unknown-key, 4 unknown-key, 1 flattened",
        "configs:%  h:%  auth: {username: u}|3 auth-beside-host, 3 unknown-key, 2 no-effect",
        "configs:%  h:%    auth: {token: t}|3 bad-auth, 3 unknown-key",
        "configs:%  h:%    auth: {auth: bm9jb2xvbg==}|3 bad-auth",
        "configs:%  h:%    auth: {username: u, password: REPLACE-WITH-PASSWORD}|3 bad-auth",
        "auths: {}%mirrors: {a.b: {endpoint: [https://m]}}|1 unknown-key",
        "mirrors:%  a.b: {endpoint: [https://m]}%  a.b: {endpoint: [https://n]}|3 duplicate-key",
        "mirrors:%  a.b: {endpoint: [m, 'https://m/']}|2 duplicate-key",
        "mirrors:%  a.b:%    endpoint:%    - https://h/proj|4 path-without-v2",
        "mirrors:%  a.b:%    endpoint:%    - 'https://'|4 bad-endpoint",
        "mirrors:%  a.b:%    endpoint:%    - 'https://u:p@h'|4 bad-endpoint",
        "mirrors:%  https://a.b: {endpoint: [https://m]}|2 no-effect",
        "mirrors:%  A.b: {endpoint: [https://m]}|2 no-effect",
        "mirrors:%  a.b: {endpoint: ['http://m']}%configs:%  m: {tls: {insecure_skip_verify: yes}}"
            + "|2 http-with-tls",
        "configs:%  docker.io: {auth: {username: u}}|2 unused-auth",
        "configs:%  '*': {auth: {username: u}}|2 unused-auth",
        "mirrors:%  a.b: {endpoint: ['https://m:443']}%configs:%  m: {auth: {username: u}}"
            + "|4 unused-auth",
        "mirrors:%  a.b: {endpoint: [https://m]}%configs:%  a.b: {auth: {username: u}}"
            + "|4 unused-auth",
        "mirrors:%  '*': {endpoint: [https://m]}%configs:%  a.b: {auth: {username: u}}"
            + "|4 shadows-wildcard",
        "configs:%  h:%    tls: {cert_file: /nowhere/c}|3 cert-without-key, 3 unreadable-file",
        "mirrors:%  a.b:%    endpoint: [https://m]%    rewrite:%      '(x': y|5 rewrite-invalid",
        "mirrors:%  a.b:%    endpoint: [https://m]%    rewrite:%      '(?=x)': y|5 rewrite-invalid",
        "mirrors:%  a.b:%    endpoint: [https://m]%    rewrite:%      'a\\.': y|5 rewrite-unsafe",
        "mirrors:%  a.b:%    endpoint: [https://m]%    rewrite:%      '\"': y|5 rewrite-unsafe",
        "mirrors:%  a.b:%    endpoint: [https://m]%    rewrite:%      '(x)': $1y|5 rewrite-group",
        "mirrors:%  a.b:%    endpoint: [https://m]%    rewrite:%      '(x)': $2|5 rewrite-group",
        "mirrors:%  a.b:%    endpoint: [https://a.b]%    rewrite:%      '^': p/"
            + "|3 rewrite-on-default",
        "a: 1%---%b: 2|1 unknown-key, 2 unknown-key, 1 no-effect"
      })
  void aFileIsWrong(String file, String expected) {
    List<String> names = expected == null ? List.of() : List.of(expected.split(", "));
    assertThat(found(file.replace("%", "\n"), false).stream().map(K3sFindingsTest::withoutText))
        .containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void aSwitchWithoutEffectIsFound() {
    String file = "mirrors:\n  a.b: {endpoint: [https://m]}\nconfigs:\n  a.b: {tls: {}}";
    assertThat(found(file, true)).singleElement().asString().contains("default-not-disabled");
    assertThat(found(file, false)).isEmpty();
  }

  @Test
  void aListShowsWhatRewritesDo() {
    String file =
        "mirrors:\n  a.b:\n    endpoint: [https://m]\n    rewrite:\n"
            + "      ^one/(.*)$: p/$1\n      ^one/x$: q\n      ^two/: r/\n      ^bad/: A/\n";
    assertThat(
            found(file, false, "a.b/one/x", "a.b/one/y", "a.b/bad/z", "a.b/other").stream()
                .map(K3sFindingsTest::withoutText))
        .containsExactlyInAnyOrder(
            "6 rewrite-overlap",
            "7 rewrite-never-matches",
            "8 rewrite-result",
            "2 not-covered",
            "0 readers-differ");
  }

  @Test
  void aListShowsWhatIsNotCovered() {
    String file = "mirrors:\n  a.b: {endpoint: [https://m]}\n  gcr.k8s.io: {endpoint: [https://m]}";
    assertThat(found(file, false, "a.b/x", "quay.io/y").stream().map(K3sFindingsTest::withoutText))
        .containsExactlyInAnyOrder("3 unused-mirror", "0 not-covered");
  }

  @Test
  void readersThatDifferAreFound() {
    String file = "mirrors:\n  quay.io: null\n  \"*\": {endpoint: [https://m]}";
    assertThat(found(file, false, "quay.io/a/b"))
        .anyMatch(
            finding ->
                finding.contains("[readers-differ]")
                    && finding.contains("https://m/v2/a/b/manifests/latest")
                    && finding.contains("no mirror"));
  }

  @Test
  void anOptionOfConfigYamlIsSentThere() {
    String file =
        "mirrors: {a.b: {endpoint: [https://m]}}\ndisable-default-registry-endpoint: true";
    assertThat(found(file, false)).singleElement().asString().contains("write it in config.yaml");
  }

  @Test
  void noSecretIsShown() {
    String file = "configs:\n  h:\n    auth: {auth: c2VjcmV0, password: hunter2}\n";
    assertThat(found(file, false)).isNotEmpty();
    assertThat(found(file, false)).noneMatch(f -> f.contains("c2VjcmV0") || f.contains("hunter2"));
  }

  private static String withoutText(String finding) {
    return finding
        .replaceAll("(?s)^r.yaml(:([0-9]+))?: .*\\[(.*)\\]$", "$2 $3")
        .replaceAll("^ ", "0 ");
  }

  private static List<String> found(String text, boolean disableDefault, String... images) {
    FindingLog log = new FindingLog();
    List<Reference> names = Arrays.stream(images).map(Reference::parse).toList();
    K3sFile.parse("r.yaml", text, log)
        .ifPresent(
            file ->
                K3sNode.readers(
                    file, new K3sSettings(disableDefault, Optional.empty()), names, log));
    return log.all().stream().map(ConfigFinding::toString).toList();
  }
}
