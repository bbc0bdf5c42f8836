package io.mirrorimages.cli.option.value;

import io.mirrorimages.image.Text;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;

/**
 * How long something takes, as users write it: {@code 90s}, {@code 30m}, {@code 1h30m}. Days,
 * hours, minutes and seconds, in this order, each of them optional.
 */
public final class TimeSpan implements ITypeConverter<Duration> {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:([0-9]{1,6})d)?(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s)?",
          Pattern.CASE_INSENSITIVE);

  @Override
  public Duration convert(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      Duration time =
          Duration.ofDays(number(form, 1))
              .plusHours(number(form, 2))
              .plusMinutes(number(form, 3))
              .plusSeconds(number(form, 4));
      if (time.isPositive()) {
        return time;
      }
    }
    throw OptionValueException.takes("a time as 90s, 30m, 6h or 1h30m, not " + Text.quote(text));
  }

  private static long number(Matcher form, int group) {
    return Optional.ofNullable(form.group(group)).map(Long::parseLong).orElse(0L);
  }
}
