package io.mirrorimages.registry.limit.pull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.mirror.RateLimitStatus;
import io.mirrorimages.mirror.RateLimitStatus.Turn;
import io.mirrorimages.mirror.work.Scheduler;
import io.mirrorimages.registry.limit.time.ThrottledException;
import io.mirrorimages.registry.limit.time.Timer;
import io.mirrorimages.registry.limit.time.WaitNotices;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Admits as many pulls as a registry still serves, as Docker Hub says with every response. When
 * none remains, pulls wait. The headers do not say when the next one is free, only that all are
 * after the whole window; so one waiting thread polls by HEAD, which does not count. Registries
 * that send no such headers have no limit. Thread-safe.
 */
public final class PullRateLimit {
  private static final int LOOKS = 24;
  private static final Duration SOONEST_LOOK = Duration.ofSeconds(1);
  private static final Duration LATEST_LOOK = Duration.ofMinutes(10);

  private final Timer timer;
  private final WaitNotices notices;
  private final RemainingPulls pulls = new RemainingPulls();
  // Its holder waits for all the others.
  private final ReentrantLock queue = new ReentrantLock();
  private volatile boolean looked;

  @GuardedBy("queue")
  private OptionalLong usedUpSince = OptionalLong.empty();

  @GuardedBy("queue")
  private long lastLook;

  public PullRateLimit(Timer timer, WaitNotices notices) {
    this.timer = timer;
    this.notices = notices;
  }

  /** A question that costs nothing, whose answer comes by {@link #note}. */
  @FunctionalInterface
  public interface Look {
    /** Asks. */
    void ask() throws IOException;
  }

  /**
   * Takes one pull, and waits until there is one; {@link #ended} follows in any case, unless this
   * fails. During a long wait that is not limited, tasks for other hosts run.
   *
   * @param patience how long it may take; a wait that is not for ever takes too long
   * @throws ThrottledException if there is none within that time
   */
  public void take(Look look, Duration patience) throws IOException {
    boolean waiting = patience.compareTo(Timer.FOREVER) >= 0;
    try {
      Duration briefly = waiting ? SOONEST_LOOK : patience;
      if (!queue.tryLock(briefly.toMillis(), TimeUnit.MILLISECONDS)) {
        if (!waiting) {
          throw busy(pause(pulls.window()), pulls.window());
        }
        Scheduler.pause(this::lock);
      }
      try {
        if (pulls.tryTake()) {
          usedUpSince = OptionalLong.empty();
        } else if (waiting) {
          Scheduler.pause(() -> awaitMore(look));
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

  private boolean lock() throws IOException {
    try {
      queue.lockInterruptibly();
      return true;
    } catch (InterruptedException e) {
      throw Scheduler.interrupted();
    }
  }

  @GuardedBy("queue")
  private void takeOrFail(Look look) throws IOException, InterruptedException {
    long began = usedUpSince.orElse(timer.nanos());
    Duration pause = pause(pulls.window());
    // One poll serves all threads that arrive meanwhile.
    if (usedUpSince.isEmpty() || timer.nanos() - lastLook >= pause.toNanos()) {
      look(look);
      lastLook = timer.nanos();
    }
    if (timer.nanos() - began >= pulls.window().toNanos()) {
      pulls.forget();
    }
    if (pulls.tryTake()) {
      usedUpSince = OptionalLong.empty();
    } else {
      usedUpSince = OptionalLong.of(began);
      throw busy(
          pause.minusNanos(timer.nanos() - lastLook),
          pulls.window().minusNanos(timer.nanos() - began));
    }
  }

  private ThrottledException busy(Duration wait, Duration longest) {
    return new ThrottledException(
        pulls.usedUp(), wait, () -> notices.tell(pulls.usedUp(), longest));
  }

  /** Called by the holder of the queue, as the next one. */
  private boolean awaitMore(Look look) throws IOException {
    try {
      awaitFree(look);
      return true;
    } catch (InterruptedException e) {
      throw Scheduler.interrupted();
    }
  }

  private void awaitFree(Look look) throws IOException, InterruptedException {
    long began = timer.nanos();
    Duration most = pulls.window();
    Duration pause = pause(most);
    // What is known may be older than what was under way until now.
    look(look);
    boolean told = false;
    while (!pulls.tryTake()) {
      Duration rest = most.minusNanos(timer.nanos() - began);
      if (rest.isPositive()) {
        if (!told) {
          notices.tell(pulls.usedUp(), rest);
          told = true;
        }
        timer.sleep(rest.compareTo(pause) < 0 ? rest : pause);
        look(look);
      } else {
        pulls.forget();
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

  private static Duration pause(Duration window) {
    return between(SOONEST_LOOK, window.dividedBy(LOOKS), LATEST_LOOK);
  }

  /** A pull has been answered, or has failed; its answer has been noted. */
  public void ended() {
    pulls.ended();
  }

  /** A request is sent now; what {@link #note} is to be told. */
  public long sent() {
    return pulls.sent();
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
  public boolean note(
      long sent, int status, Function<String, Optional<String>> header, boolean pulled) {
    return pulls.note(sent, status, header, pulled);
  }

  /**
   * What is known of it; empty if its registry counts nothing.
   *
   * @param place what its registry is called
   * @param turn when that is asked
   */
  public Optional<RateLimitStatus> allowance(String place, Turn turn) {
    return pulls.allowance(place, turn);
  }

  /** Looks, unless something is known or somebody has looked before. */
  public void lookOnce(Look look) throws InterruptedIOException {
    if (looked || pulls.areKnown()) {
      return;
    }
    try {
      queue.lockInterruptibly();
      try {
        if (!looked && !pulls.areKnown()) {
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
  public void looked() {
    looked = true;
  }

  private static Duration between(Duration least, Duration wished, Duration most) {
    Duration atLeast = wished.compareTo(least) < 0 ? least : wished;
    return atLeast.compareTo(most) < 0 ? atLeast : most;
  }
}
