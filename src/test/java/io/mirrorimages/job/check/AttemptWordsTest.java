package io.mirrorimages.job.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.Side;
import io.mirrorimages.nodes.check.NodeAttempt;
import io.mirrorimages.nodes.check.NodeLogin;
import io.mirrorimages.nodes.check.NodeTls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Remedies are keys of the node's files, and names have their project. */
class AttemptWordsTest {
  private static final String LOGIN =
      "no credentials for h (docker login, or "
          + Side.SOURCE.mark(Setting.USERNAME)
          + " with "
          + Side.SOURCE.mark(Setting.PASSWORD_STDIN)
          + "); more";

  @Test
  void remediesAreThoseOfTheNodesFiles() {
    assertThat(words("/v2", "name its CA with " + Side.SOURCE.mark(Setting.CA_FILE)))
        .isEqualTo(
            "name its CA with ca_file (registries.yaml), ca (hosts.toml) or a file in certs.d");
    assertThat(words("/v2", "if plain http is meant, say " + Side.SOURCE.mark(Setting.PLAIN_HTTP)))
        .isEqualTo("if plain http is meant, say http:// in the endpoint");
    assertThat(words("/v2", LOGIN)).isEqualTo("no credentials for h; more");
  }

  @Test
  void theProjectIsNamed() {
    assertThat(words("/v2/proj", "h:5 denies access to h:5/a/b:1"))
        .isEqualTo("h:5 denies access to h:5/proj/a/b:1");
    assertThat(words("/v2", "h:5 denies access to h:5/a/b:1"))
        .isEqualTo("h:5 denies access to h:5/a/b:1");
  }

  @Test
  void anAuthorityThatIsGivenIsNamedAndNotAskedFor() {
    String marked =
        "(no known CA has signed it): name its CA with " + Side.SOURCE.mark(Setting.CA_FILE);
    NodeTls tls =
        new NodeTls(Optional.of(Path.of("/x.crt")), Optional.empty(), Optional.empty(), false, "f");

    assertThat(words("/v2", marked, tls))
        .contains("/x.crt has not signed it")
        .doesNotContain("name");
    assertThat(words("/v2", marked)).contains("name its CA with ca_file");
  }

  private static String words(String root, String message) {
    return words(root, message, NodeTls.SYSTEM);
  }

  private static String words(String root, String message, NodeTls tls) {
    NodeAttempt attempt =
        new NodeAttempt(
            "https", "h:5", root, "a/b", false, NodeLogin.ANONYMOUS, tls, "test", Optional.empty());
    return AttemptWords.of(new IOException(message), attempt);
  }
}
