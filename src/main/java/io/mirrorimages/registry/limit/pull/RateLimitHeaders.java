package io.mirrorimages.registry.limit.pull;

import io.mirrorimages.mirror.RateLimitStatus.Account;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an answer tells of a quota of pulls, as Docker Hub does: {@code ratelimit-limit:
 * 100;w=21600}, {@code ratelimit-remaining: 57;w=21600} (w in seconds, at most a day), {@code
 * docker-ratelimit-source} with an address, or the id of a user, neither of which is kept.
 *
 * @param limit the most in a window
 * @param remaining how many of them are left
 * @param window how long it is
 * @param account for whom it counts
 */
record RateLimitHeaders(
    OptionalLong limit, OptionalLong remaining, Optional<Duration> window, Account account) {
  private static final Pattern HEADER =
      Pattern.compile("\\s*([0-9]{1,9})\\s*;\\s*w\\s*=\\s*([1-9][0-9]{0,8})\\s*");
  // Bounds a wait to one day, whatever the registry says.
  private static final long LONGEST_WINDOW = Duration.ofDays(1).toSeconds();
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(/[0-9]{1,3})?");

  /**
   * Reads them.
   *
   * @param header gives an answer's header by its name
   */
  static RateLimitHeaders of(Function<String, Optional<String>> header) {
    Optional<Matcher> limit = header.apply("ratelimit-limit").flatMap(RateLimitHeaders::parse);
    Optional<Matcher> remaining =
        header.apply("ratelimit-remaining").flatMap(RateLimitHeaders::parse);
    return new RateLimitHeaders(
        number(limit),
        number(remaining),
        limit.or(() -> remaining).map(m -> Duration.ofSeconds(Long.parseLong(m.group(2)))),
        header
            .apply("docker-ratelimit-source")
            .map(RateLimitHeaders::account)
            .orElse(Account.UNKNOWN));
  }

  private static Optional<Matcher> parse(String value) {
    return Optional.of(HEADER.matcher(value))
        .filter(Matcher::matches)
        .filter(m -> Long.parseLong(m.group(2)) <= LONGEST_WINDOW);
  }

  private static OptionalLong number(Optional<Matcher> header) {
    return header.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(header.get().group(1)));
  }

  private static Account account(String source) {
    return ADDRESS.matcher(source.strip()).matches() ? Account.ADDRESS : Account.USER;
  }

  /** Whether there are any. */
  boolean arePresent() {
    return limit.isPresent() || remaining.isPresent();
  }
}
