package io.mirrorimages.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerCredentialsTest {
  @TempDir private Path directory;

  @Test
  void anEntryIsReadInAllItsSpellings() throws IOException {
    Credentials credentials =
        config(
            """
            {"auths": {
              "https://one.example.com/v1/": {"auth": "%s"},
              "TWO.example.com:5000": {"username": "u2", "password": "p2"},
              "three.example.com": {}
            }, "HttpHeaders": {"User-Agent": "x"}}
            """
                .formatted(base64("u1:p:1")));
    assertThat(find(credentials, "one.example.com/a/b")).contains(Credential.password("u1", "p:1"));
    assertThat(find(credentials, "two.example.com:5000/a"))
        .contains(Credential.password("u2", "p2"));
    assertThat(find(credentials, "three.example.com/a")).isEmpty();
    assertThat(find(credentials, "two.example.com/a")).isEmpty();
  }

  @Test
  void dockerHubIsKnownByItsOldAddress() throws IOException {
    Credentials credentials =
        config(
            "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"%s\"}}}"
                .formatted(base64("hub:pw")));
    assertThat(find(credentials, "rancher/shell")).contains(Credential.password("hub", "pw"));
  }

  @Test
  void theLongestNamespaceWins() throws IOException {
    Credentials credentials =
        config(
            """
            {"auths": {
              "quay.io": {"auth": "%s"},
              "quay.io/team": {"auth": "%s"},
              "quay.io/team/app": {"auth": "%s"}}}
            """
                .formatted(base64("host:x"), base64("team:x"), base64("app:x")));
    assertThat(find(credentials, "quay.io/other/app").map(Credential::username)).contains("host");
    assertThat(find(credentials, "quay.io/team/b/c").map(Credential::username)).contains("team");
    assertThat(find(credentials, "quay.io/team/app").map(Credential::username)).contains("app");
    assertThat(find(credentials, "quay.io/teams/app").map(Credential::username)).contains("host");
  }

  @Test
  void anIdentityTokenIsTakenForAnyRegistry() throws IOException {
    Credentials credentials =
        config(
            "{\"auths\":{\"h.example.com\":{\"auth\":\"%s\",\"identitytoken\":\"it\"}}}"
                .formatted(base64("<token>:")));
    assertThat(find(credentials, "h.example.com/a")).contains(new Credential("", "it", true));
  }

  @Test
  void aHelperIsAskedForItsRegistryAndTheStoreForTheOthers() throws IOException {
    helper("one", "read s; printf '{\"ServerURL\":\"x\",\"Username\":\"h1\",\"Secret\":\"s1\"}'");
    helper(
        "all",
        "read s; echo \"$s\" >> "
            + directory.resolve("asked")
            + "; printf '{\"Username\":\"<token>\",\"Secret\":\"s2\"}'");
    Credentials credentials =
        config("{\"credHelpers\":{\"one.example.com\":\"one\"},\"credsStore\":\"all\"}");
    assertThat(find(credentials, "one.example.com/a")).contains(Credential.password("h1", "s1"));
    assertThat(find(credentials, "two.example.com/a")).contains(new Credential("", "s2", true));
    assertThat(find(credentials, "two.example.com/b")).isPresent();
    assertThat(directory.resolve("asked")).content().isEqualToIgnoringNewLines("two.example.com");
  }

  @Test
  void aHelperThatKnowsNothingIsNoError() throws IOException {
    helper("none", "read s; echo 'credentials not found in native keychain'; exit 1");
    assertThat(find(config("{\"credsStore\":\"none\"}"), "a.example.com/b")).isEmpty();
  }

  @Test
  void whatAFailingHelperPrintsIsNotShown() throws IOException {
    helper("bad", "read s; echo s3cret; echo s3cret >&2; exit 2");
    Credentials credentials = config("{\"credHelpers\":{\"a.example.com\":\"bad\"}}");
    assertThatThrownBy(() -> find(credentials, "a.example.com/b"))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("docker-credential-bad")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aStoreThatFailsForARegistryJustHasNothing() throws IOException {
    helper("odd", "read s; echo 'not one of mine' >&2; exit 1");
    assertThat(find(config("{\"credsStore\":\"odd\"}"), "a.example.com/b")).isEmpty();
  }

  @Test
  @Timeout(120)
  void aHelperThatHangsIsStopped() throws IOException {
    helper("slow", "sleep 600");
    Credentials credentials = config("{\"credsStore\":\"slow\"}");
    assertThatThrownBy(() -> find(credentials, "a.example.com/b"))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("did not answer");
    // None that is there still, rather than none that is alive when it is asked a moment later.
    assertThat(
            ProcessHandle.current()
                .children()
                .filter(p -> p.info().commandLine().orElse("").contains(directory.toString()))
                .toList())
        .isEmpty();
  }

  @Test
  void aMissingHelperIsNamed() throws IOException {
    Credentials credentials = config("{\"credsStore\":\"absent\"}");
    assertThatThrownBy(() -> find(credentials, "a.example.com/b"))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("docker-credential-absent");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \n",
        "\uFEFF",
        "\uFEFF{\"auths\":{}}",
        "{}",
        "{\"auths\":null}",
        "{\"auths\":[], \"credHelpers\":null, \"credsStore\":\"\"}",
        "{\"auths\":{\"h.x\":null}}",
        "{\"auths\":{\"h.x\":{}, \"other.x\":\"s3cret\"}}"
      })
  void aFileWithoutContentHasNoEntries(String content) throws IOException {
    assertThat(find(config(content), "h.x/a")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"auths\": s3cret",
        "[\"s3cret\"]",
        "\"s3cret\"",
        "s3cret",
        "{\"auths\":\"s3cret\"}",
        "{\"auths\":[\"s3cret\"]}",
        "{\"auths\":{\"h.x\":\"s3cret\"}}"
      })
  void aMalformedFileIsNamedWhereItIsNeededWithoutItsContent(String content) throws IOException {
    assertRefused(config(content), "h.x/a");
    Files.createDirectories(directory.resolve("home/.docker"));
    Files.move(directory.resolve("config.json"), directory.resolve("home/.docker/config.json"));
    write("named.json", "named");
    assertThat(user(Map.of("REGISTRY_AUTH_FILE", at("named.json")))).isEqualTo("named");
  }

  @ParameterizedTest
  @ValueSource(strings = {"!s3cret", "czNjcmV0", "czNjcmV0OnA", "="})
  void anUndecodableEntryMattersToItsRegistryOnly(String auth) throws IOException {
    Credentials credentials =
        config(
            "{\"auths\":{\"bad.x\":{\"auth\":\"%s\"},\"h.x\":{\"auth\":\"%s\"}}}"
                .formatted(auth, base64("u:p")));
    assertThat(find(credentials, "h.x/a")).contains(Credential.password("u", "p"));
    assertThat(find(credentials, "other.x/a")).isEmpty();
    if (!auth.equals("czNjcmV0OnA")) { // without its padding, which can be spared
      assertRefused(credentials, "bad.x/a");
    }
  }

  @Test
  void aFileThatCantBeReadIsNamedWhereItIsNeeded() throws IOException {
    Files.createDirectories(directory.resolve("home/.docker/config.json"));
    Credentials credentials =
        DockerCredentials.fromEnvironment(Map.of(), directory.resolve("home"));
    assertThatThrownBy(() -> find(credentials, "h.x/a"))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("home/.docker/config.json");
  }

  private void assertRefused(Credentials credentials, String image) {
    assertThatThrownBy(() -> find(credentials, image))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining(at("config.json"))
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void theEnvironmentSaysWhereToLook() throws IOException {
    write("home/.docker/config.json", "home-docker");
    write("home/.config/containers/auth.json", "home-podman");
    write("run/containers/auth.json", "run-podman");
    write("docker/config.json", "docker");
    write("named.json", "named");
    assertThat(user(Map.of())).isEqualTo("home-podman");
    assertThat(user(Map.of("XDG_RUNTIME_DIR", at("run")))).isEqualTo("run-podman");
    assertThat(user(Map.of("REGISTRY_AUTH_FILE", at("named.json")))).isEqualTo("named");
    write("xdg/containers/auth.json", "xdg-podman");
    assertThat(user(Map.of("XDG_CONFIG_HOME", at("xdg")))).isEqualTo("xdg-podman");
    Files.delete(directory.resolve("home/.config/containers/auth.json"));
    assertThat(user(Map.of())).isEqualTo("home-docker");
    assertThat(user(Map.of("DOCKER_CONFIG", at("docker")))).isEqualTo("docker");
    assertThatThrownBy(() -> user(Map.of("REGISTRY_AUTH_FILE", at("absent.json"))))
        .hasMessageContaining("absent.json does not exist");
  }

  @Test
  void aCredentialDoesNotShowItsSecret() {
    assertThat(Credential.password("carol", "s3cret")).hasToString("user carol");
    assertThat(new Credential("", "s3cret", true).toString()).doesNotContain("s3cret");
  }

  private String user(Map<String, String> environment) {
    return find(DockerCredentials.fromEnvironment(environment, directory.resolve("home")), "h.x/a")
        .map(Credential::username)
        .orElse("");
  }

  private void write(String file, String user) throws IOException {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, "{\"auths\":{\"h.x\":{\"auth\":\"" + base64(user + ":p") + "\"}}}");
  }

  private String at(String name) {
    return directory.resolve(name).toString();
  }

  private Credentials config(String json) throws IOException {
    Path file = Files.writeString(directory.resolve("config.json"), json);
    return new DockerCredentials(
        List.of(CredentialFile.read(file)),
        new CredentialHelpers(Map.of("PATH", directory + ":/usr/bin:/bin"), Duration.ofSeconds(2)));
  }

  private void helper(String name, String script) throws IOException {
    Path file = directory.resolve("docker-credential-" + name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private static Optional<Credential> find(Credentials credentials, String image) {
    return credentials.find(Reference.parse(image).repository());
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
