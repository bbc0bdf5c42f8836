package io.mirrorimages.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  private static final String PASSWORD = "p4$$w/rd %&CANARY-zq1";
  private static final String PAIR = base64("some-user:" + PASSWORD);
  private static final String TOKEN = "opaque-CANARY-" + "0123456789abcdef".repeat(8);

  @Test
  void thePasswordThatIsTheWordItselfHidesNoWordAndShowsNoOtherSecret() {
    Secrets.add("password");
    assertThat(Secrets.mask("the password is refused")).isEqualTo("the password is refused");
    assertThat(Secrets.mask("{\"password\": \"CANARY\"}")).doesNotContain("CANARY");
  }

  @Test
  void whatWasSentIsMaskedInEveryEncodingThatServersRepeat() {
    Secrets.addAuthorization("Basic " + PAIR);
    Secrets.addAuthorization("Bearer " + TOKEN);
    for (String repeated :
        List.of(
            "it was " + PASSWORD,
            "some-user:" + PASSWORD + " is wrong",
            "auth=" + PAIR,
            PAIR.replace("=", ""),
            base64(PASSWORD),
            "?p=p4%24%24w%2Frd+%26CANARY-zq1".replace("%26", "%25%26"),
            "<" + TOKEN + ">",
            TOKEN.substring(0, 40) + "...",
            TOKEN + TOKEN)) {
      assertThat(Secrets.mask(repeated))
          .as(repeated)
          .contains("***")
          .doesNotContain("CANARY", "opaque", PAIR.substring(0, 20), base64(PASSWORD));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\": \"bad CANARY\\\"7\\\\A&B<C>\\/\u00e4 D\"}",
        "{\"error\": \"bad CANARY\\\"7\\\\A\\u0026B\\u003cC\\u003E/\\u00e4 D\"}",
        "bad CANARY&quot;7\\A&amp;B&lt;C&gt;/\u00e4 D",
        "bad CANARY&#34;7&#92;A&#38;B&#x3c;C&#x3E;&#47;&#228; D",
        "p=CANARY%227%5cA%26B%3cC%3e%2f%c3%a4%20D",
        "p=CANARY\"7\\A&B<C>/%C3%A4+D"
      })
  void aPasswordIsMaskedHoweverItIsEscaped(String repeated) {
    Secrets.add("CANARY\"7\\A&B<C>/\u00e4 D");
    assertThat(Secrets.mask(repeated)).contains("***").doesNotContain("CANARY", "B", "7");
  }

  @Test
  void theQueryOfAnAddressThatWasFollowedIsMaskedPieceByPiece() {
    Secrets.addQuery(
        "/bucket/blob?X-Amz-Signature=CANARYsignature01&_state=CANARYstate%3D%3D&x=CANARYrandom12345678"
            + "&namespace=jetstack&repo_name=cert-manager-controller&Key-Pair-Id=CANARYkey");
    assertThat(
            Secrets.mask(
                "CANARYsignature01 and CANARYstate== or CANARYstate%3D%3D, CANARYrandom12345678,"
                    + " CANARYkey"))
        .doesNotContain("CANARY");
    assertThat(Secrets.mask("quay.io/jetstack/cert-manager-controller:v1"))
        .isEqualTo("quay.io/jetstack/cert-manager-controller:v1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJDQU5BUlkifQ.CANARYsig is expired",
        "see /v2/x?token=CANARY1 or //h/x?sig=CANARY2",
        "ftp://u:CANARY@h/ or https://u:CANARY@h/x or https://u:CANA/RY@h",
        "u:CANARY@registry.lan:5000: not a registry",
        "'user:CANARY@registry.lan/a/b:1'",
        "GET /x X-Amz-Credential=CANARY&amp;X-Amz-Security-Token=CANARY&amp;X-Amz-Signature=CANARY",
        "<Resource>/blob?X-Amz-Signature=CANARY</Resource>",
        "{\"access_token\":\"CANARY\", \"password\" : \"CANARY\"}",
        "Authorization: Basic CANARYCANARY=",
        "api_key=CANARY;x=1",
        "EYJhbGciOiJSUzI1NiJ9.CANARY",
        "AUTHORIZATION: BEARER CANARYCANARY",
        "HTTPS://H/X?A.CANARY",
        "API_KEY=CANARY",
        "{\"TOKEN\":\"CANARY\"}"
      })
  void whatHasTheFormOfASecretIsMasked(String text) {
    assertThat(Secrets.mask(text)).isNotEqualTo(text).doesNotContain("CANARY", "CANA/RY");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker.io/library/busybox:1@sha256:0123456789abcdef",
        "127.0.0.1:5000/a/b:v1 does not have it",
        "https://ghcr.io/v2/a/b/blobs/sha256:0123456789abcdef is missing",
        "check the credentials: docker login, or --username with --password-stdin",
        "cannot reach a.lan:443: connection refused; is it running, is the port right?",
        "bob@example.com and/or alice",
        "\tat io.mirrorimages.cli.Main.main(Main.java:12)"
      })
  void theRestStaysAsItIs(String text) {
    assertThat(Secrets.mask(text)).isEqualTo(text);
  }

  @Test
  void aShortPasswordDoesNotMakeTextsUnreadable() {
    Secrets.add("a");
    Secrets.add("brisk1");
    assertThat(Secrets.mask("a banana, brisk10, abrisk1")).isEqualTo("a banana, brisk10, abrisk1");
    assertThat(Secrets.mask("was brisk1.")).isEqualTo("was ***.");
  }

  @Test
  void aUserNameIsNoSecretHoweverLong() {
    String robot = "robot$some-project-with-a-long-name+some-robot";
    Secrets.addAuthorization("Basic " + base64(robot + ":Pw4CANARY"));
    assertThat(Secrets.mask("refuses user " + robot)).isEqualTo("refuses user " + robot);
    assertThat(Secrets.mask(robot + ":Pw4CANARY is wrong")).isEqualTo("*** is wrong");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rancher", "harbor", "kubernetes-dashboard", "busybox1"})
  void aPasswordThatIsAWordDoesNotChangeNamesOfImages(String word) {
    Secrets.addAuthorization("Basic " + base64("somebody:" + word));
    for (String name :
        List.of(
            "docker.io/%s/%s:v2.10.4",
            "%s.example.com/x/a-%s:1", "%s:5000/a/%s-agent:1", "%s@sha256:0123", "%ss")) {
      String text = name.replace("%s", word);
      assertThat(Secrets.mask(text)).isEqualTo(text);
    }
    for (String repeated :
        List.of("it was %s.", "\"%s\" is wrong", "p=%s&q", "somebody:%s@h", "(%s)")) {
      assertThat(Secrets.mask(repeated.replace("%s", word))).contains("***").doesNotContain(word);
    }
  }

  @Test
  void itIsBoundedAndTakesTheLatest() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all =
          IntStream.range(0, 5000)
              .<Future<?>>mapToObj(
                  i -> threads.submit(() -> Secrets.add("many-values-" + i + "-!")))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    }
    Secrets.add("the-latest-value-CANARY");
    assertThat(Secrets.mask("it: the-latest-value-CANARY")).isEqualTo("it: ***");
  }

  @Test
  @Timeout(120)
  void noTextMakesItSlow() {
    for (String piece :
        List.of("sig", "/", "a://", "=", "eyJ", ":", "basic ", "\"token\":\"", "a:@")) {
      assertThat(Secrets.mask(piece.repeat(64 * 1024 / piece.length()))).isNotEmpty();
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
