package io.mirrorimages.mirror.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.work.Scheduler.ItemTask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class BlobTasksTest {
  private final Exclusive<Digest> digests = new Exclusive<>();
  private final Queue<String> events = new ConcurrentLinkedQueue<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void eachDigestHasOneTaskAtATimeAndEachImageEndsOnceAfterItsLastBlob(long seed) throws Exception {
    Random random = new Random(seed);
    int images = 60;
    Map<Digest, AtomicInteger> inside = new ConcurrentHashMap<>();
    AtomicInteger clashes = new AtomicInteger();
    AtomicInteger failing = new AtomicInteger();
    try (Scheduler scheduler = new Scheduler(1 + random.nextInt(8));
        TaskQueue queue = scheduler.open(1 + random.nextInt(8))) {
      for (int i = 0; i < images; i++) {
        List<Descriptor> blobs =
            new ArrayList<>(IntStream.range(0, 10).mapToObj(BlobTasksTest::blob).toList());
        Collections.shuffle(blobs, random);
        List<Descriptor> wanted = List.copyOf(blobs.subList(0, random.nextInt(10)));
        boolean fails = !wanted.isEmpty() && random.nextInt(4) == 0;
        failing.addAndGet(fails ? 1 : 0);
        int number = i;
        AtomicInteger brought = new AtomicInteger();
        ItemTask<Descriptor> work =
            blob -> {
              AtomicInteger at = inside.computeIfAbsent(blob.digest(), d -> new AtomicInteger());
              clashes.addAndGet(at.incrementAndGet() - 1);
              Thread.yield();
              at.decrementAndGet();
              if (fails && blob.equals(wanted.getFirst())) {
                throw new IOException("as if");
              }
              brought.incrementAndGet();
            };
        queue.add(
            "host " + i % 3,
            List.of(
                () ->
                    new BlobTasks(queue, "host " + number % 3, digests)
                        .begin(
                            wanted,
                            work,
                            failure -> {
                              boolean all = brought.get() == wanted.size();
                              events.add(
                                  number + (failure.isPresent() ? " failed" : " all " + all));
                              return Optional.empty();
                            })));
      }
      queue.await();
    }
    assertThat(clashes).hasValue(0);
    assertThat(events).hasSize(images).doesNotHaveDuplicates().noneMatch(e -> e.endsWith("false"));
    assertThat(events).filteredOn(e -> e.endsWith("failed")).hasSize(failing.get());
  }

  @Test
  void noThreadWaitsForABlobThatAnotherImageBrings() throws Exception {
    CountDownLatch othersDone = new CountDownLatch(1);
    try (Scheduler scheduler = new Scheduler(2);
        TaskQueue queue = scheduler.open(2)) {
      BlobTasks tasks = new BlobTasks(queue, "", digests);
      CountDownLatch begun = new CountDownLatch(1);
      ItemTask<Descriptor> slow =
          blob -> {
            begun.countDown();
            await(othersDone);
            events.add("slow");
          };
      queue.add("", List.of(() -> tasks.begin(List.of(blob(0)), slow, end("first"))));
      await(begun);
      ItemTask<Descriptor> quick = blob -> events.add("blob " + blob.size());
      queue.add(
          "",
          List.of(
              () -> tasks.begin(List.of(blob(0), blob(1)), quick, end("second")),
              () -> tasks.begin(List.of(blob(0), blob(2)), quick, end("third")),
              () -> tasks.begin(List.of(blob(3)), blob -> othersDone.countDown(), end("fourth"))));
      queue.await();
    }
    assertThat(events)
        .containsSubsequence("blob 1", "blob 2", "fourth")
        .containsSubsequence("slow", "blob 0", "blob 0")
        .contains("first", "second", "third");
  }

  @Test
  void anImageWithoutBlobsEndsAtOnce() throws Exception {
    try (Scheduler scheduler = new Scheduler(1);
        TaskQueue queue = scheduler.open(1)) {
      queue.add(
          "",
          List.of(() -> new BlobTasks(queue, "", digests).begin(List.of(), blob -> {}, end("it"))));
      queue.await();
    }
    assertThat(events).containsExactly("it");
  }

  @Test
  void aThreadThatWaitsForADigestGetsItAfterItsHolder() throws Exception {
    Digest digest = blob(0).digest();
    assertThat(digests.take(digest, () -> {})).isTrue();
    Thread second =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    digests.await(digest);
                    events.add("second");
                    digests.release(digest);
                  } catch (IOException e) {
                    events.add(e.toString());
                  }
                });
    events.add("first");
    digests.release(digest);
    second.join();
    assertThat(events).containsExactly("first", "second");
    assertThat(digests.take(digest, () -> {})).isTrue();
  }

  private BlobTasks.Then end(String image) {
    return failure -> {
      events.add(image);
      return Optional.empty();
    };
  }

  private static Descriptor blob(int number) {
    return new Descriptor("", Digest.parse("sha256:" + ("" + number).repeat(64)), number);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(120, TimeUnit.SECONDS)) {
        throw new IOException("in vain");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
