package io.mirrorimages.cli.option.value;

import io.mirrorimages.image.Text;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;

/**
 * How long something takes, as users write it: {@code 90s}, {@code 30m}, {@code 1h30m}, {@code 1h
 * 30min}. Days, hours, minutes and seconds, in this order, each of them optional.
 */
public class TimeSpan implements ITypeConverter<Duration> {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:([0-9]{1,6}) ?d ?)?(?:([0-9]{1,6}) ?h ?)?"
              + "(?:([0-9]{1,6}) ?m(?:in)? ?)?(?:([0-9]{1,6}) ?s(?:ec)?)?",
          Pattern.CASE_INSENSITIVE);

  @Override
  public Duration convert(String text) {
    return parse(text)
        .filter(Duration::isPositive)
        .orElseThrow(
            () ->
                OptionValueException.takes(
                    "a time as 90s, 30m, 6h or 1h30m, not " + Text.quote(text)));
  }

  /** Reads it; 0 or more; empty if it is no time. */
  private static Optional<Duration> parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    return text.isBlank() || !form.matches()
        ? Optional.empty()
        : Optional.of(
            Duration.ofDays(number(form, 1))
                .plusHours(number(form, 2))
                .plusMinutes(number(form, 3))
                .plusSeconds(number(form, 4)));
  }

  private static long number(Matcher form, int group) {
    return Optional.ofNullable(form.group(group)).map(Long::parseLong).orElse(0L);
  }

  /** A time of up to a day; a number alone is one of seconds. */
  abstract static class WithinDay implements ITypeConverter<Duration> {
    private static final Duration MOST = Duration.ofDays(1);

    private final Duration least;

    WithinDay(Duration least) {
      this.least = least;
    }

    @Override
    public Duration convert(String text) {
      return parse(text.matches("[0-9]+") ? text + "s" : text)
          .filter(time -> time.compareTo(least) >= 0 && time.compareTo(MOST) <= 0)
          .orElseThrow(
              () ->
                  OptionValueException.takes(
                      "a time from "
                          + least.toSeconds()
                          + "s to 1d, as 90 (seconds) or 5m, not "
                          + Text.quote(text)));
    }
  }

  /** How long a pause may be; none at all is one too. */
  public static final class PauseTime extends WithinDay {
    PauseTime() {
      super(Duration.ZERO);
    }
  }

  /** How long nothing may happen. */
  public static final class Stall extends WithinDay {
    Stall() {
      super(Duration.ofSeconds(1));
    }
  }
}
