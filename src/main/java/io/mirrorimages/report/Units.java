package io.mirrorimages.report;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Sizes and times as people read them. */
public final class Units {
  private static final String[] STEPS = {"kB", "MB", "GB", "TB", "PB", "EB"};

  private Units() {}

  /** Bytes in decimal units, as disks are sold: {@code 999 B}, {@code 1.5 MB}, {@code 31 GB}. */
  public static String bytes(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    double value = bytes;
    int step = -1;
    while (value >= 999.5 && step < STEPS.length - 1) {
      value /= 1000;
      step++;
    }
    return String.format(Locale.ROOT, value < 9.95 ? "%.1f %s" : "%.0f %s", value, STEPS[step]);
  }

  /** All digits, and what people read: {@code 999 B}, {@code 1500000 bytes (1.5 MB)}. */
  public static String exactBytes(long bytes) {
    return bytes < 1000 ? bytes(bytes) : bytes + " bytes (" + bytes(bytes) + ")";
  }

  /**
   * A time with the precision that matters: {@code 0.3 s}, {@code 42 s}, {@code 3 min 05 s}, {@code
   * 2 h 10 min}.
   */
  public static String time(Duration time) {
    long seconds = time.toSeconds();
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60)
        : String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds / 60 % 60);
  }

  /** An estimate: as {@link #time}, but in whole seconds, as {@code 6 s}. */
  public static String roughly(Duration time) {
    return time.toSeconds() < 10 ? time.toSeconds() + " s" : time(time);
  }

  /** {@code 1 image}, {@code 2 images}. */
  public static String count(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /**
   * A time of day, as {@code 21:01:02}; of another day with its date, as {@code 2026-02-01 03:00}.
   */
  public static String clock(ZonedDateTime time, ZonedDateTime now) {
    boolean today = time.toLocalDate().equals(now.toLocalDate());
    return time.format(DateTimeFormatter.ofPattern(today ? "HH:mm:ss" : "yyyy-MM-dd HH:mm"));
  }
}
