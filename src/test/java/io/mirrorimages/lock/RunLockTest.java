package io.mirrorimages.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class RunLockTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("a.tar.lock");
  }

  @Test
  void theSecondIsToldWhoTheFirstIs() throws IOException {
    Instant before = Instant.now();
    try (RunLock first = RunLock.take(file, "a.tar is being written")) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> RunLock.take(file, "a.tar is being written"))
          .isInstanceOf(LockedException.class)
          .hasMessageMatching(
              "a.tar is being written by process "
                  + ProcessHandle.current().pid()
                  + " on \\S+, since 20\\S+Z");
      Holder holder = Holder.parse(Files.readString(file)).orElseThrow();
      assertThat(holder.since()).isBetween(before.minusSeconds(1), Instant.now());
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatAKilledRunLeftIsInNobodysWay() throws IOException {
    Files.writeString(file, "pid 1 host " + "h".repeat(200) + " since 2026-01-01T00:00:00Z\n");
    try (RunLock lock = RunLock.take(file, "it is used")) {
      assertThat(lock).isNotNull();
      assertThat(Files.readString(file))
          .startsWith("pid " + ProcessHandle.current().pid() + " host ")
          .hasLineCount(1);
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whoGivesItBackTwiceTakesItFromNobody() throws IOException {
    RunLock first = RunLock.take(file, "it is used");
    first.close();
    try (RunLock second = RunLock.take(file, "it is used")) {
      assertThat(second).isNotNull();
      first.close();
      assertThat(file).exists();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense\n",
        "pid 1 host \u001b[31m since 2026-01-01T00:00:00Z\n",
        "pid 1 host h since yesterday\n",
        "pid 1 host h since 2026-13-01T00:00:00Z\n",
        "pid 9999999999999999999 host h since 2026-01-01T00:00:00Z\n",
      })
  void aHolderThatIsNotToBeReadIsAnotherProcess(String content) throws IOException {
    Files.writeString(file, content);
    try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
      assertThat(other.lock()).isNotNull();
      assertThatThrownBy(() -> RunLock.take(file, "it is used"))
          .isInstanceOf(LockedException.class)
          .hasMessage("it is used by another process");
    }
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious"), "content");
    Files.createSymbolicLink(file, precious);
    assertThatThrownBy(() -> RunLock.take(file, "it is used")).isInstanceOf(IOException.class);
    assertThat(precious).hasContent("content");
  }

  @Test
  void aFileThatAnotherRunOpenedBeforeItWasDeletedSaysThatItIsNoLongerTheLock() throws IOException {
    Path opened = folder.resolve("opened");
    try (RunLock lock = RunLock.take(file, "it is used")) {
      assertThat(lock).isNotNull();
      Files.createLink(opened, file);
    }
    assertThat(opened).content().startsWith("-id ");
  }

  @Test
  void aRunThatWasKilledBeforeItDeletedItsFileIsInNobodysWay() throws IOException {
    Files.writeString(file, "-id 1 host h since 2026-01-01T00:00:00Z\n");
    try (RunLock lock = RunLock.take(file, "it is used")) {
      assertThat(lock).isNotNull();
      assertThat(Holder.parse(Files.readString(file))).isPresent();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void itIsNeverHadTwiceHoweverOftenItChangesHands() throws Exception {
    AtomicInteger holders = new AtomicInteger();
    Callable<Integer> run =
        () -> {
          int had = 0;
          for (int i = 0; i < 500; i++) {
            try (RunLock lock = RunLock.take(file, "it is used")) {
              assertThat(lock).isNotNull();
              assertThat(holders.incrementAndGet()).isOne();
              had++;
              holders.decrementAndGet();
            } catch (LockedException e) {
              Thread.onSpinWait();
            }
          }
          return had;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Integer>> all = new ArrayList<>(threads.invokeAll(List.of(run, run, run, run)));
      int had = 0;
      for (Future<Integer> one : all) {
        had += one.get();
      }
      assertThat(had).isPositive();
    }
    assertThat(folder).isEmptyDirectory();
  }
}
