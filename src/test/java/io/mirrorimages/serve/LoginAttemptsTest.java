package io.mirrorimages.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LoginAttemptsTest {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final LoginAttempts attempts = new LoginAttempts(1);
  private final List<String> turns = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch held = new CountDownLatch(1);
  private final AtomicInteger waiting = new AtomicInteger();

  @AfterEach
  void stop() {
    threads.close();
  }

  @Test
  void whoComesWhileManyOfOneClientWaitIsNext() throws Exception {
    hold("guesser");
    for (int i = 0; i < 200; i++) {
      enter("guesser", "guess " + i);
    }
    enter("other", "right");

    held.countDown();
    awaitTurns(201);

    assertThat(turns.getFirst()).isEqualTo("right");
  }

  @Test
  void whoComesWhileManyClientsWaitIsNextToo() throws Exception {
    hold("guesser");
    for (int i = 0; i < 200; i++) {
      enter("guesser " + i, "guess " + i);
    }
    enter("guesser 7", "right");

    held.countDown();
    awaitTurns(201);

    assertThat(turns.getFirst()).isEqualTo("right");
  }

  @Test
  void noMoreThanSoManyAreTriedAtOnce() throws Exception {
    LoginAttempts two = new LoginAttempts(2);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(50);
    for (int i = 0; i < 50; i++) {
      threads.execute(
          () -> {
            two.inTurn(
                "a",
                () -> false,
                () -> {
                  most.accumulateAndGet(running.incrementAndGet(), Math::max);
                  Thread.yield();
                  running.decrementAndGet();
                  return false;
                });
            done.countDown();
          });
    }
    done.await();
    assertThat(most.get()).isBetween(1, 2);
  }

  @Test
  void whatBecomesKnownMeanwhileNeedsNoTurn() throws Exception {
    AtomicBoolean known = new AtomicBoolean();
    hold("guesser");
    CountDownLatch done = new CountDownLatch(1);
    threads.execute(
        () -> {
          boolean accepted =
              attempts.inTurn(
                  "right",
                  () -> {
                    waiting.incrementAndGet();
                    return known.get();
                  },
                  () -> {
                    turns.add("tried");
                    return false;
                  });
          turns.add("accepted " + accepted);
          done.countDown();
        });
    awaitWaiting(1);
    known.set(true);
    held.countDown();
    done.await();

    assertThat(turns).containsExactly("accepted true");
  }

  private void hold(String client) throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    threads.execute(
        () ->
            attempts.inTurn(
                client,
                () -> false,
                () -> {
                  running.countDown();
                  try {
                    held.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  return false;
                }));
    running.await();
  }

  private void enter(String client, String name) throws InterruptedException {
    int before = waiting.get();
    AtomicBoolean asked = new AtomicBoolean();
    threads.execute(
        () ->
            attempts.inTurn(
                client,
                () -> {
                  if (asked.compareAndSet(false, true)) {
                    waiting.incrementAndGet();
                  }
                  return false;
                },
                () -> {
                  turns.add(name);
                  return false;
                }));
    awaitWaiting(before + 1);
  }

  private void awaitWaiting(int count) throws InterruptedException {
    while (waiting.get() < count) {
      Thread.sleep(Duration.ofMillis(1));
    }
  }

  private void awaitTurns(int count) throws InterruptedException {
    while (turns.size() < count) {
      Thread.sleep(Duration.ofMillis(1));
    }
  }
}
