package io.mirrorimages.registry;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one registry may be asked for.
 *
 * @param registry the registry as it stands in image names
 * @param requests how many requests in which time; empty for no limit
 * @param concurrency the most requests at once, a blob counting until its last byte
 */
public record HostBudget(String registry, Optional<Rate> requests, int concurrency) {
  /**
   * For hosts without a budget: eight blobs, as many as {@code --jobs} moves by default, and the
   * small requests beside them.
   */
  public static final int DEFAULT_CONCURRENCY = 16;

  private static final Pattern RATE =
      Pattern.compile("([1-9][0-9]{0,8})/([1-9][0-9]{0,3})?([smhd])");

  /** Refuses a concurrency below 1. */
  public HostBudget {
    if (concurrency < 1) {
      throw new InvalidContentException("concurrency of " + registry + " is below 1");
    }
  }

  /**
   * So many in so much time.
   *
   * @param count 1 or more
   * @param time the time after which as many are free again
   */
  public record Rate(int count, Duration time) {}

  /** The budget of a registry that nothing was said about. */
  public static HostBudget unlimited(String registry) {
    return new HostBudget(registry, Optional.empty(), DEFAULT_CONCURRENCY);
  }

  /**
   * Reads {@code HOST:requests=20/m,concurrency=6}; either part may be absent. Times are {@code s},
   * {@code m}, {@code h} or {@code d}, with a number before them if they are more than one.
   *
   * @throws InvalidContentException with the reason, if it is anything else
   */
  public static HostBudget parse(String text) {
    int equals = text.indexOf('=');
    int colon = text.lastIndexOf(':', equals);
    if (equals < 0 || colon < 1) {
      throw malformed(text);
    }
    HostBudget budget = unlimited(Reference.checkRegistry(text.substring(0, colon)));
    for (String part : text.substring(colon + 1).split(",", -1)) {
      if (part.startsWith("requests=")) {
        budget =
            new HostBudget(
                budget.registry, Optional.of(rate(part.substring(9), text)), budget.concurrency);
      } else if (part.matches("concurrency=[0-9]{1,4}")) {
        budget =
            new HostBudget(budget.registry, budget.requests, Integer.parseInt(part.substring(12)));
      } else {
        throw malformed(text);
      }
    }
    return budget;
  }

  private static Rate rate(String text, String whole) {
    Matcher rate = RATE.matcher(text);
    if (!rate.matches()) {
      throw malformed(whole);
    }
    long times = rate.group(2) == null ? 1 : Long.parseLong(rate.group(2));
    Duration unit =
        switch (rate.group(3)) {
          case "s" -> Duration.ofSeconds(1);
          case "m" -> Duration.ofMinutes(1);
          case "h" -> Duration.ofHours(1);
          default -> Duration.ofDays(1);
        };
    return new Rate(Integer.parseInt(rate.group(1)), unit.multipliedBy(times));
  }

  private static InvalidContentException malformed(String text) {
    return new InvalidContentException(
        "not a limit: "
            + Text.quote(text)
            + " (HOST:requests=20/m,concurrency=6; times are s, m, h, d)");
  }
}
