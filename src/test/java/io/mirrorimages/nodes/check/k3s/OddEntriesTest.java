package io.mirrorimages.nodes.check.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.ConfigFinding;
import io.mirrorimages.nodes.check.FindingLog;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blanks that are none, passwords in the place of keys, placeholders, and Docker Hub's names. */
class OddEntriesTest {
  private static final String MIRROR = "mirrors: {docker.io: {endpoint: [\"https://h.lan\"]}}\n";

  @Test
  void noBreakSpacesAreFoundByLine() {
    assertThat(findings("mirrors:\n\u00a0\u00a0docker.io:\n\u00a0\u00a0\u00a0 endpoint: []\n"))
        .contains("f:2: error: a no-break space", "also in 1 more lines", "[odd-space]");
    assertThat(findings(MIRROR + "# of\u00a0us\n")).doesNotContain("odd-space");
    assertThat(findings(MIRROR + "configs: {h.lan: {tls: {ca_file: /a#\u200bb}}}"))
        .contains("f:2: error: a no-break space");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "configs: {h.lan: {auth: {username: a, Hunter2Pw: }}}",
        "configs: {h.lan: {auth: {password Hunter2Pw}}}",
        "configs: {h.lan: {Hunter2Pw: {}}}",
        "configs: {h.lan: {tls: {Hunter2Pw: 1}}}",
        "configs: {Hunter2Pw: {auth: {}}}",
        "configs: {Hunter2Pw: text}",
        "configs: {Hunter2Pw: }",
        "mirrors: {Hunter2Pw: }",
        "mirrors: {Hunter2Pw: {endpoint: text}}",
        "mirrors: {docker.io: {Hunter2Pw: }}",
        "Hunter2Pw:",
        "Hunter2Pw: {a: b}",
        "configs: {h.lan: {auth: {username: a, password:Hunter2Pw}}}",
        "configs: {h.lan: {auth: {password: x,Hunter2Pw}}}",
        "configs: {h.lan: {auth: {Hunter2Pw: x}}}",
        "configs: {h.lan: {auth: {hunter2pw.dot: x}}}",
        "configs: {h.lan: {auth: {username: 'robot$pull:Hunter2Pw', password: x}}}",
        "configs: {h.lan: {auth: {username: a, password: &a Hunter2Pw, b: [}}}",
      })
  void aPasswordInThePlaceOfAKeyIsNotShown(String file) {
    assertThat(findings(file)).isNotEmpty().doesNotContainIgnoringCase("Hunter2Pw");
  }

  @Test
  void aSpaceThatIsMissingBehindAColonIsSaid() {
    assertThat(findings("configs: {h.lan: {auth: {username: a, password:s3cr3t}}}"))
        .contains("\"password:...\" (a space is missing behind the colon)", "[unknown-key]");
    assertThat(findings("configs: {h.lan: {password:12345}}"))
        .contains("a space is missing")
        .doesNotContain("12345");
  }

  @Test
  void aUserWithAPasswordBehindAColonIsFound() {
    String auth = "configs: {h.lan: {auth: {username: 'robot$pull:s3cr3t', password: x}}}";
    assertThat(findings(MIRROR + auth))
        .contains("f:2: error: the name of the user has a colon", "[bad-auth]");
  }

  @Test
  void wordsAndHostsAreShown() {
    assertThat(findings("configs: {h.lan: {auth: {token: a}}}")).contains("K3s ignores \"token\"");
    assertThat(findings("h.lan: {}")).contains("K3s ignores \"h.lan\"");
    assertThat(findings("configs: {\"https://h.lan/v2\": {tls: {ca_file: /a}}}"))
        .contains("nothing is asked at \"https://h.lan/v2\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user:password",
        "robot$x:<token>",
        "me:${PASSWORD}",
        "me:{{ password }}",
        "me:REPLACE-WITH-PASSWORD",
        "me:your-password",
        "me:xxxxxx"
      })
  void aPlaceholderIsFoundAlsoInBase64(String login) {
    String encoded = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    String secret = login.substring(login.indexOf(':') + 1);
    assertThat(findings(MIRROR + "configs: {h.lan: {auth: {auth: " + encoded + "}}}"))
        .contains("f:2: error: the credentials are still a placeholder", "[bad-auth]")
        .doesNotContain(encoded);
    String plain = "username: '%s', password: '%s'";
    String user = login.substring(0, login.indexOf(':'));
    assertThat(
            findings(MIRROR + "configs: {h.lan: {auth: {" + plain.formatted(user, secret) + "}}}"))
        .contains("the credentials are still a placeholder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"robot$x:s3cr3t", "admin:password", "me:a<b>c", "me:xx"})
  void aPasswordIsNoPlaceholder(String login) {
    String encoded = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    assertThat(findings(MIRROR + "configs: {h.lan: {auth: {auth: " + encoded + "}}}")).isEmpty();
  }

  @Test
  void theNamesOfDockerHub() {
    String auth = ": {auth: {username: a, password: b}}";
    assertThat(findings("mirrors: {registry-1.docker.io: {endpoint: [\"https://h.lan\"]}}"))
        .contains("no image is of registry-1.docker.io: Docker Hub is docker.io in image names");
    assertThat(findings("mirrors: {index.docker.io: {endpoint: [\"https://h.lan\"]}}"))
        .contains("no image is of index.docker.io but for the bootstrap");
    assertThat(findings("configs: {docker.io" + auth + "}")).contains("[unused-auth]");
    assertThat(findings("configs: {index.docker.io" + auth + "}")).contains("[no-effect]");
    // One for each reader.
    String both = MIRROR + "configs: {registry-1.docker.io" + auth;
    assertThat(findings(both + ", docker.io" + auth + "}")).isEmpty();
    assertThat(findings(both + ", index.docker.io" + auth + "}")).isEmpty();
  }

  private static String findings(String text) {
    FindingLog findings = new FindingLog();
    List<Reference> images = List.of(Reference.parse("rancher/shell:v1"));
    K3sFile.parse("f", text, findings)
        .ifPresent(
            read ->
                K3sNode.readers(read, new K3sSettings(false, Optional.empty()), images, findings));
    return findings.all().stream().map(ConfigFinding::toString).collect(Collectors.joining("\n"));
  }
}
