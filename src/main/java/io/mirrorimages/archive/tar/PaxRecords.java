package io.mirrorimages.archive.tar;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The records of a PAX extended header (POSIX.1-2001, pax, "pax Extended Header"). */
final class PaxRecords {
  /** Digits of the largest length that is believed; headers are at most 1 MiB long. */
  private static final int LENGTH_DIGITS = 7;

  private PaxRecords() {}

  /** The records of {@code data}; {@link IllegalArgumentException} if they are not well-formed. */
  static Map<String, String> parse(byte[] data) {
    Map<String, String> records = new LinkedHashMap<>();
    int start = 0;
    while (start < data.length) {
      int blank = start;
      int length = 0;
      while (blank < data.length && data[blank] >= '0' && data[blank] <= '9') {
        length = length * 10 + data[blank] - '0';
        blank++;
        if (blank - start > LENGTH_DIGITS) {
          throw new IllegalArgumentException("a PAX record of absurd length");
        }
      }
      int end = start + length;
      if (blank == start
          || blank >= data.length
          || data[blank] != ' '
          || end > data.length
          || end <= blank + 1
          || data[end - 1] != '\n') {
        throw new IllegalArgumentException("a malformed PAX record");
      }
      String record = new String(data, blank + 1, end - blank - 2, StandardCharsets.UTF_8);
      int equals = record.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("a PAX record without key");
      }
      records.put(record.substring(0, equals), record.substring(equals + 1));
      start = end;
    }
    return records;
  }
}
