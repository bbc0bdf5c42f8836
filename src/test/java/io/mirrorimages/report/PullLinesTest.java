package io.mirrorimages.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.mirror.PullForecast;
import io.mirrorimages.mirror.RateLimitStatus;
import io.mirrorimages.mirror.RateLimitStatus.Account;
import io.mirrorimages.mirror.RateLimitStatus.Turn;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PullLinesTest {

  @Test
  void whatSufficesIsSaidWithoutATime() {
    assertThat(text(Turn.ONLY, Account.USER, 200, 187, 0, 12, true))
        .isEqualTo(
            "docker.io: 12 counted pulls are needed, 187 of 200 per 6 h are left (as the user)");
  }

  @Test
  void whatDoesNotSufficeSaysHowLongItTakesAndWhatHelps() {
    assertThat(text(Turn.ONLY, Account.ADDRESS, 100, 87, 0, 412, true))
        .isEqualTo(
            "docker.io: 412 counted pulls are needed, 87 of 100 per 6 h are left (anonymous, by"
                + " address): about 24 h (log in, or add a mirror, for more)");
    assertThat(text(Turn.ONLY, Account.USER, 100, 87, 0, 412, false))
        .contains("at least 412 ", ": about 24 h or more (add a mirror, for more)");
  }

  @Test
  void theWholeWindowsThatPassAreTheTime() {
    assertThat(text(Turn.ONLY, Account.UNKNOWN, 100, 0, 0, 100, true)).contains("about 6 h");
    assertThat(text(Turn.ONLY, Account.UNKNOWN, 100, 0, 0, 101, true)).contains("about 12 h");
    assertThat(text(Turn.ONLY, Account.UNKNOWN, 100, 100, 0, 100, true)).doesNotContain("about");
  }

  @Test
  void whatStandsInForOthersOrIsStoodInForIsSaid() {
    assertThat(text(Turn.LATER, Account.UNKNOWN, 100, 87, 0, 1, true))
        .isEqualTo(
            "docker.io: 1 counted pull would be needed if what is asked before it had nothing, 87"
                + " of 100 per 6 h are left");
    assertThat(text(Turn.FIRST, Account.UNKNOWN, 100, 3, 2, 9, true))
        .isEqualTo(
            "docker.io: 9 more counted pulls are needed, 3 of 100 per 6 h are left: the rest is"
                + " asked for elsewhere");
  }

  private static String text(
      Turn turn, Account account, long limit, long left, long made, long needed, boolean exact) {
    return PullLines.text(
        new PullForecast(
            new RateLimitStatus("docker.io", turn, account, limit, Duration.ofHours(6), left, made),
            needed,
            exact));
  }
}
