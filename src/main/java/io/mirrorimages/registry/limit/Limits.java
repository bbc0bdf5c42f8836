package io.mirrorimages.registry.limit;

import io.mirrorimages.failure.SilentHost;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.mirror.work.Scheduler;
import io.mirrorimages.registry.limit.outage.Outages;
import io.mirrorimages.registry.limit.pull.PullRateLimit;
import io.mirrorimages.registry.limit.time.ThrottledException;
import io.mirrorimages.registry.limit.time.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What holds the requests to one registry, or one endpoint of it, up.
 *
 * @param gate how many at once and in a time, and pauses when it is in trouble
 * @param traffic how many bytes
 * @param quota how many manifests it still gives
 * @param outages the waiting for hosts that do not answer
 * @param patience how long a request waits for them; one that would wait longer fails with a {@link
 *     ThrottledException}
 */
public record Limits(
    HostThrottle gate, Traffic traffic, PullRateLimit quota, Outages outages, Duration patience) {
  /**
   * The longest wait in which a connection to a source stays open, which takes as long to be asked
   * for again, and in which a worker does nothing else.
   */
  private static final Duration BRIEFLY = Duration.ofSeconds(1);

  private static final Duration SHORT = Duration.ofSeconds(3);

  /** The same where others can be asked in place of a long wait. */
  public Limits withOthers() {
    return new Limits(gate, traffic, quota, outages, SHORT);
  }

  /** A connection to where that comes from which waits to be sent. */
  @FunctionalInterface
  public interface Held {
    /** Gives it back; another will be opened when the content is wanted. */
    void giveBack() throws IOException;
  }

  /**
   * Waits for a place; see {@link HostThrottle#enter}. Before a long wait, {@link Held} is given
   * back, since two uploads could deadlock, each holding what the other needs, and other tasks run
   * meanwhile.
   */
  public HostThrottle.Permit enter(Optional<Held> held) throws IOException {
    if (held.isPresent() || !hasOthers()) {
      try {
        return gate.enter(BRIEFLY, !hasOthers());
      } catch (ThrottledException e) {
        giveBack(held);
      }
    }
    return hasOthers()
        ? gate.enter(patience)
        : Scheduler.pause(() -> gate.enter(Timer.FOREVER, true));
  }

  private static void giveBack(Optional<Held> held) throws IOException {
    if (held.isPresent()) {
      held.get().giveBack();
    }
  }

  /**
   * Waits for a host that is away, unless others can be asked meanwhile. What is held is given back
   * before.
   */
  public void awaitHost(String origin, Optional<Held> held) throws IOException {
    if (!hasOthers() && outages.isAway(origin)) {
      giveBack(held);
      outages.await(origin);
    }
  }

  /**
   * The failure to be thrown in place of {@code e}: where a host did not answer, it is waited for
   * before, unless others can be asked meanwhile.
   *
   * @param label what the user calls a host, by its origin
   */
  public IOException survived(IOException e, UnaryOperator<String> label) throws IOException {
    if (!(e instanceof TransferException failure) || failure.silentHost().isEmpty()) {
      return e;
    }
    SilentHost host = failure.silentHost().get();
    outages.failed(host.origin(), label.apply(host.origin()), host.symptom());
    return !hasOthers() && outages.await(host.origin()) ? failure.afterOutage() : e;
  }

  private boolean hasOthers() {
    return patience.compareTo(Timer.FOREVER) < 0;
  }

  /** Waits until bytes may be moved. Before a long wait, what is held is given back. */
  public void awaitTraffic(Optional<Held> held) throws IOException {
    if (traffic.timeToWait().compareTo(BRIEFLY) <= 0) {
      traffic.await(patience);
    } else {
      giveBack(held);
      Scheduler.pause(
          () -> {
            traffic.await(patience);
            return true;
          });
    }
  }

  /** Takes a pull; see {@link PullRateLimit#take}. */
  public void takePull(PullRateLimit.Look look) throws IOException {
    quota.take(look, patience);
  }
}
