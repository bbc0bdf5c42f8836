package io.mirrorimages.report;

import io.mirrorimages.mirror.PullForecast;
import io.mirrorimages.mirror.RateLimitStatus;
import io.mirrorimages.mirror.RateLimitStatus.Account;
import io.mirrorimages.mirror.RateLimitStatus.Turn;
import java.time.Duration;

/**
 * What a plan costs at a place that counts the manifests it gives, and how long it takes if they
 * are too many.
 */
public final class PullLines {
  private PullLines() {}

  /** The forecast in one line, without any secret. */
  public static String text(PullForecast forecast) {
    RateLimitStatus allowance = forecast.allowance();
    return allowance.place()
        + ": "
        + needed(forecast)
        + ", "
        + allowance.left()
        + " of "
        + allowance.limit()
        + " per "
        + span(allowance.window())
        + " are left"
        + account(allowance.account())
        + forecast.time().map(time -> outcome(forecast, time)).orElse("");
  }

  private static String needed(PullForecast forecast) {
    boolean more = forecast.needed() > 0 && forecast.allowance().made() > 0;
    String count =
        (forecast.exact() || forecast.needed() == 0 ? "" : "at least ")
            + forecast.needed()
            + (more ? " more" : "")
            + " counted pull"
            + (forecast.needed() == 1 ? "" : "s");
    if (forecast.needed() == 0) {
      return forecast.allowance().made() > 0
          ? Units.count(forecast.allowance().made(), "counted pull") + " made, no more are needed"
          : "no counted pulls are needed";
    }
    return forecast.allowance().turn() == Turn.LATER
        ? count + " would be needed if what is asked before it had nothing"
        : count + (forecast.needed() == 1 ? " is needed" : " are needed");
  }

  private static String account(Account account) {
    return switch (account) {
      case ADDRESS -> " (anonymous, by address)";
      case USER -> " (as the user)";
      case UNKNOWN -> "";
    };
  }

  private static String outcome(PullForecast forecast, Duration time) {
    if (forecast.allowance().turn() == Turn.FIRST) {
      return ": the rest is asked for elsewhere";
    }
    return ": about "
        + span(time)
        + (forecast.exact() ? "" : " or more")
        + (forecast.allowance().account() == Account.USER
            ? " (add a mirror, for more)"
            : " (log in, or add a mirror, for more)");
  }

  private static String span(Duration time) {
    long seconds = time.toSeconds();
    if (seconds % 3600 == 0 || seconds >= 36_000) {
      return (seconds + 3599) / 3600 + " h";
    }
    return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
  }
}
