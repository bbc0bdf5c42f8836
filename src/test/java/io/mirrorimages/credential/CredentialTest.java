package io.mirrorimages.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialTest {
  private static final Credential ANNA = Credential.password("anna", "pass:word");

  private static String encoded(String plain) {
    return Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void anAuthIsBase64OfUserAndPassword() {
    assertThat(Credential.decode(encoded("anna:pass:word"))).contains(ANNA);
    assertThat(Credential.decode(" " + encoded("anna:pass:word\0\0") + "\n")).contains(ANNA);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "anna:pass", "YW5uYQ=="})
  void anythingElseIsNone(String auth) {
    assertThat(Credential.decode(auth)).isEmpty();
  }

  @Test
  void whatStandsBehindAColonOfAUserIsNotShown() {
    assertThat(Credential.password("robot$pull:s3cr3t", "x")).hasToString("user robot$pull:...");
    assertThat(Credential.password("robot$pull", "x")).hasToString("user robot$pull");
  }

  @Test
  void containerdPrefersTheUserThenTheTokenThenTheAuth() {
    String auth = encoded("anna:pass:word");
    Credential token = new Credential("", "token", true);

    assertThat(Credential.ofContainerd("bert", "b", "token", auth))
        .contains(Credential.password("bert", "b"));
    assertThat(Credential.ofContainerd("", "b", "token", auth)).contains(token);
    assertThat(Credential.ofContainerd("", "b", "", auth)).contains(ANNA);
    assertThat(Credential.ofContainerd("", "b", "", "")).isEmpty();
  }
}
