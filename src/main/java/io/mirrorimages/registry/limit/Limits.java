package io.mirrorimages.registry.limit;

import io.mirrorimages.failure.SilentHost;
import io.mirrorimages.failure.TransferException;
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
  /** How long a connection to a source may be idle; to ask for the rest again takes as long. */
  private static final Duration HELD = Duration.ofSeconds(1);

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
   * Waits for a place; see {@link HostThrottle#enter}. Releases {@link Held} before a long wait.
   * Otherwise two uploads can deadlock, each holding what the other needs.
   */
  public HostThrottle.Permit enter(Optional<Held> held) throws IOException {
    if (held.isPresent()) {
      try {
        return gate.enter(HELD);
      } catch (ThrottledException e) {
        held.get().giveBack();
      }
    }
    return gate.enter(patience);
  }

  /**
   * Waits for a host that is away, unless others can be asked meanwhile. What is held is given back
   * before.
   */
  public void awaitHost(String origin, Optional<Held> held) throws IOException {
    if (!hasOthers() && outages.isAway(origin)) {
      if (held.isPresent()) {
        held.get().giveBack();
      }
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

  /** Waits until bytes may be moved. What is held is given back before a long wait. */
  public void awaitTraffic(Optional<Held> held) throws IOException {
    if (held.isPresent() && traffic.timeToWait().compareTo(HELD) > 0) {
      held.get().giveBack();
    }
    traffic.await(patience);
  }

  /** Takes a pull; see {@link PullRateLimit#take}. */
  public void takePull(PullRateLimit.Look look) throws IOException {
    quota.take(look, patience);
  }
}
