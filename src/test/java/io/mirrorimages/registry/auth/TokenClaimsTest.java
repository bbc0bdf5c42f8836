package io.mirrorimages.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenClaimsTest {
  @Test
  void tellsTheActionsOfTheRepositoryAndOfNoOther() {
    String token =
        token(
            """
            {"access":[{"type":"repository","name":"a/b","actions":["pull","push"]},
                       {"type":"registry","name":"a/c","actions":["*"]},
                       {"type":"repository","name":"a/d","actions":null}]}\
            """);

    assertThat(TokenClaims.actions(token, "a/b").orElseThrow()).containsOnly("pull", "push");
    assertThat(TokenClaims.actions(token, "a/c").orElseThrow()).isEmpty();
    assertThat(TokenClaims.actions(token, "a/d").orElseThrow()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "opaque", "a.b", "a.*.c", "a.b.c.d", "a.e30.c", "a.W10.c"})
  void knowsNothingOfTokensOfAnotherKind(String token) {
    assertThat(TokenClaims.actions(token, "a/b")).isEmpty();
  }

  private static String token(String claims) {
    return "h."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + ".s";
  }
}
