package io.mirrorimages.mirror.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.mirror.work.Scheduler.Task;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SchedulerTest {
  private static final List<Integer> HUNDRED = IntStream.range(0, 100).boxed().toList();

  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final Queue<String> done = new ConcurrentLinkedQueue<>();

  @Test
  void tasksThatAddTasksAreRunByNoMoreThreadsThanTheBound() throws Exception {
    try (Scheduler scheduler = new Scheduler(6);
        TaskQueue queue = scheduler.open(4)) {
      for (int image : HUNDRED) {
        queue.add(
            "host",
            List.of(
                () -> {
                  queue.addFirst(
                      "host",
                      HUNDRED.stream().<Task>map(l -> () -> note(image + "/" + l)).toList());
                  return Optional.empty();
                }));
      }
      queue.await();
    }
    assertThat(done).hasSize(10_000).doesNotHaveDuplicates();
    assertThat(threads).hasSizeBetween(1, 6);
  }

  @Test
  void aTaskThatFindsNoMemoryEndsTheRunThoughOthersWaitForWhatNeverComes() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    try (Scheduler scheduler = new Scheduler(2);
        TaskQueue queue = scheduler.open()) {
      queue.add(
          "host",
          List.of(
              () -> waitsForEver(waiting, interrupted),
              () -> {
                awaited(waiting);
                throw new OutOfMemoryError("Java heap space");
              }));

      assertThatThrownBy(queue::await).isInstanceOf(OutOfMemoryError.class);

      awaited(interrupted);
    }
  }

  @Test
  void aPartThatFindsNoMemoryEndsTheRunThoughTheOthersWaitForWhatNeverComes() throws Exception {
    CountDownLatch waiting = new CountDownLatch(2);
    CountDownLatch interrupted = new CountDownLatch(2);
    try (Scheduler scheduler = new Scheduler(1);
        TaskQueue queue = scheduler.open()) {
      queue.add(
          "host",
          List.of(
              () -> {
                scheduler.together(
                    List.of(0, 1, 2),
                    part -> {
                      if (part < 2) {
                        waitsForEver(waiting, interrupted);
                      }
                      awaited(waiting);
                      throw new OutOfMemoryError("Java heap space");
                    });
                return Optional.empty();
              }));

      assertThatThrownBy(queue::await).isInstanceOf(OutOfMemoryError.class);

      awaited(interrupted);
    }
  }

  private static Optional<Task> waitsForEver(CountDownLatch waiting, CountDownLatch interrupted)
      throws IOException {
    waiting.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      interrupted.countDown();
    }
    throw Scheduler.interrupted();
  }

  private static void awaited(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw Scheduler.interrupted();
    }
  }

  @Test
  void whatATaskAddsFirstIsRunBeforeWhatHasNotBegunInItsOrder() throws Exception {
    try (Scheduler scheduler = new Scheduler(1);
        TaskQueue queue = scheduler.open(1)) {
      Task first =
          () -> {
            queue.add("", List.of(() -> note("d")));
            queue.addFirst("", List.of(() -> note("a"), () -> note("b")));
            return Optional.empty();
          };
      queue.add("", List.of(first, () -> note("c")));
      queue.await();
    }
    assertThat(done).containsExactly("a", "b", "c", "d");
  }

  @Test
  void allThreadsOfTheBoundAreAtWork() throws Exception {
    CyclicBarrier four = new CyclicBarrier(4);
    try (Scheduler scheduler = new Scheduler(4)) {
      scheduler.forEach(HUNDRED, 4, item -> await(four));
    }
    assertThat(four.getNumberWaiting()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noMoreThanWantedAreCountedAtOnceAndWhatFollowsThemIsNotCounted(long seed) throws Exception {
    Random random = new Random(seed);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CyclicBarrier follows = new CyclicBarrier(4);
    try (Scheduler scheduler = new Scheduler(8);
        TaskQueue queue = scheduler.open(3)) {
      for (int i = 0; i < 100; i++) {
        Optional<Task> next = i < 4 ? Optional.of(() -> awaiting(follows)) : Optional.<Task>empty();
        int spins = random.nextInt(1000);
        queue.add(
            "host " + random.nextInt(3),
            List.of(
                () -> {
                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  IntStream.range(0, spins).forEach(spin -> Thread.onSpinWait());
                  inside.decrementAndGet();
                  return next;
                }));
      }
      queue.await();
    }
    assertThat(most.get()).isBetween(1, 3);
  }

  @Test
  void whileATaskWaitsForItsHostThoseOfOtherHostsRunAndNoneOfTheSame() throws Exception {
    CountDownLatch back = new CountDownLatch(1);
    CountDownLatch others = new CountDownLatch(100);
    try (Scheduler scheduler = new Scheduler(1);
        TaskQueue queue = scheduler.open(1)) {
      List<Task> away = new ArrayList<>();
      away.add(
          () -> {
            Scheduler.pause(() -> waited(back));
            return note("first");
          });
      away.addAll(HUNDRED.stream().<Task>map(i -> () -> note("away")).toList());
      queue.add("away", away);
      for (int i : HUNDRED) {
        queue.add(
            "well",
            List.of(
                () -> {
                  note("well");
                  others.countDown();
                  return Optional.empty();
                }));
      }
      assertThat(others.await(120, TimeUnit.SECONDS)).isTrue();
      assertThat(done).hasSize(100).containsOnly("well");
      back.countDown();
      queue.await();
    }
    assertThat(done).hasSize(201);
    assertThat(List.copyOf(done).subList(100, 201)).containsOnly("first", "away");
    assertThat(threads).hasSize(2);
  }

  @Test
  void severalThatWaitForOneHostKeepItsTasksBackUntilTheLastOfThemRuns() throws Exception {
    CyclicBarrier bothRun = new CyclicBarrier(2);
    CountDownLatch waiting = new CountDownLatch(2);
    CountDownLatch back = new CountDownLatch(1);
    try (Scheduler scheduler = new Scheduler(2);
        TaskQueue queue = scheduler.open(2)) {
      Task wait =
          () -> {
            await(bothRun);
            Scheduler.pause(
                () -> {
                  waiting.countDown();
                  return waited(back);
                });
            return Optional.empty();
          };
      queue.add("away", List.of(wait, wait, () -> note("away")));
      assertThat(waiting.await(120, TimeUnit.SECONDS)).isTrue();
      queue.add(
          "well",
          List.of(
              () -> {
                note("well");
                back.countDown();
                return Optional.empty();
              }));
      queue.await();
    }
    assertThat(done).containsExactly("well", "away");
  }

  @Test
  void requestBesideTheJobsLetsAnotherTaskRunAndIsCountedAgainAfterIt() throws Exception {
    CountDownLatch other = new CountDownLatch(1);
    AtomicInteger counted = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (Scheduler scheduler = new Scheduler(4);
        TaskQueue queue = scheduler.open(1)) {
      queue.add(
          "host",
          List.of(
              () -> {
                // Only another task of the queue, whose bound is 1, ends the wait.
                Scheduler.beside(
                    () -> {
                      awaited(other);
                      return "mounted";
                    });
                return note("mount");
              },
              () -> {
                other.countDown();
                return note("upload");
              }));
      queue.await();
      for (int i = 0; i < 20; i++) {
        queue.add(
            "host",
            List.of(
                () -> {
                  most.accumulateAndGet(counted.incrementAndGet(), Math::max);
                  Thread.yield();
                  counted.decrementAndGet();
                  return Optional.empty();
                }));
      }
      queue.await();
    }

    assertThat(done).containsExactlyInAnyOrder("mount", "upload");
    assertThat(most).hasValue(1);
  }

  @Test
  void whoRunsNoTaskJustSendsIt() throws Exception {
    assertThat(Scheduler.beside(() -> "sent")).isEqualTo("sent");
  }

  @Test
  void whoRunsNoTaskJustWaits() throws Exception {
    assertThat(Scheduler.pause(() -> "waited")).isEqualTo("waited");
  }

  @Test
  void partsThatWaitForEachOtherAreAllAtWorkThoughTheBoundIsReached() throws Exception {
    CyclicBarrier all = new CyclicBarrier(5);
    try (Scheduler scheduler = new Scheduler(1)) {
      scheduler.forEach(
          List.of(1),
          1,
          blob -> scheduler.together(Collections.nCopies(5, blob), part -> await(all)));
    }
    assertThat(all.getNumberWaiting()).isZero();
  }

  @Test
  void aPartThatWaitsForTheHostLetsAnotherTaskRun() throws Exception {
    CountDownLatch back = new CountDownLatch(1);
    try (Scheduler scheduler = new Scheduler(1);
        TaskQueue queue = scheduler.open(1)) {
      queue.add(
          "away",
          List.of(
              () -> {
                scheduler.together(List.of(1, 2, 3), part -> Scheduler.pause(() -> waited(back)));
                return note("away");
              }));
      queue.add(
          "well",
          List.of(
              () -> {
                note("well");
                back.countDown();
                return Optional.empty();
              }));
      queue.await();
    }
    assertThat(done).containsExactly("well", "away");
  }

  @Test
  void afterAFailureNothingIsBegunAndItIsThrown() {
    try (Scheduler scheduler = new Scheduler(1)) {
      assertThatThrownBy(
              () ->
                  scheduler.forEach(
                      HUNDRED,
                      1,
                      item -> {
                        note("" + item);
                        if (item == 2) {
                          throw new IOException("as if");
                        }
                      }))
          .hasMessage("as if");
    }
    assertThat(done).containsExactly("0", "1", "2");
  }

  @Test
  void whatIsStoppedIsNotTakenForDone() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    try (Scheduler scheduler = new Scheduler(2)) {
      Thread stopper =
          Thread.ofVirtual()
              .start(
                  () -> {
                    awaitQuietly(begun);
                    scheduler.stop();
                  });
      assertThatThrownBy(
              () ->
                  scheduler.forEach(
                      HUNDRED,
                      2,
                      item -> {
                        begun.countDown();
                        sleepLong();
                      }))
          .isInstanceOf(InterruptedIOException.class);
      stopper.join();
      assertThat(scheduler.isStopped()).isTrue();
    }
  }

  @Test
  void whatRunsWhenTheRunIsToEndSoonComesToItsEndWithWhatFollowsIt() throws Exception {
    try (Scheduler scheduler = new Scheduler(1);
        TaskQueue queue = scheduler.open(1)) {
      queue.add(
          "",
          List.of(
              () -> {
                scheduler.endSoon();
                note("begun");
                return Optional.of(() -> note("followed"));
              },
              () -> note("not begun")));
      assertThatThrownBy(queue::await).isInstanceOf(InterruptedIOException.class);
    }
    assertThat(done).containsExactly("begun", "followed");
  }

  @Test
  void aCallerThatIsInterruptedBeginsNothingMore() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (Scheduler scheduler = new Scheduler(1);
        TaskQueue queue = scheduler.open(1)) {
      Thread caller = Thread.currentThread();
      queue.add(
          "",
          List.of(
              () -> {
                caller.interrupt();
                awaitQuietly(end);
                return note("begun");
              },
              () -> note("not begun")));
      assertThatThrownBy(queue::await).isInstanceOf(InterruptedIOException.class);
      end.countDown();
      assertThatThrownBy(queue::await).isInstanceOf(InterruptedIOException.class);
    }
    assertThat(done).containsExactly("begun");
  }

  @Test
  void whereTheSystemGivesFewThreadsThoseDoTheWork() throws Exception {
    AtomicInteger made = new AtomicInteger();
    try (Scheduler scheduler =
        new Scheduler(
            8, work -> made.incrementAndGet() <= 2 ? daemon(work, 0) : daemon(work, TOO_LARGE))) {
      scheduler.forEach(HUNDRED, 8, item -> note("" + item));
    }
    assertThat(done).hasSize(100);
    assertThat(threads).hasSizeBetween(1, 2);
  }

  @Test
  void whereItGivesNoneThatIsSaid() {
    try (Scheduler scheduler = new Scheduler(8, work -> daemon(work, TOO_LARGE))) {
      assertThatThrownBy(() -> scheduler.forEach(HUNDRED, 8, item -> {}))
          .satisfies(e -> assertThat(ThreadLimit.isOne(e)).isTrue());
    }
  }

  @Test
  void whereItGivesNoFurtherOnesThePartsOfABlobAreDoneOneAfterTheOther() throws Exception {
    AtomicInteger made = new AtomicInteger();
    try (Scheduler scheduler =
        new Scheduler(
            1, work -> made.incrementAndGet() <= 1 ? daemon(work, 0) : daemon(work, TOO_LARGE))) {
      scheduler.forEach(
          List.of(1), 1, blob -> scheduler.together(HUNDRED, part -> note("" + part)));
    }
    assertThat(done).hasSize(100);
    assertThat(threads).hasSize(1);
  }

  // No system has room for such a stack: the thread can't be made.
  private static final long TOO_LARGE = 1L << 47;

  private static Thread daemon(Runnable work, long stack) {
    Thread thread = new Thread(null, work, "test", stack);
    thread.setDaemon(true);
    return thread;
  }

  private Optional<Task> note(String what) {
    threads.add(Thread.currentThread());
    done.add(what);
    return Optional.empty();
  }

  private static Optional<Task> awaiting(CyclicBarrier barrier) throws IOException {
    await(barrier);
    return Optional.empty();
  }

  private static void await(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await(120, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static boolean waited(CountDownLatch latch) {
    awaitQuietly(latch);
    return true;
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
      throw Scheduler.interrupted();
    }
  }
}
