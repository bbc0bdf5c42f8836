package io.mirrorimages.mirror.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkersTest {
  private static final List<Integer> HUNDRED = IntStream.range(0, 100).boxed().toList();

  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  @Test
  void nestedWorkIsDoneByNoMoreThreadsThanTheBound() throws Exception {
    Queue<String> done = new ConcurrentLinkedQueue<>();
    try (Workers workers = new Workers(6)) {
      workers.forEach(
          HUNDRED,
          4,
          image ->
              workers.forEach(
                  HUNDRED,
                  4,
                  layer -> {
                    threads.add(Thread.currentThread());
                    done.add(image + "/" + layer);
                  }));
    }
    assertThat(done).hasSize(10_000).doesNotHaveDuplicates();
    assertThat(threads).hasSizeBetween(1, 6);
  }

  @Test
  void allThreadsAtWorkHaveNestedWorkAndNoneWaitsForAnother() throws Exception {
    CyclicBarrier allInside = new CyclicBarrier(3);
    AtomicInteger done = new AtomicInteger();
    try (Workers workers = new Workers(3)) {
      workers.forEach(
          List.of(1, 2, 3),
          3,
          image -> {
            await(allInside);
            workers.forEach(HUNDRED, 3, layer -> done.incrementAndGet());
          });
    }
    assertThat(done).hasValue(300);
  }

  @Test
  void freeThreadsHelpWithNestedWork() throws Exception {
    // Only four at once get past it.
    CyclicBarrier four = new CyclicBarrier(4);
    try (Workers workers = new Workers(4)) {
      workers.forEach(List.of(1), 4, image -> workers.forEach(HUNDRED, 4, layer -> await(four)));
    }
    assertThat(four.getNumberWaiting()).isZero();
  }

  @Test
  void aThreadThatBecomesFreeHelpsWithNestedWorkThatHasBegun() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CyclicBarrier two = new CyclicBarrier(2);
    try (Workers workers = new Workers(2)) {
      workers.forEach(
          List.of("large", "small"),
          2,
          image -> {
            if (image.equals("small")) {
              awaitQuietly(begun);
              return;
            }
            workers.forEach(
                List.of(1, 2),
                2,
                layer -> {
                  begun.countDown();
                  await(two);
                });
          });
    }
    assertThat(two.getNumberWaiting()).isZero();
  }

  @Test
  void noMoreThanWantedAreAtWorkAtOnce() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (Workers workers = new Workers(8)) {
      workers.forEach(
          HUNDRED,
          3,
          item -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            Thread.onSpinWait();
            inside.decrementAndGet();
          });
    }
    assertThat(most.get()).isBetween(1, 3);
  }

  @Test
  void partsThatWaitForEachOtherAreAllAtWorkThoughTheBoundIsReached() throws Exception {
    CyclicBarrier all = new CyclicBarrier(5);
    try (Workers workers = new Workers(1)) {
      workers.forEach(
          List.of(1), 1, blob -> workers.together(Collections.nCopies(5, blob), p -> await(all)));
    }
    assertThat(all.getNumberWaiting()).isZero();
  }

  @Test
  void afterAFailureNothingIsBegunAndItIsThrown() {
    Queue<Integer> done = new ConcurrentLinkedQueue<>();
    try (Workers workers = new Workers(1)) {
      assertThatThrownBy(
              () ->
                  workers.forEach(
                      HUNDRED,
                      1,
                      item -> {
                        done.add(item);
                        if (item == 2) {
                          throw new IOException("as if");
                        }
                      }))
          .hasMessage("as if");
    }
    assertThat(done).containsExactly(0, 1, 2);
  }

  @Test
  void whatIsStoppedIsNotTakenForDone() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    try (Workers workers = new Workers(2)) {
      Thread stopper =
          Thread.ofVirtual()
              .start(
                  () -> {
                    awaitQuietly(begun);
                    workers.stop();
                  });
      assertThatThrownBy(
              () ->
                  workers.forEach(
                      HUNDRED,
                      2,
                      item -> {
                        begun.countDown();
                        sleepLong();
                      }))
          .isInstanceOf(InterruptedIOException.class);
      stopper.join();
      assertThat(workers.isStopped()).isTrue();
    }
  }

  @Test
  void whereTheSystemGivesFewThreadsThoseDoTheWork() throws Exception {
    AtomicInteger done = new AtomicInteger();
    AtomicInteger made = new AtomicInteger();
    try (Workers workers =
        new Workers(
            8, work -> made.incrementAndGet() <= 2 ? daemon(work, 0) : daemon(work, TOO_LARGE))) {
      workers.forEach(
          HUNDRED,
          8,
          image ->
              workers.forEach(
                  HUNDRED,
                  8,
                  layer -> {
                    threads.add(Thread.currentThread());
                    done.incrementAndGet();
                  }));
    }
    assertThat(done).hasValue(10_000);
    assertThat(threads).hasSizeBetween(1, 2);
  }

  @Test
  void whereItGivesNoneThatIsSaid() {
    try (Workers workers = new Workers(8, work -> daemon(work, TOO_LARGE))) {
      assertThatThrownBy(() -> workers.forEach(HUNDRED, 8, item -> {}))
          .satisfies(e -> assertThat(ThreadLimit.isOne(e)).isTrue());
    }
  }

  // No system has room for such a stack: the thread can't be made.
  private static final long TOO_LARGE = 1L << 47;

  private static Thread daemon(Runnable work, long stack) {
    Thread thread = new Thread(null, work, "test", stack);
    thread.setDaemon(true);
    return thread;
  }

  private static void await(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void sleepLong() throws IOException {
    try {
      Thread.sleep(20_000);
    } catch (InterruptedException e) {
      throw Workers.interrupted();
    }
  }
}
