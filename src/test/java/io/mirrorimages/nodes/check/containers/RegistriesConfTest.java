package io.mirrorimages.nodes.check.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeReader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where containers/image asks by its registries.conf. */
class RegistriesConfTest {
  @TempDir private Path empty;
  private final FindingLog findings = new FindingLog();

  @Test
  void mirrorsComeFirstAndABlockedLocationNever() {
    String file =
        """
        [[registry]]
        prefix = "docker.io"
        location = "docker.io"
        blocked = true
        [[registry.mirror]]
        location = "harbor.lan/docker.io"
        [[registry.mirror]]
        location = "other.lan:5000"
        insecure = true
        """;
    assertThat(urls(file, "busybox"))
        .containsExactly(
            "https://harbor.lan/v2/docker.io/library/busybox",
            "https://other.lan:5000/v2/library/busybox",
            "http://other.lan:5000/v2/library/busybox");
    assertThat(urls(file.replace("blocked = true", ""), "busybox"))
        .last()
        .isEqualTo("https://registry-1.docker.io/v2/library/busybox");
    assertThat(findings.all()).singleElement().asString().contains("[falls-back]");
  }

  @ParameterizedTest
  @CsvSource({
    "quay.io/a/b, https://long.lan/v2/x/b",
    "quay.io/ab/c, https://short.lan/v2/ab/c",
    "reg.example.com/a/b, https://wild.lan/v2/p/a/b",
    "example.com/a/b, https://example.com/v2/a/b"
  })
  void theLongestPrefixIsReplaced(String image, String expected) {
    String file =
        """
        [[registry]]
        location = "quay.io"
        [[registry.mirror]]
        location = "short.lan"
        [[registry]]
        prefix = "quay.io/a"
        location = "quay.io/a"
        [[registry.mirror]]
        location = "long.lan/x"
        [[registry]]
        prefix = "*.example.com"
        [[registry.mirror]]
        location = "wild.lan/p"
        """;
    assertThat(urls(file, image)).first().isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"digest-only, 1", "tag-only, 2", "all, 2"})
  void aMirrorCanBeForDigestsOnly(String pulls, int attempts) {
    String file =
        "[[registry]]\nlocation = \"quay.io\"\n[[registry.mirror]]\nlocation = \"m.lan\"\n"
            + "pull-from-mirror = \"%s\"\n".formatted(pulls);
    assertThat(urls(file, "quay.io/a/b:1")).hasSize(attempts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[registries.search]%registries = ['docker.io']|1 old-format",
        "[registries.search]%registries = ['a']%[[registry]]%location = 'b'|1 invalid-file",
        "[[registry]]%location = 'https://a'|2 invalid-file",
        "[[registry]]%prefix = ''|1 invalid-file",
        "[[registry]]%prefix = 'a.b'|1 invalid-file",
        "[[registry]]%location = 'a.b'%mirrors = []|3 unknown-key",
        "[[registry]]%location = a|2 invalid-file",
        "[[registry]]%location='a.b'%insecure=true%[[registry]]%location='a.b'|4 invalid-file",
        "[[registry]]%location='a.b'%[[registry]]%prefix='a.b/c'%location='a.b'%blocked=true"
            + "|3 invalid-file",
        "credential-helpers = 1|1 invalid-file",
        "unqualified-search-registries = 'a.b'|1 invalid-file",
        "short-name-mode = 'x'|1 invalid-file",
        "[[registry]]%location='a.b'%blocked=true%[[registry.mirror]]%location='m.lan/'"
            + "|5 bad-endpoint",
        "[[registry]]%location='a.b'%blocked=true%[[registry.mirror]]%location='[::1]:5000'"
            + "|5 bad-endpoint",
        "[[registry]]%prefix='a.b'%location='[::1]:5000'|3 bad-endpoint"
      })
  void aFileIsWrong(String file, String expected) {
    RegistriesConf.parse("r.conf", file.replace("%", "\n"), List.of(empty), List.of(), findings);
    assertThat(findings.all())
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.line() + " " + finding.kind().label()).isEqualTo(expected));
  }

  @Test
  void aLocationThatMakesNoNameStopsThePull() {
    String file =
        "[[registry]]\nlocation = \"quay.io/\"\n[[registry.mirror]]\nlocation = \"m.lan/x/\"\n";
    NodeReader reader =
        RegistriesConf.parse("r.conf", file, List.of(empty), List.of(), findings).orElseThrow();
    assertThat(reader.resolve(Reference.parse("quay.io/a/b")).attempts())
        .hasSize(2)
        .allMatch(attempt -> attempt.refusal().isPresent());
    assertThat(reader.resolve(Reference.parse("ghcr.io/a/b")).attempts())
        .allMatch(attempt -> attempt.refusal().isEmpty());
  }

  private List<String> urls(String file, String image) {
    return RegistriesConf.parse("r.conf", file, List.of(empty), List.of(), findings)
        .orElseThrow()
        .resolve(Reference.parse(image))
        .attempts()
        .stream()
        .map(attempt -> attempt.base() + "/" + attempt.path())
        .toList();
  }
}
