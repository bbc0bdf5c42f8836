package io.mirrorimages.registry;

import io.mirrorimages.mirror.PullAllowance;
import io.mirrorimages.mirror.PullAllowance.Account;
import io.mirrorimages.mirror.PullAllowance.Turn;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * How many manifests a registry still gives, as Docker Hub tells with every answer. When nothing
 * remains, who wants a manifest waits. When there will be more is not told, only that it will be so
 * after the whole window; so one of those who wait asks from time to time by a HEAD, which is not
 * counted. Registries that send no such headers have no quota. Thread-safe.
 */
final class PullQuota {
  private static final int LOOKS = 24;
  private static final Duration SOONEST_LOOK = Duration.ofSeconds(1);
  private static final Duration FIRST_ANSWER = Duration.ofSeconds(3);
  private static final Duration LATEST_LOOK = Duration.ofMinutes(10);

  private final Timer timer;
  private final WaitNotices notices;
  // Who holds it waits for all the others.
  private final ReentrantLock queue = new ReentrantLock();
  private boolean answered;
  private boolean known;
  // What may still be taken; less than is left while it is not known which pulls are counted.
  private long left;
  private long lowest;
  private int unheard;
  private long limit;
  private Duration window = Duration.ZERO;
  private int underWay;
  private long notes;
  private long made;
  private Account account = Account.UNKNOWN;
  private boolean looked;
  // Guarded by the queue.
  private OptionalLong usedUpSince = OptionalLong.empty();
  private long lastLook;

  PullQuota(Timer timer, WaitNotices notices) {
    this.timer = timer;
    this.notices = notices;
  }

  /** A question that costs nothing, whose answer comes by {@link #note}. */
  @FunctionalInterface
  interface Look {
    /** Asks. */
    void ask() throws IOException;
  }

  /**
   * Takes one pull, and waits until there is one; {@link #ended} follows in any case, unless this
   * fails.
   *
   * @param patience how long it may take; a wait that is not for ever takes too long
   * @throws BusyException if there is none within that time
   */
  void take(Look look, Duration patience) throws IOException {
    boolean waiting = patience.compareTo(Limits.FOREVER) >= 0;
    try {
      if (!queue.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw busy(pause(window()), window());
      }
      try {
        if (tryTake()) {
          usedUpSince = OptionalLong.empty();
        } else if (waiting) {
          awaitMore(look);
        } else {
          takeOrFail(look);
        }
      } finally {
        queue.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private void takeOrFail(Look look) throws IOException, InterruptedException {
    long began = usedUpSince.orElse(timer.nanos());
    Duration pause = pause(window());
    // One look is enough for all who come meanwhile.
    if (usedUpSince.isEmpty() || timer.nanos() - lastLook >= pause.toNanos()) {
      look(look);
      lastLook = timer.nanos();
    }
    if (timer.nanos() - began >= window().toNanos()) {
      forget();
    }
    if (tryTake()) {
      usedUpSince = OptionalLong.empty();
    } else {
      usedUpSince = OptionalLong.of(began);
      throw busy(
          pause.minusNanos(timer.nanos() - lastLook), window().minusNanos(timer.nanos() - began));
    }
  }

  private BusyException busy(Duration wait, Duration longest) {
    return new BusyException(usedUp(), wait, longest, notices);
  }

  private void awaitMore(Look look) throws IOException, InterruptedException {
    long began = timer.nanos();
    Duration most = window();
    Duration pause = pause(most);
    // What is known may be older than what was under way until now.
    look(look);
    boolean told = false;
    while (!tryTake()) {
      Duration rest = most.minusNanos(timer.nanos() - began);
      if (rest.isPositive()) {
        if (!told) {
          tell(rest);
          told = true;
        }
        timer.sleep(rest.compareTo(pause) < 0 ? rest : pause);
        look(look);
      } else {
        forget();
      }
    }
  }

  private static void look(Look look) throws InterruptedIOException {
    try {
      look.ask();
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The next look, or the request itself, will tell.
    }
  }

  private void tell(Duration rest) {
    notices.tell(usedUp(), rest);
  }

  private synchronized String usedUp() {
    return "its limit of %d pulls in %s is used up".formatted(limit, inWords(window));
  }

  private static Duration pause(Duration window) {
    return between(SOONEST_LOOK, window.dividedBy(LOOKS), LATEST_LOOK);
  }

  private synchronized Duration window() {
    return window;
  }

  /**
   * What is under way will tell how many are left, before anybody waits for long; so does the very
   * first pull, before all others, unless it takes long itself.
   */
  private synchronized boolean tryTake() throws InterruptedException {
    if (underWay > 0 && !answered) {
      wait(FIRST_ANSWER.toMillis());
      answered = true;
    }
    while (underWay > 0 && known && left <= 0) {
      wait();
    }
    boolean free = !known || left > 0;
    if (free) {
      left--;
      underWay++;
      unheard++;
    }
    return free;
  }

  /** A pull has been answered, or has failed; its answer has been noted. */
  synchronized void ended() {
    answered = true;
    underWay--;
    if (underWay == 0) {
      // Until now it was not known which of those under way had been counted already. What broke
      // may have been.
      lowest -= unheard;
      unheard = 0;
      left = lowest;
    }
    notifyAll();
  }

  /** A request is sent now; what {@link #note} is to be told. */
  synchronized long sent() {
    return notes;
  }

  /**
   * Notes what an answer tells of the quota.
   *
   * @param sent what {@link #sent} gave: of answers that overtook each other the least number
   *     counts, and only a request that was sent after all of them brings a new one
   * @param header gives an answer's header by its name
   * @param pulled whether it answers a pull, which is still under way
   * @return whether the answer is a refusal because nothing is left: such a pull is to be taken
   *     again
   */
  synchronized boolean note(
      long sent, int status, Function<String, Optional<String>> header, boolean pulled) {
    PullHeaders told = PullHeaders.of(header);
    told.window().ifPresent(length -> window = length);
    told.limit().ifPresent(most -> limit = most);
    if (told.arePresent()) {
      account = told.account();
    }
    if (told.remaining().isPresent()) {
      long free = told.remaining().getAsLong() - underWay + (pulled ? 1 : 0);
      boolean overtaken = known && sent < notes;
      left = overtaken ? Math.min(left, free) : free;
      lowest =
          overtaken ? Math.min(lowest, told.remaining().getAsLong()) : told.remaining().getAsLong();
      known = true;
      notes++;
      unheard -= pulled ? 1 : 0;
    }
    if (pulled && status == 200) {
      made++;
    }
    // A limit of another kind has no such headers, and is left to the retries.
    boolean usedUp = status == 429 && pulled && told.arePresent();
    if (usedUp) {
      left = known ? Math.min(left, 0) : 0;
      lowest = 0;
      known = true;
    }
    return usedUp;
  }

  /**
   * What is known of it; empty if its registry counts nothing.
   *
   * @param place what its registry is called
   * @param turn when that is asked
   */
  synchronized Optional<PullAllowance> allowance(String place, Turn turn) {
    return known && limit > 0
        ? Optional.of(
            new PullAllowance(place, turn, account, limit, window, Math.max(0, left), made))
        : Optional.empty();
  }

  /** Looks, unless something is known or somebody has looked before. */
  void lookOnce(Look look) throws InterruptedIOException {
    if (isKnown()) {
      return;
    }
    try {
      queue.lockInterruptibly();
      try {
        if (!isKnown()) {
          look(look);
          looked();
        }
      } finally {
        queue.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /** A manifest has been asked for: a registry that counts has said so with its answer. */
  synchronized void looked() {
    looked = true;
  }

  private synchronized boolean isKnown() {
    return known || looked;
  }

  private synchronized void forget() {
    known = false;
  }

  private static Duration between(Duration least, Duration wished, Duration most) {
    Duration atLeast = wished.compareTo(least) < 0 ? least : wished;
    return atLeast.compareTo(most) < 0 ? atLeast : most;
  }

  private static String inWords(Duration window) {
    long seconds = window.toSeconds();
    return seconds % 3600 == 0 && seconds > 0 ? seconds / 3600 + " h" : seconds + " s";
  }
}
