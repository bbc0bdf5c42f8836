package io.mirrorimages.archive.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class BackgroundFsyncTest {
  private final BlockingQueue<Thread> begun = new LinkedBlockingQueue<>();
  private final Semaphore mayEnd = new Semaphore(0);
  private final AtomicLong now = new AtomicLong();
  private volatile IOException trouble;

  private final BackgroundFsync early =
      new BackgroundFsync(
          () -> {
            begun.add(Thread.currentThread());
            mayEnd.acquireUninterruptibly();
            if (trouble != null) {
              throw trouble;
            }
          },
          now::get);

  @AfterEach
  void end() {
    mayEnd.release(1000);
  }

  @Test
  void aFileIsBroughtToTheDiskEachTimeThatEnoughOfItIsWritten() throws Exception {
    early.wrote(BackgroundFsync.STEP - 1);
    assertThat(begun).isEmpty();

    early.wrote(1);
    Thread first = nextBegun();
    assertThat(first).isNotSameAs(Thread.currentThread());

    mayEnd.release();
    first.join();
    early.wrote(BackgroundFsync.STEP);
    assertThat(nextBegun()).isNotSameAs(first);
  }

  @Test
  void whatIsWrittenMeanwhileIsTheNextOnesWork() throws Exception {
    early.wrote(BackgroundFsync.STEP);
    Thread first = nextBegun();
    early.wrote(3 * BackgroundFsync.STEP);
    assertThat(begun).isEmpty();

    mayEnd.release();
    first.join();
    early.wrote(1);
    nextBegun();
    assertThat(begun).isEmpty();
  }

  @Test
  void aSlowDiskIsLeftAlone() throws Exception {
    early.wrote(BackgroundFsync.STEP);
    Thread first = nextBegun();
    now.addAndGet(TimeUnit.SECONDS.toNanos(3));
    mayEnd.release();
    first.join();

    early.wrote(BackgroundFsync.STEP);
    assertThat(begun.poll(200, TimeUnit.MILLISECONDS)).as("another thread begins").isNull();
  }

  @Test
  void aDiskThatFailedIsToldOfWheneverItIsChecked() throws Exception {
    early.check();
    trouble = new IOException("Input/output error");
    early.wrote(BackgroundFsync.STEP);
    Thread failing = nextBegun();
    mayEnd.release();
    failing.join();

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(early::check)
          .isInstanceOf(IOException.class)
          .hasMessage("Input/output error")
          .hasCause(trouble);
    }
  }

  private Thread nextBegun() throws InterruptedException {
    Thread next = begun.poll(120, TimeUnit.SECONDS);
    assertThat(next).as("brings the file to the disk").isNotNull();
    return next;
  }
}
