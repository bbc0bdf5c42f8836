package io.mirrorimages.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChallengeTest {

  @Test
  void quotedValuesMayHoldCommasAndEscapes() {
    assertThat(
            Challenge.parse(
                List.of("Bearer realm=\"https://a/t\",service=\"x\\\"y\",scope=\"r:a:pull,push\"")))
        .containsExactly(
            new Challenge(
                "bearer",
                Map.of("realm", "https://a/t", "service", "x\"y", "scope", "r:a:pull,push")));
  }

  @Test
  void severalSchemesMayStandInOneHeaderAndInSeveral() {
    assertThat(
            Challenge.parse(
                List.of("Negotiate, BASIC Realm=plain , Bearer realm=\"b\"", "Digest realm=d")))
        .extracting(Challenge::scheme)
        .containsExactly("negotiate", "basic", "bearer", "digest");
  }

  @Test
  void blanksAroundEqualsAndMissingCommasAreBorne() {
    assertThat(Challenge.parse(List.of("Bearer realm = \"b\" service=s")))
        .containsExactly(new Challenge("bearer", Map.of("realm", "b", "service", "s")));
  }

  @Test
  void aTokenBehindASchemeDoesNotHideTheNext() {
    assertThat(Challenge.parse(List.of("Negotiate YII==, Basic realm=\"x\"")))
        .extracting(Challenge::scheme)
        .contains("negotiate", "basic");
  }

  @Test
  void nonsenseIsNoChallenge() {
    assertThat(Challenge.parse(List.of("", " , ,", "==", "\"\""))).isEmpty();
    assertThat(Challenge.parse(List.of("Bearer realm=\"never closed")))
        .containsExactly(new Challenge("bearer", Map.of("realm", "never closed")));
  }
}
