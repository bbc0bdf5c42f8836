package io.mirrorimages.benchmark.line;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a line is like. Rates hold for each direction by itself.
 *
 * @param roundTrip how long a byte takes to the other end and its answer back
 * @param rate bytes per second of all connections together; 0 for no limit
 * @param connectionRate bytes per second of each connection; 0 for no limit
 * @param cutAfter a connection is reset when it has carried so many bytes in both directions; 0 for
 *     never
 * @param lost which part of the requests is lost: their connection is reset before they arrive
 */
public record LineSettings(
    Duration roundTrip, double rate, double connectionRate, long cutAfter, double lost) {
  /** 80 ms and 100 Mbit/s: from China to a registry in Europe or America. */
  public static final LineSettings USUAL =
      new LineSettings(Duration.ofMillis(80), 12_500_000, 0, 0, 0);

  private static final double MEGA = 1e6;
  private static final int MOST_ROUND_TRIP = 10_000;

  /**
   * From words as {@code rtt=80,rate=12.5,each=6,cut=50,lost=1}: milliseconds, MB/s, MB/s, MB,
   * percent. What is not named is as in {@link #USUAL}; {@code rate=0} is no limit.
   *
   * @throws IllegalArgumentException if they are not such words
   */
  public static LineSettings parse(String words) {
    double roundTrip = USUAL.roundTrip.toMillis();
    double rate = USUAL.rate;
    double connectionRate = 0;
    double cutAfter = 0;
    double lost = 0;
    for (String word : words.split(",")) {
      int equals = word.indexOf('=');
      double value = Double.parseDouble(word.substring(equals + 1));
      if (!(value >= 0 && value < MEGA)) {
        throw new IllegalArgumentException(word);
      }
      switch (word.substring(0, Math.max(0, equals))) {
        case "rtt" -> roundTrip = value;
        case "rate" -> rate = value * MEGA;
        case "each" -> connectionRate = value * MEGA;
        case "cut" -> cutAfter = value * MEGA;
        case "lost" -> lost = value / 100;
        default -> throw new IllegalArgumentException(word);
      }
    }
    if (lost >= 1 || roundTrip > MOST_ROUND_TRIP) {
      throw new IllegalArgumentException(words);
    }
    return new LineSettings(
        Duration.ofNanos((long) (roundTrip * MEGA)), rate, connectionRate, (long) cutAfter, lost);
  }

  /** How long so many bytes take at least; 0 without a limit for all connections together. */
  public double seconds(double bytes) {
    return rate > 0 ? bytes / rate : 0;
  }

  /** The settings in words. */
  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    words.add("round trip %d ms".formatted(roundTrip.toMillis()));
    words.add(rate > 0 ? number(rate) + " MB/s in all" : "no limit in all");
    if (connectionRate > 0) {
      words.add(number(connectionRate) + " MB/s per connection");
    }
    if (cutAfter > 0) {
      words.add("a cut each " + number(cutAfter) + " MB of a connection");
    }
    if (lost > 0) {
      words.add(number(lost * 100 * MEGA) + " % of requests lost");
    }
    return String.join(", ", words);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value / MEGA);
  }
}
