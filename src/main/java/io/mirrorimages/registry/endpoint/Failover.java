package io.mirrorimages.registry.endpoint;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.limit.HostLimits;
import io.mirrorimages.registry.limit.outage.Outages;
import io.mirrorimages.registry.limit.time.ThrottledException;
import io.mirrorimages.registry.limit.time.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Asks several endpoints for the same thing, one after the other. Thread-safe. */
public final class Failover {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final EndpointUsage record;
  private final Timer timer;
  private final Outages outages;

  /**
   * What the endpoints say is written down in {@code record}; waits are held up by {@code limits}.
   */
  Failover(EndpointUsage record, HostLimits limits) {
    this.record = record;
    this.timer = limits.timer();
    this.outages = limits.outages();
  }

  /** A request to one endpoint. */
  interface Ask<T> {
    T of(ResolvedEndpoint by) throws IOException;
  }

  /**
   * Asks one after the other until one has it. Those that failed just now come last, and so do
   * those whose limits would mean a long wait; if there are no others, the one whose wait is the
   * shortest is waited for.
   *
   * @param subject what is asked for, for messages
   * @param what the same, for the outcome
   */
  <T> T over(List<ResolvedEndpoint> candidates, String subject, String what, Ask<T> ask)
      throws IOException {
    return new Round<>(subject, what, ask, candidates.size() > 1).over(candidates);
  }

  /** One thing that is asked for, by one thread. */
  private final class Round<T> {
    private final FailoverErrors attempts;
    private final String what;
    private final Ask<T> ask;
    private final boolean others;
    private final List<DeferredEndpoint> later = new ArrayList<>();

    Round(String subject, String what, Ask<T> ask, boolean others) {
      this.attempts = new FailoverErrors(subject);
      this.what = what;
      this.ask = ask;
      this.others = others;
    }

    T over(List<ResolvedEndpoint> candidates) throws IOException {
      for (ResolvedEndpoint by : candidates) {
        Optional<T> result = Optional.empty();
        if (by.hop().refusal().isPresent()) {
          note(by, new TransferException(FailureKind.MISSING, by.hop().refusal().get()));
        } else if (by.health().mayAsk()) {
          result = ask(by);
        } else {
          later.add(DeferredEndpoint.resting(by, timer));
        }
        if (result.isPresent()) {
          return result.get();
        }
      }
      while (true) {
        Optional<DeferredEndpoint> resting = later.stream().filter(l -> !l.asked()).findFirst();
        Optional<T> result;
        if (later.stream().anyMatch(l -> l.busy().isPresent())) {
          result = askNext();
        } else if (resting.isPresent()) {
          // No endpoint is worth a wait: those that rest are asked out of turn.
          later.remove(resting.get());
          result = ask(resting.get().by());
        } else {
          throw attempts.failureAfter(outages);
        }
        if (result.isPresent()) {
          return result.get();
        }
      }
    }

    /** Waits for the first that can be asked again, and asks it. */
    private Optional<T> askNext() throws IOException {
      DeferredEndpoint next =
          later.stream().min(Comparator.comparingLong(DeferredEndpoint::at)).orElseThrow();
      Duration wait = next.timeToWait(timer);
      if (wait.isPositive()) {
        next.busy().ifPresent(ThrottledException::tell);
        timer.sleep(wait);
      }
      later.remove(next);
      if (!next.by().health().mayAsk()) {
        later.add(
            new DeferredEndpoint(
                next.by(), timer.nanos() + SOON.toNanos(), next.busy(), next.asked()));
        return Optional.empty();
      }
      return ask(next.by());
    }

    private Optional<T> ask(ResolvedEndpoint by) throws IOException {
      boolean judged = false;
      try {
        T result = ask.of(others ? by.impatiently() : by);
        by.health().well();
        judged = true;
        for (DeferredEndpoint busy : later) {
          busy.busy()
              .ifPresent(e -> record.refused(what, busy.by(), String.valueOf(e.getMessage())));
        }
        return Optional.of(result);
      } catch (ThrottledException e) {
        later.add(DeferredEndpoint.busy(by, e, timer));
      } catch (TransferException e) {
        judge(by, e);
        judged = true;
        note(by, e);
        if (e.isTransient()) {
          later.add(DeferredEndpoint.troubled(by, timer));
        }
      } catch (IOException | RuntimeException e) {
        note(by, e);
        if (Retries.isTransient(e)) {
          later.add(DeferredEndpoint.troubled(by, timer));
        }
      } finally {
        if (!judged) {
          by.health().unknown();
        }
      }
      return Optional.empty();
    }

    private void note(ResolvedEndpoint by, Exception failure) throws IOException {
      record.refused(what, by, attempts.add(by, failure));
    }
  }

  /** Only what would befall any other request too is held against an endpoint. */
  static void judge(ResolvedEndpoint by, TransferException e) {
    if (e.isTransient() || e.reason() == FailureKind.NETWORK) {
      by.health().troubled(e.retryAfter());
    } else {
      by.health().well();
    }
  }
}
