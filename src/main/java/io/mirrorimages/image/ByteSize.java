package io.mirrorimages.image;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of bytes as they are given on a command line. */
public final class ByteSize {
  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?) ?(?:([kKmMgGtT])(i)?)?([bB])?");

  private ByteSize() {}

  /**
   * Reads {@code 500}, {@code 20k}, {@code 20M}, {@code 1.5G}, {@code 4 GB} or {@code 2t}: powers
   * of 1000, as sizes are shown everywhere else; of 1024 in {@code 4Gi} and {@code 4GiB}. Not
   * {@code 4Gb}, which is a number of bits.
   *
   * @return 1 or more
   * @throws InvalidContentException if it is anything else
   */
  public static long parse(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches() || isOfBits(size)) {
      throw invalid(text);
    }
    int power = size.group(2) == null ? 0 : " kmgt".indexOf(size.group(2).toLowerCase(Locale.ROOT));
    long unit = 1;
    for (int i = 0; i < power; i++) {
      unit *= size.group(3) == null ? 1000 : 1024;
    }
    try {
      long exact = times(size.group(1), unit);
      if (exact > 0) {
        return exact;
      }
    } catch (ArithmeticException e) {
      // Parts of a byte, or more bytes than there are.
    }
    throw invalid(text);
  }

  /**
   * Whole numbers, which all defaults are, without BigDecimal: each start would load its tables.
   */
  private static long times(String number, long unit) {
    return number.indexOf('.') < 0
        ? Math.multiplyExact(Long.parseLong(number), unit)
        : new BigDecimal(number).multiply(BigDecimal.valueOf(unit)).longValueExact();
  }

  /** A small b after a capital letter, as in {@code 100Mb}. */
  private static boolean isOfBits(Matcher size) {
    return "b".equals(size.group(4))
        && size.group(2) != null
        && Character.isUpperCase(size.group(2).charAt(0));
  }

  private static InvalidContentException invalid(String text) {
    return new InvalidContentException(
        "not an amount of bytes: " + Text.quote(text) + " (as in 500k, 20M, 1.5G, 4GiB)");
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
