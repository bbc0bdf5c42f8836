package io.mirrorimages.nodes.check.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.FindingLog;
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
    DaemonJson.parse("d.json", file, empty, List.of(), findings);
    assertThat(findings.all())
        .singleElement()
        .satisfies(finding -> assertThat(finding.kind().label()).isEqualTo(expected));
    assertThat(findings.all().toString()).doesNotContain("hunter2");
  }

  @Test
  void imagesOfOtherRegistriesAreNotCovered() {
    DaemonJson.parse(
        "d.json",
        "{\"registry-mirrors\": [\"https://m.lan\"]}",
        empty,
        List.of(Reference.parse("busybox"), Reference.parse("quay.io/a/b")),
        findings);
    assertThat(findings.all()).singleElement().asString().contains("1 image of quay.io");
  }

  private List<String> urls(String file, String image) {
    return DaemonJson.parse("d.json", file, empty, List.of(), findings)
        .orElseThrow()
        .resolve(Reference.parse(image))
        .attempts()
        .stream()
        .map(attempt -> attempt.base() + "/" + attempt.path())
        .toList();
  }
}
