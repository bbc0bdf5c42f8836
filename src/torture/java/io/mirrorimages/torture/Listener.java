package io.mirrorimages.torture;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Listens to one run of the tool for as long as it is open, and keeps where the run's threads were
 * when it was mute. Thread-safe.
 */
final class Listener implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Ledger ledger;
  private final Callable<String> said;
  private final Callable<String> traces;
  private final Thread thread;
  private volatile Optional<String> problem = Optional.empty();

  /**
   * Begins.
   *
   * @param ledger of the lines that the run has
   * @param said all that it has said so far
   * @param traces where its threads are
   */
  Listener(Ledger ledger, Callable<String> said, Callable<String> traces) {
    this.ledger = ledger;
    this.said = said;
    this.traces = traces;
    this.thread = Thread.ofPlatform().daemon().name("listener").start(this::listen);
  }

  private void listen() {
    Muteness muteness = new Muteness(Muteness.LIMIT);
    try {
      while (!muteness.look(System.nanoTime(), ledger.passed(), said.call())) {
        Thread.sleep(LOOK);
      }
      problem =
          Optional.of(
              "it was mute for "
                  + Muteness.LIMIT.toSeconds()
                  + " s: "
                  + said.call()
                  + traces.call());
    } catch (InterruptedException e) {
      // The run has ended.
    } catch (Exception e) {
      problem = Optional.of("it could not be listened to: " + e);
    }
  }

  /** What was wrong, if anything; to be asked after the end. */
  void complain() {
    problem.ifPresent(
        text -> {
          throw new AssertionError(text);
        });
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
