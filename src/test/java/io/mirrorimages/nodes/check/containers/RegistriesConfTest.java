package io.mirrorimages.nodes.check.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.ConfigFile;
import io.mirrorimages.nodes.check.ConfigFinding;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeAttempt;
import io.mirrorimages.nodes.check.NodeLogins;
import io.mirrorimages.nodes.check.NodeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where containers/image asks by its registries.conf. */
class RegistriesConfTest {
  @TempDir private Path empty;
  private final FindingLog findings = new FindingLog();
  private List<Reference> images = List.of();

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
        "unqualified-search-registries = ['a b']|1 invalid-file",
        "[aliases]%a = 'b/c'|2 invalid-file",
        "[aliases]%a = 'q.io/b:1'|2 invalid-file",
        "[aliases]%'q.io/a' = 'q.io/b'|2 invalid-file",
        "[[registry]]%prefix = '*.a.b/c'|2 invalid-file",
        "[[registry]]%location='a.b'%pull-from-mirror='all'|3 invalid-file",
        "[[registry]]%location='a.b'%[[registry.mirror]]%location='m'%pull-from-mirror='x'"
            + "|5 invalid-file",
        "[[registry]]%location='a.b'%blocked=true%[[registry]]%location='a.b'%blocked=true"
            + "|4 duplicate-key",
        "[[registry]]%location='a.b'%blocked=true%[[registry.mirror]]%location='m.lan/'"
            + "|5 bad-endpoint",
        "[[registry]]%location='a.b'%blocked=true%[[registry.mirror]]%location='[::1]:5000'"
            + "|5 bad-endpoint",
        "[[registry]]%prefix='a.b'%location='[::1]:5000'|3 bad-endpoint"
      })
  void aFileIsWrong(String file, String expected) {
    read(file.replace("%", "\n"));
    assertThat(findings.all())
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.line() + " " + finding.kind().label()).isEqualTo(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "a.example.com:5000/x, https://wild.lan:5000/v2/x",
    "example.org:5000/x, https://m.lan:5000/v2/x",
    "a.example.com.lan/x, https://a.example.com.lan/v2/x",
    "example.orga/x, https://example.orga/v2/x"
  })
  void aPrefixEndsAtASlashOrAPort(String image, String expected) {
    String file =
        """
        [[registry]]
        prefix = "*.example.com"
        location = "wild.lan"
        [[registry]]
        prefix = "example.org"
        location = "m.lan"
        """;
    assertThat(urls(file, image)).containsExactly(expected);
  }

  @Test
  void aMirrorForDigestsOnlyIsAskedForDigests() {
    String file =
        """
        [[registry]]
        location = "quay.io"
        mirror-by-digest-only = true
        [[registry.mirror]]
        location = "m.lan"
        """;
    assertThat(urls(file, "quay.io/a/b:1")).containsExactly("https://quay.io/v2/a/b");
    assertThat(urls(file, "quay.io/a/b@sha256:" + "0".repeat(64)))
        .containsExactly("https://m.lan/v2/a/b", "https://quay.io/v2/a/b");
  }

  @Test
  void aLaterFileReplacesWholeEntriesAndKeepsTheOthers() {
    String file =
        """
        [[registry]]
        location = "quay.io"
        [[registry.mirror]]
        location = "old.lan"
        [[registry]]
        location = "ghcr.io"
        [[registry.mirror]]
        location = "kept.lan"
        """;
    String later = "[[registry]]\nlocation = 'quay.io'\nblocked = true\n";
    NodeReader reader = read(file, later).orElseThrow();
    assertThat(reader.resolve(Reference.parse("quay.io/a/b")).attempts()).isEmpty();
    assertThat(reader.resolve(Reference.parse("ghcr.io/a/b")).attempts().getFirst().host())
        .isEqualTo("kept.lan");
    assertThat(findings.all()).anyMatch(f -> f.toString().contains("r.conf:1, which this one"));
  }

  @Test
  void aFolderIsReadByNameAndOnlyItsConfFiles() throws IOException {
    Path file = Files.writeString(empty.resolve("registries.conf"), "");
    Path folder = Files.createDirectory(empty.resolve("registries.conf.d"));
    String entry = "[[registry]]\nlocation = 'quay.io'\n[[registry.mirror]]\nlocation = '%s'\n";
    Files.writeString(folder.resolve("20-b.conf"), entry.formatted("second.lan"));
    Files.writeString(folder.resolve("10-a.conf"), entry.formatted("first.lan"));
    Files.writeString(folder.resolve("30-c.conf.bak"), entry.formatted("third.lan"));
    NodeReader reader =
        RegistriesConf.read(file, List.of(), NodeLogins.NONE, List.of(), findings).orElseThrow();
    assertThat(reader.resolve(Reference.parse("quay.io/a")).attempts().getFirst().host())
        .isEqualTo("second.lan");
  }

  @Test
  void aBadFileOfTheFolderStopsAllPulls() {
    assertThat(read("", "[registries.search]\nregistries = ['docker.io']")).isEmpty();
    assertThat(findings.all()).singleElement().asString().startsWith("r.conf.d/1.conf:1: error");
  }

  @Test
  void anotherLocationIsAskedThoughItsPrefixIsBlocked() {
    String file =
        "[[registry]]\nprefix = 'docker.io'\nlocation = 'harbor.lan/hub'\nblocked = true\n";
    assertThat(urls(file, "busybox")).containsExactly("https://harbor.lan/v2/hub/library/busybox");
    assertThat(findings.all()).singleElement().asString().contains("[no-effect]");
  }

  @Test
  void aMirrorBelowABlockedPrefixIsNotAsked() {
    String file =
        """
        [[registry]]
        location = "quay.io"
        [[registry.mirror]]
        location = "m.lan/x"
        [[registry]]
        location = "m.lan"
        blocked = true
        """;
    NodeReader reader = read(file).orElseThrow();
    assertThat(reader.resolve(Reference.parse("quay.io/a")).attempts().getFirst().refusal())
        .contains("blocked (r.conf:5)");
    assertThat(findings.all()).anyMatch(f -> f.toString().contains("never asked"));
  }

  @Test
  void shortNamesThatLeadElsewhereAreFound() {
    images = List.of(Reference.parse("busybox"), Reference.parse("rancher/shell"));
    read(
        "unqualified-search-registries = ['quay.io']\n[aliases]\nbusybox = 'docker.io/busybox'\n"
            + "'rancher/shell' = 'quay.io/rancher/shell'\n");
    assertThat(findings.all())
        .filteredOn(f -> f.kind() == FindingKind.SHORT_NAME)
        .extracting(ConfigFinding::line)
        .containsExactly(1, 4);
  }

  @Test
  void theLoginOfTheLongestNameIsSentAndNeverShown() throws IOException {
    Path auth = empty.resolve("auth.json");
    Files.writeString(
        auth,
        """
        {"auths": {"m.lan": {"auth": "YTpodW50ZXIx"}, "m.lan/x": {"auth": "YjpodW50ZXIy"},
          "n.lan": {"auth": "not base64"}}}
        """);
    String file =
        "[[registry]]\nlocation = 'quay.io'\n[[registry.mirror]]\nlocation = 'm.lan/x'\n"
            + "[[registry.mirror]]\nlocation = 'm.lan'\n";
    NodeLogins logins = NodeLogins.read(auth, findings);
    NodeReader reader =
        RegistriesConf.parse(
                List.of(new ConfigFile("r.conf", file)), List.of(), logins, images, findings)
            .orElseThrow();
    List<NodeAttempt> attempts = reader.resolve(Reference.parse("quay.io/a")).attempts();
    assertThat(attempts).extracting(one -> one.login().user()).containsExactly("b", "a", "");
    assertThat(findings.all())
        .anyMatch(f -> f.kind() == FindingKind.BAD_AUTH && f.text().contains("n.lan"));
    assertThat(attempts.toString() + findings.all()).doesNotContain("hunter");
    String helpers = "credential-helpers = ['secretservice']\n" + file;
    reader =
        RegistriesConf.parse(
                List.of(new ConfigFile("r.conf", helpers)), List.of(), logins, images, findings)
            .orElseThrow();
    assertThat(reader.resolve(Reference.parse("quay.io/a")).attempts())
        .allMatch(one -> one.login().user().isEmpty());
  }

  @Test
  void aLocationThatMakesNoNameStopsThePull() {
    String file =
        "[[registry]]\nlocation = \"quay.io/\"\n[[registry.mirror]]\nlocation = \"m.lan/x/\"\n";
    NodeReader reader = read(file).orElseThrow();
    assertThat(reader.resolve(Reference.parse("quay.io/a/b")).attempts())
        .hasSize(2)
        .allMatch(attempt -> attempt.refusal().isPresent());
    assertThat(reader.resolve(Reference.parse("ghcr.io/a/b")).attempts())
        .allMatch(attempt -> attempt.refusal().isEmpty());
  }

  private List<String> urls(String file, String image) {
    return read(file).orElseThrow().resolve(Reference.parse(image)).attempts().stream()
        .map(attempt -> attempt.base() + "/" + attempt.path())
        .toList();
  }

  private Optional<NodeReader> read(String file, String... dropIns) {
    List<ConfigFile> files = new ArrayList<>(List.of(new ConfigFile("r.conf", file)));
    for (String dropIn : dropIns) {
      files.add(new ConfigFile("r.conf.d/" + files.size() + ".conf", dropIn));
    }
    return RegistriesConf.parse(files, List.of(empty), NodeLogins.NONE, images, findings);
  }
}
