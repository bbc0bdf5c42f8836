package io.mirrorimages.report.live;

import io.mirrorimages.report.RecentRate;
import io.mirrorimages.report.Units;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** How fast a run goes, and for how long it has stood still. By one thread. */
final class Pace {
  private static final Duration STANDSTILL = Duration.ofSeconds(10);
  private static final Duration SAMPLE = Duration.ofSeconds(1);

  private final LongSupplier nanos;
  private final long began;
  private final RecentRate rate;
  private long sampled;
  private long signs;
  private long lastSign;

  Pace(LongSupplier nanos) {
    this.nanos = nanos;
    this.began = nanos.getAsLong();
    this.sampled = began;
    this.lastSign = began;
    this.rate = new RecentRate(began, 0);
  }

  /** Takes what there is now; to be called several times a second. */
  void note(LiveState state) {
    long now = nanos.getAsLong();
    long read = state.read();
    if (read == 0 || now - sampled >= SAMPLE.toNanos()) {
      sampled = now;
      rate.note(now, read);
    }
    long signsNow = read + state.images().ended() + state.phases().ended();
    if (signsNow != signs) {
      signs = signsNow;
      lastSign = now;
    }
  }

  /** Since the view was opened. */
  Duration elapsed() {
    return Duration.ofNanos(nanos.getAsLong() - began);
  }

  /** Bytes a second, or that nothing moves, and since when. */
  String speed() {
    Duration still = standstill();
    return still.compareTo(STANDSTILL) >= 0
        ? "stalled for " + Units.time(still)
        : Units.bytes(rate.perSecond()) + "/s";
  }

  /** How long {@code bytes} take; empty if that can't be told, as where nothing moves. */
  Optional<Duration> left(long bytes) {
    return standstill().compareTo(STANDSTILL) >= 0 ? Optional.empty() : rate.timeFor(bytes);
  }

  private Duration standstill() {
    return Duration.ofNanos(nanos.getAsLong() - lastSign);
  }
}
