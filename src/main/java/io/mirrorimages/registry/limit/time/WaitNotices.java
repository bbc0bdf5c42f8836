package io.mirrorimages.registry.limit.time;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.mirror.Wait;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells the user of the waits for one registry: once, however many workers wait, and not again for
 * the same cause within ten minutes. Thread-safe.
 */
public final class WaitNotices {
  private static final Duration QUIET = Duration.ofMinutes(10);
  private static final Duration WORTH_TELLING = Duration.ofSeconds(1);

  private final String registry;
  private final Timer timer;
  private final Consumer<Wait> listener;

  @GuardedBy("this")
  private final Map<String, Long> told = new HashMap<>();

  public WaitNotices(String registry, Timer timer, Consumer<Wait> listener) {
    this.registry = registry;
    this.timer = timer;
    this.listener = listener;
  }

  /** A wait of {@code time} begins. */
  public synchronized void tell(String cause, Duration time) {
    Long last = told.get(cause);
    long now = timer.nanos();
    if (time.compareTo(WORTH_TELLING) >= 0 && (last == null || now - last >= QUIET.toNanos())) {
      told.put(cause, now);
      listener.accept(new Wait(registry, cause, time));
    }
  }
}
