package io.mirrorimages.registry.limit;

import io.mirrorimages.image.ByteSize;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Text;
import io.mirrorimages.registry.limit.time.Rate;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one registry may be asked for.
 *
 * @param registry the registry as it stands in image names
 * @param requests how many requests in which time; empty for no limit
 * @param bytes how many bytes of bodies, both ways, in which time; empty for no limit
 * @param concurrency the most requests at once, a blob counting until its last byte
 */
public record HostBudget(
    String registry, Optional<Rate> requests, Optional<Rate> bytes, int concurrency) {
  /**
   * For hosts without a budget: eight blobs, as many as {@code --jobs} moves by default, and the
   * small requests beside them.
   */
  public static final int DEFAULT_CONCURRENCY = 16;

  private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,3})?([smhd])");

  /** Refuses a concurrency below 1. */
  public HostBudget {
    if (concurrency < 1) {
      throw new InvalidContentException("concurrency of " + registry + " is below 1");
    }
  }

  /** The budget of a registry that nothing was said about. */
  public static HostBudget unlimited(String registry) {
    return new HostBudget(registry, Optional.empty(), Optional.empty(), DEFAULT_CONCURRENCY);
  }

  /**
   * The same with the parts of {@code limits} that it names, as in {@code
   * requests=20/m,bytes=1G/2h,concurrency=6}. Times are {@code s}, {@code m}, {@code h} or {@code
   * d}, with a number before them if they are more than one; {@code none} in place of a rate lifts
   * it.
   *
   * @throws InvalidContentException with the reason, if it is anything else
   */
  HostBudget with(String limits) {
    HostBudget budget = this;
    for (String limit : limits.split(",", -1)) {
      int equals = limit.indexOf('=');
      String value = limit.substring(equals + 1);
      budget =
          switch (limit.substring(0, Math.max(0, equals))) {
            case "requests" ->
                new HostBudget(registry, rate(value, false), budget.bytes, budget.concurrency);
            case "bytes" ->
                new HostBudget(registry, budget.requests, rate(value, true), budget.concurrency);
            case "concurrency" ->
                new HostBudget(registry, budget.requests, budget.bytes, concurrency(value));
            default -> throw malformed(limit);
          };
    }
    return budget;
  }

  private static int concurrency(String text) {
    if (!text.matches("[0-9]{1,4}")) {
      throw malformed("concurrency=" + text);
    }
    return Integer.parseInt(text);
  }

  private static Optional<Rate> rate(String text, boolean bytes) {
    if (text.equals("none")) {
      return Optional.empty();
    }
    int slash = text.indexOf('/');
    String count = text.substring(0, Math.max(0, slash));
    Matcher time = TIME.matcher(text.substring(slash + 1));
    if (!time.matches() || (!bytes && !count.matches("[1-9][0-9]{0,8}"))) {
      throw malformed((bytes ? "bytes=" : "requests=") + text);
    }
    long times = time.group(1) == null ? 1 : Long.parseLong(time.group(1));
    Duration unit =
        switch (time.group(2)) {
          case "s" -> Duration.ofSeconds(1);
          case "m" -> Duration.ofMinutes(1);
          case "h" -> Duration.ofHours(1);
          default -> Duration.ofDays(1);
        };
    return Optional.of(
        new Rate(bytes ? ByteSize.parse(count) : Long.parseLong(count), unit.multipliedBy(times)));
  }

  static InvalidContentException malformed(String text) {
    return new InvalidContentException(
        "not a limit: "
            + Text.quote(text)
            + " (HOST:requests=20/m,bytes=1G/2h,concurrency=6; times are s, m, h, d)");
  }

  /** The limit of requests as it is given on a command line. */
  public String requestsText() {
    return "requests=" + requests.map(rate -> rate.per(Long.toString(rate.count()))).orElse("none");
  }

  /** The limit of bytes as it is given on a command line. */
  public String bytesText() {
    return "bytes=" + bytes.map(rate -> rate.per(ByteSize.format(rate.count()))).orElse("none");
  }

  /** All limits as they are given on a command line, behind the registry's name. */
  public String limits() {
    return (requests.isPresent() ? requestsText() + "," : "")
        + (bytes.isPresent() ? bytesText() + "," : "")
        + "concurrency="
        + concurrency;
  }
}
