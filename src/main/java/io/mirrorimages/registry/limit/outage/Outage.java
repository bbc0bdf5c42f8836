package io.mirrorimages.registry.limit.outage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.Wait.Kind;
import io.mirrorimages.registry.limit.time.Timer;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Whether one host answers, for all requests to it together. It is away from the first request that
 * gets no answer until anything is heard of it; or until the patience for it has ended; then all
 * that needs it fails at once. Each outage is reported once, and its end once. Thread-safe.
 */
final class Outage {
  private static final Duration WORTH_TELLING = Duration.ofSeconds(3);

  /** Of one that never answered, which may be a mistyped one. */
  private static final Duration WORTH_TELLING_AT_FIRST = Duration.ofSeconds(1);

  /** What fails so soon after an outage failed in it, and is only heard of now. */
  private static final Duration AFTERMATH = Duration.ofSeconds(2);

  private final Patience patience;
  private final Timer timer;
  private final Consumer<Wait> listener;

  @GuardedBy("this")
  private final PendingRequests pending = new PendingRequests();

  private volatile boolean well;
  private volatile long lastSign;

  @GuardedBy("this")
  private State state = State.UP;

  @GuardedBy("this")
  private boolean answeredBefore;

  @GuardedBy("this")
  private String label;

  @GuardedBy("this")
  private String symptom = "";

  @GuardedBy("this")
  private long since;

  @GuardedBy("this")
  private long lastFailure;

  @GuardedBy("this")
  private boolean told;

  @GuardedBy("this")
  private boolean confirmed;

  @GuardedBy("this")
  private boolean tried;

  @GuardedBy("this")
  private OptionalLong lastEnd = OptionalLong.empty();

  @GuardedBy("this")
  private int outages;

  private enum State {
    UP,
    /** Requests wait for its bytes for some time already. */
    SILENT,
    AWAY,
    GIVEN_UP
  }

  Outage(String label, Patience patience, Timer timer, Consumer<Wait> listener) {
    this.label = label;
    this.patience = patience;
    this.timer = timer;
    this.listener = listener;
    this.lastSign = timer.nanos();
  }

  /** Something was heard of the host. */
  void heard() {
    lastSign = timer.nanos();
    if (!well) {
      over();
    }
  }

  /** The host has taken bytes of an upload; only its operating system may have seen them yet. */
  void took() {
    lastSign = timer.nanos();
    if (!well) {
      endSilence();
    }
  }

  private synchronized void endSilence() {
    if (state == State.SILENT) {
      over();
    }
  }

  private synchronized void over() {
    answeredBefore = true;
    if (told) {
      listener.accept(new Wait(label, "", timeSince(since), Kind.BACK));
    }
    if (tried) {
      lastEnd = OptionalLong.of(lastSign);
    }
    change(State.UP);
    told = false;
    tried = false;
    confirmed = false;
  }

  @GuardedBy("this")
  private void change(State next) {
    state = next;
    well = next == State.UP;
  }

  /** A request begins to wait for the host's bytes; {@link #ended} follows. */
  synchronized void begun(String name, boolean slow) {
    label = state == State.UP ? name : label;
    pending.begun(slow, timer.nanos());
  }

  /** A request has got its bytes, or has failed. */
  synchronized void ended(boolean slow) {
    pending.ended(slow);
  }

  /** Checks whether the requests that wait for bytes have waited for long; called periodically. */
  synchronized void look() {
    OptionalLong silent = pending.silentSince(lastSign, timer.nanos());
    if (state == State.UP && silent.isPresent()) {
      since = silent.getAsLong();
      change(State.SILENT);
      told = true;
      listener.accept(
          new Wait(label, "no byte for " + timeSince(since).toSeconds() + " s", longest()));
    }
  }

  @GuardedBy("this")
  private Duration longest() {
    return patience.time().isPositive() ? left() : Duration.ZERO;
  }

  /** A request to the host got no answer. */
  synchronized void failed(String name, String seen) {
    long now = timer.nanos();
    // One that was never heard of is not given up for good: after a while it is tried again.
    boolean again = !waits() && now - lastFailure > limit().toNanos();
    if (state == State.UP || (state == State.AWAY && again)) {
      since = now;
      label = name;
    }
    if (state != State.GIVEN_UP) {
      change(State.AWAY);
    }
    symptom = seen;
    lastFailure = now;
    if (lastEnd.isPresent() && now - lastEnd.getAsLong() < AFTERMATH.toNanos()) {
      count();
    }
    tell();
  }

  /**
   * A trial has shown that the host itself does not answer, not just to one request.
   *
   * @param seen by the trial: the latest symptom is the one that is reported
   */
  synchronized void confirm(String seen) {
    tried = state == State.AWAY;
    if (tried) {
      symptom = seen;
    }
    count();
  }

  @GuardedBy("this")
  private void count() {
    if (state == State.AWAY && !confirmed) {
      confirmed = true;
      outages++;
    }
  }

  /** How many outages there were before the present one, or before now. */
  synchronized int before() {
    return outages - (confirmed ? 1 : 0);
  }

  /** Whether there was an outage since {@link #before} gave {@code before}, and is none now. */
  synchronized boolean isBack(int before) {
    return outages > before && !isAway();
  }

  /** Whether requests get no answer now. */
  synchronized boolean isAway() {
    return state == State.AWAY || state == State.GIVEN_UP;
  }

  /** Whether requests are to wait for it now. */
  synchronized boolean isAwaited() {
    if (state == State.AWAY && waits()) {
      tell();
      if (left().isPositive()) {
        return true;
      }
      giveUp();
    }
    return false;
  }

  @GuardedBy("this")
  private void giveUp() {
    change(State.GIVEN_UP);
    listener.accept(new Wait(label, symptom, limit(), Kind.GIVEN_UP));
  }

  /** Whether what needs it is to fail without being tried. */
  synchronized boolean isGivenUp() {
    boolean unheard =
        state == State.AWAY
            && patience.time().isPositive()
            && !waits()
            && !left().isPositive()
            && timer.nanos() - lastFailure < limit().toNanos();
    return state == State.GIVEN_UP || unheard;
  }

  /** Whether requests wait for the host at all when it is away. */
  synchronized boolean waits() {
    return patience.waits(answeredBefore);
  }

  /** What is thrown when it is given up. */
  synchronized TransferException failure() {
    return new TransferException(
        FailureKind.NETWORK, label + ": " + symptom + ", and no answer for " + inWords(limit()));
  }

  @GuardedBy("this")
  private void tell() {
    boolean first = waits() && !answeredBefore;
    Duration worthTelling = first ? WORTH_TELLING_AT_FIRST : WORTH_TELLING;
    if (!told && patience.time().isPositive() && timeSince(since).compareTo(worthTelling) >= 0) {
      told = true;
      listener.accept(new Wait(label, symptom, left(), Kind.OUTAGE));
    }
  }

  @GuardedBy("this")
  private Duration limit() {
    return patience.of(answeredBefore);
  }

  @GuardedBy("this")
  private Duration left() {
    return limit().minus(timeSince(since));
  }

  private Duration timeSince(long then) {
    return Duration.ofNanos(Math.max(0, timer.nanos() - then));
  }

  private static String inWords(Duration time) {
    long seconds = time.toSeconds();
    return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + " min" : seconds + " s";
  }
}
