package io.mirrorimages.nodes.check.toml;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number, a date or a time: checked, as readers refuse a file with a wrong one, and not read. */
record TomlScalar(String text) {
  private static final Pattern NUMBER =
      Pattern.compile(
          "[+-]?(inf|nan|(0|[1-9](_?[0-9])*)([.][0-9](_?[0-9])*)?([eE][+-]?[0-9](_?[0-9])*)?)"
              + "|0x[0-9A-Fa-f](_?[0-9A-Fa-f])*|0o[0-7](_?[0-7])*|0b[01](_?[01])*");
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  private static final Pattern TIME =
      Pattern.compile(
          "(?:(?<date>"
              + DATE
              + ")[Tt ])?(?<time>[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?)"
              + "(?<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})?");

  /** Whether a text is a date without a time. */
  static boolean isDate(String text) {
    return DATE.matcher(text).matches();
  }

  /** Whether it is one that TOML knows. */
  boolean isValid() {
    if (NUMBER.matcher(text).matches()) {
      return true;
    }
    Matcher time = TIME.matcher(text);
    try {
      if (isDate(text)) {
        LocalDate.parse(text);
        return true;
      }
      return time.matches() && isValid(time);
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isValid(Matcher parts) {
    String date = parts.group("date");
    String offset = parts.group("offset");
    if (date == null && offset != null) {
      return false;
    }
    if (date != null) {
      LocalDate.parse(date);
    }
    LocalTime.parse(parts.group("time").substring(0, 8));
    if (offset != null && offset.length() > 1) {
      // Java bounds offsets at 18 hours, TOML at a day.
      LocalTime.parse(offset.substring(1));
    }
    return true;
  }
}
