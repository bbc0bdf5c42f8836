package io.mirrorimages.registry;

import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks several endpoints for the same thing, one after the other. Thread-safe. */
final class Walk {
  private final ServedBy record;

  /** What the endpoints say is written down in {@code record}. */
  Walk(ServedBy record) {
    this.record = record;
  }

  /** A request to one endpoint. */
  interface Ask<T> {
    T of(Candidate by) throws IOException;
  }

  /**
   * Asks one after the other until one has it; those that were in trouble just now come last.
   *
   * @param subject what is asked for, for messages
   * @param what the same, for the outcome
   */
  <T> T over(List<Candidate> candidates, String subject, String what, Ask<T> ask)
      throws IOException {
    Attempts attempts = new Attempts(subject);
    List<Candidate> resting = new ArrayList<>();
    for (Candidate by : candidates) {
      if (by.hop().refusal().isPresent()) {
        note(attempts, what, by, new MirrorException(Reason.MISSING, by.hop().refusal().get()));
      } else if (by.health().mayAsk()) {
        Optional<T> result = ask(by, ask, attempts, what);
        if (result.isPresent()) {
          return result.get();
        }
      } else {
        resting.add(by);
      }
    }
    for (Candidate by : resting) {
      Optional<T> result = ask(by, ask, attempts, what);
      if (result.isPresent()) {
        return result.get();
      }
    }
    throw attempts.failure();
  }

  private <T> Optional<T> ask(Candidate by, Ask<T> ask, Attempts attempts, String what)
      throws IOException {
    boolean judged = false;
    try {
      T result = ask.of(by);
      by.health().well();
      judged = true;
      return Optional.of(result);
    } catch (MirrorException e) {
      judge(by, e);
      judged = true;
      note(attempts, what, by, e);
    } catch (IOException | RuntimeException e) {
      note(attempts, what, by, e);
    } finally {
      if (!judged) {
        by.health().unknown();
      }
    }
    return Optional.empty();
  }

  /** Only what would befall any other request too is held against an endpoint. */
  static void judge(Candidate by, MirrorException e) {
    if (e.isTransient() || e.reason() == Reason.NETWORK) {
      by.health().troubled(e.retryAfter());
    } else {
      by.health().well();
    }
  }

  private void note(Attempts attempts, String what, Candidate by, Exception failure)
      throws IOException {
    record.refused(what, by, attempts.add(by, failure));
  }
}
