package io.mirrorimages.archive.tar;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The records of a PAX extended header (POSIX.1-2001, pax, "pax Extended Header"), as far as all
 * readers understand them alike. Not alike: an empty value (deletes the record, or is the value), a
 * doubled key, another character set, and numbers that are none, for which some refuse the file.
 */
final class PaxRecords {
  /** Digits of the largest length that is believed; headers are at most 1 MiB long. */
  private static final int LENGTH_DIGITS = 7;

  private static final Set<String> NAMES = Set.of("path", "linkpath");
  private static final Set<String> OWNERS = Set.of("uname", "gname");
  private static final Set<String> NUMBERS = Set.of("uid", "gid");
  private static final Set<String> TIMES = Set.of("mtime", "atime", "ctime");
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}");
  private static final Pattern TIME = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]*)?");
  private static final Pattern SIZE = Pattern.compile("[0-9]{1,19}");
  private static final String LARGEST = Long.toString(Long.MAX_VALUE);
  private static final String UTF_8 = "ISO-IR 10646 2000 UTF-8";

  private final Map<String, String> records;

  private PaxRecords(Map<String, String> records) {
    this.records = records;
  }

  /**
   * The records of {@code data}.
   *
   * @throws NumberFormatException if they are not well-formed
   * @throws IllegalArgumentException if they are, but are read differently elsewhere, with why
   */
  static PaxRecords parse(byte[] data) {
    Map<String, String> records = new LinkedHashMap<>();
    int start = 0;
    while (start < data.length) {
      int blank = start;
      int length = 0;
      while (blank < data.length && data[blank] >= '0' && data[blank] <= '9') {
        length = length * 10 + data[blank] - '0';
        blank++;
        check(blank - start <= LENGTH_DIGITS);
      }
      int end = start + length;
      check(blank < data.length && data[blank] == ' ');
      check(end <= data.length && end > blank + 1 && data[end - 1] == '\n');
      int equals = blank + 1;
      while (equals < end && data[equals] != '=') {
        equals++;
      }
      check(equals < end && equals > blank + 1);
      String key = new String(data, blank + 1, equals - blank - 1, StandardCharsets.ISO_8859_1);
      check(key.indexOf('\0') < 0);
      String value =
          NAMES.contains(key)
              ? HeaderBlock.utf8(data, equals + 1, end - 1)
              : new String(data, equals + 1, end - equals - 2, StandardCharsets.ISO_8859_1);
      refuseAmbiguous(key, value);
      if (records.put(key, value) != null) {
        throw new IllegalArgumentException("has the record " + key + " twice");
      }
      start = end;
    }
    return new PaxRecords(records);
  }

  private static void refuseAmbiguous(String key, String value) {
    if (NAMES.contains(key) && value.isEmpty()) {
      throw new IllegalArgumentException(
          "has an empty " + key + ", which programs read differently");
    }
    if (key.startsWith("GNU.sparse") || key.equals("SCHILY.realsize")) {
      throw new IllegalArgumentException("is a sparse file");
    }
    if ((key.equals("size") && !isSize(value))
        || (NUMBERS.contains(key) && !NUMBER.matcher(value).matches())
        || (TIMES.contains(key) && !TIME.matcher(value).matches())) {
      throw new IllegalArgumentException("has an impossible " + key);
    }
    if (OWNERS.contains(key)) {
      check(value.indexOf('\0') < 0);
    }
    if (key.equals("hdrcharset") && !value.equals(UTF_8)) {
      throw new IllegalArgumentException("has names that are not UTF-8");
    }
  }

  private static boolean isSize(String value) {
    return SIZE.matcher(value).matches()
        && (value.length() < LARGEST.length() || value.compareTo(LARGEST) <= 0);
  }

  Optional<String> path() {
    return Optional.ofNullable(records.get("path"));
  }

  Optional<String> linkPath() {
    return Optional.ofNullable(records.get("linkpath"));
  }

  Optional<Long> size() {
    return Optional.ofNullable(records.get("size")).map(Long::parseLong);
  }

  /** Whether there is something that says where or how long a file is. */
  boolean concernFiles() {
    return records.containsKey("path")
        || records.containsKey("size")
        || records.containsKey("linkpath");
  }

  private static void check(boolean condition) {
    if (!condition) {
      throw new NumberFormatException("malformed PAX records");
    }
  }
}
