package io.mirrorimages.registry.limit.time;

import java.time.Duration;

/**
 * At most {@code count} in any span of {@code time}.
 *
 * @param count 1 or more
 * @param time the time after which as many are free again
 */
public record Rate(long count, Duration time) {
  /**
   * The rate as it is given on a command line, such as {@code 20/m}, with {@code count} as text.
   */
  public String per(String count) {
    long seconds = time.toSeconds();
    String text = seconds + "s";
    if (seconds % 86_400 == 0) {
      text = seconds / 86_400 + "d";
    } else if (seconds % 3600 == 0) {
      text = seconds / 3600 + "h";
    } else if (seconds % 60 == 0) {
      text = seconds / 60 + "m";
    }
    return count + "/" + text.replaceFirst("^1(?=[a-z])", "");
  }
}
