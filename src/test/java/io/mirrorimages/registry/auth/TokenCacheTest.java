package io.mirrorimages.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokenCacheTest {
  private static final Access ACCESS = Access.none("registry.example.com");

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final TokenCache cache = new TokenCache(() -> now);
  private int fetched;

  @Test
  void aClockThatJumpsForwardCostsATokenAtMost() throws IOException {
    String first = token(Optional.empty());
    now = now.plus(Duration.ofDays(1));

    assertThat(token(Optional.empty())).isNotEqualTo(first);
    assertThat(fetched).isEqualTo(2);
  }

  @Test
  void aTokenThatOutlivedItselfSinceTheClockJumpedBackIsReplacedWhenItIsRefused()
      throws IOException {
    String first = token(Optional.empty());
    now = now.minus(Duration.ofDays(1));
    assertThat(token(Optional.empty())).isEqualTo(first);

    String second = token(Optional.of(first));

    assertThat(second).isNotEqualTo(first);
    assertThat(token(Optional.empty())).isEqualTo(second);
    assertThat(fetched).isEqualTo(2);
  }

  @Test
  void whatIsForgottenIsAskedForAgainAndNothingElse() throws IOException {
    String first = token(Optional.empty());

    cache.forget(access -> !access.equals(ACCESS));
    assertThat(token(Optional.empty())).isEqualTo(first);
    cache.forget(ACCESS::equals);

    assertThat(token(Optional.empty())).isNotEqualTo(first);
  }

  private String token(Optional<String> rejected) throws IOException {
    return cache.get(ACCESS, rejected, () -> Token.lasting("t" + ++fetched, now, 60)).value();
  }
}
