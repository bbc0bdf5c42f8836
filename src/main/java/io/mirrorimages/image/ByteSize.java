package io.mirrorimages.image;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of bytes as they are given on a command line. */
public final class ByteSize {
  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,8})(?:([kKMGT])(i)?)?B?");

  private ByteSize() {}

  /**
   * Reads {@code 500}, {@code 20k}, {@code 20M}, {@code 1G} or {@code 2T}, with or without a {@code
   * B} behind it: powers of 1000, as sizes are shown everywhere else; of 1024 in {@code 4Gi}.
   *
   * @return 1 or more
   * @throws InvalidContentException if it is anything else
   */
  public static long parse(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw invalid(text);
    }
    long step = size.group(3) == null ? 1000 : 1024;
    long bytes = Long.parseLong(size.group(1));
    int power = size.group(2) == null ? 0 : " KMGT".indexOf(size.group(2).toUpperCase(Locale.ROOT));
    try {
      for (int i = 0; i < power; i++) {
        bytes = Math.multiplyExact(bytes, step);
      }
    } catch (ArithmeticException e) {
      throw invalid(text);
    }
    return bytes;
  }

  private static InvalidContentException invalid(String text) {
    return new InvalidContentException(
        "not an amount of bytes: " + Text.quote(text) + " (as in 500k, 20M, 1G)");
  }

  /** The same the other way round, as short as it can be without losing a byte. */
  public static String format(long bytes) {
    String[] units = {"", "k", "M", "G", "T"};
    long value = bytes;
    int unit = 0;
    while (unit < units.length - 1 && value > 0 && value % 1000 == 0) {
      value /= 1000;
      unit++;
    }
    return value + units[unit];
  }
}
