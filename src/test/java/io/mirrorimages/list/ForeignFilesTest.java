package io.mirrorimages.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files with secrets that are given as lists by mistake: no message shows their contents. */
class ForeignFilesTest {
  /** As long as a token, and as random. */
  private static final String CANARY = "C4naryXq7Zt2LmN8pRs5Vw";

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      value = {
        "-----BEGIN PRIVATE KEY-----;CANARY;-----END => a key or a certificate (PEM)",
        "Bag Attributes;-----BEGIN CERTIFICATE-----;CANARY => a key or a certificate (PEM)",
        "machine h.lan login me password CANARY => a file of logins (netrc)",
        "# mine;machine h.lan;  login me;  password CANARY => a file of logins (netrc)",
        "default login me password CANARY => a file of logins (netrc)",
        "apiVersion: v1;kind: Config;users:;- user: {token: CANARY} => a kubeconfig",
        "apiVersion: v1;clusters:;- cluster:;    server: https://u:CANARY@h => a kubeconfig",
        "mirrors:;  docker.io:;configs:;  h:;    auth: {password: CANARY} => a registries.yaml",
        "configs:;  h:;    auth:;      password: CANARY => a registries.yaml",
        "# x;DB_HOST=h;DB_PASS=CANARY => a file of variables",
        "export TOKEN=CANARY => a file of variables",
        "#!/bin/sh;docker login -u me -p CANARY => a script",
        "- name: admin;  user:;    token: kubeconfig-u-1:CANARY => keys of a credential file",
        "data:;  .dockerconfigjson: x;  db-password: CANARY => keys of a credential file",
        "{\"auths\": {\"h\": {\"auth\": \"CANARY\"}}} => a configuration of docker with logins",
        "{\"token\": \"CANARY\", => is JSON",
        "{\"message\": \"CANARY\"} => what a server said",
      })
  void isNamedByItsKind(String text, String kind) {
    assertThat(problems(text.replace(';', '\n')))
        .singleElement()
        .asString()
        .contains(kind, "not an image list")
        .doesNotContain("sed ");
  }

  /** Lines that come too late to show what the file is. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "DB_PASS=CANARY",
        "export REGISTRY_TOKEN=CANARY",
        "  password CANARY",
        "login me password CANARY",
        "    password: \"CANARY\"",
        "    auth: CANARY",
        "    token: CANARY",
        "client-key-data: CANARY",
        "client-key-data: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpNSUlF/CANARY/AbCdEfG1",
        "CANARY",
        "hunter2!CANARY",
        "LS0tLS1CRUdJTiBDRVJUSUZJ/CANARY/AbCdEfGh1",
        "admin:$2y$05$CANARY",
        "me:CANARY@h.lan/a/b:1",
        "https://me:CANARY@h.lan/a/b:1",
        "-p CANARY",
        "\"auth\": \"CANARY\",",
        "docker login -u me --password CANARY h.lan",
        "password :CANARY",
        "a.invalid/b:1 --password:CANARY",
      })
  void noSecretOfALineIsShown(String line) {
    for (String list : List.of("LINE\nLINE\n", "a/b:1\nLINE\na/c:1\n")) {
      assertThat(problems(list.replace("LINE", line))).isNotEmpty();
    }
  }

  /** Passwords as people choose them: neither long nor random, in any place of a line. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "skopeo copy --src-creds user:SECRET docker://a/b:c dir:x",
        "skopeo inspect --creds u:SECRET docker://a/b:c",
        "podman pull --creds u:SECRET a/b:c",
        "nerdctl pull --creds u:SECRET a/b:c",
        "crictl pull --creds u:SECRET a/b:c",
        "sudo crictl pull --creds=u:SECRET a/b:c",
        "ctr images pull --user u:SECRET docker.io/a/b:c",
        "oras pull -u admin -p SECRET a/b:c",
        "docker pull a/b:c && echo SECRET | docker login -u u --password-stdin h.lan",
        "docker pull a/b:c # pw SECRET",
        "docker pull a/b:c SECRET",
        "docker SECRET",
        "$ docker pull admin:SECRET",
        "busybox:latest SECRET",
        "busybox:1,SECRET",
        "busybox:1;SECRET",
        "admin:SECRET",
        "admin:SECRET a/b:c",
        "admin :SECRET",
        "admin:SECRET+1",
        "a/b:c admin:SECRET",
        "a/b:c u/p:SECRET",
        "quay.io/a/b: SECRET",
        "me:SECRET@h.lan/a/b:1",
        "https://me:SECRET@h.lan/a/b:1",
        "SECRET://a/b:1",
        "\uff1aSECRET",
        "\uff03 SECRET",
        "- SECRET",
        "image: SECRET",
        "name: admin:SECRET",
        "HTTP/1.1 403 Forbidden SECRET",
        "not found SECRET",
      })
  void noWordThatMayBeASecretIsShown(String line) {
    String secret = "Hunter2x";
    for (String list : List.of("LINE\n", "LINE\nLINE\n", "a/b:1\nLINE\na/c:1\n")) {
      byte[] text =
          list.replace("LINE", line.replace("SECRET", secret)).getBytes(StandardCharsets.UTF_8);
      ImageListException e =
          catchThrowableOfType(
              ImageListException.class,
              () -> ImageList.read(List.of("-"), new ByteArrayInputStream(text)));
      if (e != null) {
        assertThat(e.problems())
            .isNotEmpty()
            .noneMatch(p -> p.toLowerCase(Locale.ROOT).contains("hunter2x"));
      }
    }
  }

  /** Of the commands that remedies name, none prints what is not a name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "skopeo copy --src-creds u:p docker://a/b:c dir:x",
        "podman pull --creds u:p a/b:c",
        "docker pull a/b:c # p",
        "docker pull a/b:c p",
        "docker pull a/x:1\ndocker pull a/b:c && echo p:w | docker login",
      })
  void aCommandWithALoginGetsNoCommandAsRemedy(String lines) {
    assertThat(problems(lines))
        .singleElement()
        .asString()
        .contains("by hand")
        .doesNotContain("awk", "grep", "tr -s");
  }

  @Test
  void aRemedyNamesOnlyKeysThatHoldImages() {
    assertThat(problems("a/b:1\n- credentials: u/x:CANARY\n"))
        .singleElement()
        .asString()
        .contains("image: *")
        .doesNotContain("credentials");
  }

  @Test
  void programAndSubcommandOfACommandAreShown() {
    assertThat(problems("skopeo copy --src-creds u:p docker://a/b:c dir:x"))
        .singleElement()
        .asString()
        .contains("\"skopeo copy ...\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Rancher/shell@sha256:DIGEST",
        "Rancher/shell:v1@sha256:DIGEST",
        "a/b:1 sha256:DIGEST c/d:1",
        "https://quay.io/oauth2-proxy/oauth2-proxy@sha256:DIGEST"
      })
  void digestsStayReadable(String line) {
    String hex = "0123456789abcdef".repeat(4);
    assertThat(problems(line.replace("DIGEST", hex))).singleElement().asString().contains(hex);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://ghcr.io/external-secrets/external-secrets:v0.9.1",
        "Docker.io/Rancher/Vault-Secrets-Operator1:v1.2.3",
        "- quay.io/oauth2-proxy/oauth2-proxy:v7.1.2",
      })
  void aNameThatHasAWordForASecretIsShown(String line) {
    assertThat(problems(line)).singleElement().asString().contains('"' + line + '"');
  }

  @Test
  void ofAFileOfOtherLinesThreeAreNamed() {
    assertThat(problems("Some Other Text\n".repeat(26)))
        .singleElement()
        .asString()
        .contains("is not an image list", "26 lines", "such as line 1, line 2, line 3")
        .doesNotContain("line 4", "Some");
  }

  private static List<String> problems(String text) {
    byte[] list = text.replace("CANARY", CANARY).getBytes(StandardCharsets.UTF_8);
    List<String> problems =
        catchThrowableOfType(
                ImageListException.class,
                () -> ImageList.read(List.of("-"), new ByteArrayInputStream(list)))
            .problems();
    assertThat(problems).noneMatch(problem -> problem.contains(CANARY));
    return problems;
  }
}
