package io.mirrorimages.nodes.check.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeLogins;
import io.mirrorimages.nodes.check.NodeReader;
import io.mirrorimages.testing.Skopeo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What check reads of registries.conf and auth.json, against the real skopeo; asks no server. */
class RegistriesConfIT {
  private static final Pattern TRIED = Pattern.compile("Trying to access \\\\?\"([^\"\\\\]+)");
  private static final String DIGEST =
      "@sha256:0000000000000000000000000000000000000000000000000000000000000000";

  @TempDir private Path home;
  private final FindingLog findings = new FindingLog();

  /** Nothing listens at these ports, and names below invalid have no address. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.invalid/b:1",
        "a.invalid/b/c:1",
        "a.invalid/b/cd:1",
        "a.invalid:77/b:1",
        "x.wild.invalid/b:1",
        "x.wild.invalid:5000/b:1",
        "wild.invalid/b:1",
        "x.wild.invalid.invalid/b:1",
        "replaced.invalid/b:1",
        "replaced.invalid/b" + DIGEST,
        "digests.invalid/b:1",
        "digests.invalid/b" + DIGEST,
        "port.invalid:5000/b:1"
      })
  void skopeoTriesTheSameNames(String image) throws Exception {
    Path conf = folder().resolve("registries.conf");
    Files.writeString(
        conf,
        """
        [[registry]]
        prefix = "a.invalid"
        location = "localhost:1/own"
        blocked = true
        [[registry.mirror]]
        location = "localhost:1/m"
        [[registry]]
        prefix = "a.invalid/b/c"
        location = "localhost:1/longer"
        [[registry]]
        prefix = "*.wild.invalid"
        location = "other.invalid"
        [[registry]]
        location = "replaced.invalid"
        blocked = true
        [[registry.mirror]]
        location = "localhost:1/replaced"
        [[registry]]
        prefix = "port.invalid"
        location = "localhost:1"
        """);
    Path dropIns = Files.createDirectory(folder().resolve("registries.conf.d"));
    Files.writeString(
        dropIns.resolve("10.conf"),
        """
        [[registry]]
        location = "replaced.invalid"
        [[registry.mirror]]
        location = "localhost:1/digests"
        pull-from-mirror = "digest-only"
        [[registry.mirror]]
        location = "localhost:1/tags"
        pull-from-mirror = "tag-only"
        [[registry.mirror]]
        location = "localhost:1/all"
        """);
    Files.writeString(
        dropIns.resolve("20.conf"),
        """
        [[registry]]
        location = "digests.invalid"
        mirror-by-digest-only = true
        [[registry.mirror]]
        location = "localhost:1/digests"
        """);
    Files.writeString(dropIns.resolve("30.conf.off"), "[[registry]]");
    NodeReader reader =
        RegistriesConf.read(conf, List.of(), NodeLogins.NONE, List.of(), findings).orElseThrow();

    List<String> tried =
        TRIED
            .matcher(Skopeo.log(home, "--debug", "inspect", "docker://" + image))
            .results()
            .map((MatchResult found) -> found.group(1).replaceFirst("(:[^:/]+|@.*)$", ""))
            .toList();

    assertThat(reader.resolve(Reference.parse(image)).attempts())
        .filteredOn(attempt -> attempt.refusal().isEmpty())
        .extracting(attempt -> attempt.host() + "/" + attempt.path())
        .isEqualTo(tried);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[[registry]]\nlocation = 'a.b'",
        "[[registry]]\nlocation = a",
        "[[registry]]\nprefix = '*.a.b'",
        "[[registry]]\nprefix = '*.a.b/c'",
        "[[registry]]\nprefix = 'a.b'",
        "[[registry]]\nlocation = 'a.b'\npull-from-mirror = 'all'",
        "[[registry]]\nlocation = 'a.b'\n[[registry.mirror]]\nlocation = ''",
        "[[registry]]\nlocation='a.b'\n[[registry.mirror]]\nlocation='m'\npull-from-mirror='x'",
        "[[registry]]\nlocation='a.b'\nmirror-by-digest-only=true\n[[registry.mirror]]\n"
            + "location='m'\npull-from-mirror='all'",
        "[[registry]]\nlocation = 'a.b'\n[[registry]]\nlocation = 'a.b'\nblocked = true",
        "unqualified-search-registries = ['a.b', 'c']",
        "unqualified-search-registries = ['a b']",
        "unqualified-search-registries = ['https://a.b']",
        "short-name-mode = 'permissive'",
        "short-name-mode = 'x'",
        "[aliases]\n'a/b' = 'localhost/c'",
        "[aliases]\n'a.b' = 'q.io/c'",
        "[aliases]\n'q.io/a' = 'q.io/c'",
        "[aliases]\na = 'busybox'",
        "[aliases]\na = 'q.io/c:1'",
        "[aliases]\na = ''",
        "port = 0x1g",
        "since = 2020-02-30"
      })
  void skopeoRefusesTheSameFiles(String text) throws Exception {
    Path conf = Files.writeString(folder().resolve("registries.conf"), text);
    String log = Skopeo.log(home, "inspect", "docker://localhost:1/a:1");

    Optional<NodeReader> read =
        RegistriesConf.read(conf, List.of(), NodeLogins.NONE, List.of(), findings);

    assertThat(log).containsPattern("loading registries|refused");
    assertThat(read.isPresent()).as(log).isEqualTo(!log.contains("loading registries"));
  }

  @Test
  void skopeoHasTheSameLogins() throws Exception {
    Path auth = home.resolve("auth.json");
    Files.writeString(
        auth,
        """
        {"auths": {
          "m.invalid": {"auth": "YTpodW50ZXIx"},
          "m.invalid/x": {"auth": "YjpodW50ZXIy"},
          "m.invalid/x/y/z": {"auth": "ZDpodW50ZXI0"},
          "https://index.docker.io/v1/": {"auth": "YzpodW50ZXIz"}}}
        """);
    NodeLogins logins = NodeLogins.read(auth, findings);
    for (String name :
        List.of(
            "m.invalid/a",
            "m.invalid/x",
            "m.invalid/x/b",
            "m.invalid/xy",
            "m.invalid/x/y/z",
            "docker.io/library/a",
            "n.invalid/a")) {
      String said =
          Skopeo.log(home, "login", "--authfile", auth.toString(), "--get-login", name).strip();
      int slash = name.indexOf('/');
      String user =
          logins.of(new Repository(name.substring(0, slash), name.substring(slash + 1))).user();
      assertThat(said.contains("not logged into") ? "" : said).as(name).isEqualTo(user);
    }
  }

  private Path folder() throws IOException {
    return Files.createDirectories(home.resolve(".config/containers"));
  }
}
