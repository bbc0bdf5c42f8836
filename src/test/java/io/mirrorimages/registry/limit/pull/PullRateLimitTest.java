package io.mirrorimages.registry.limit.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.mirror.RateLimitStatus.Account;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.registry.limit.time.FakeTimer;
import io.mirrorimages.registry.limit.time.ThrottledException;
import io.mirrorimages.registry.limit.time.Timer;
import io.mirrorimages.registry.limit.time.WaitNotices;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class PullRateLimitTest {
  private static final PullRateLimit.Look NONE =
      () -> {
        throw new AssertionError("nobody should have to look");
      };

  private final FakeTimer timer = new FakeTimer();
  private final List<Wait> waits = new ArrayList<>();
  private final PullRateLimit quota =
      new PullRateLimit(timer, new WaitNotices("docker.io", timer, waits::add));
  private int looks;

  @Test
  void withoutTheHeadersThereIsNoQuota() throws IOException {
    for (int i = 0; i < 1000; i++) {
      quota.take(NONE, Timer.FOREVER);
      assertThat(quota.note(quota.sent(), 200, name -> Optional.empty(), true)).isFalse();
      quota.ended();
    }
    assertThat(timer.sleeps()).isZero();
  }

  @Test
  void headersOfAnotherFormAreNoQuota() throws IOException {
    for (String value : List.of("0", "0;w=0", "0;w=86401", "0;w=999999999", "x;w=1", "")) {
      quota.take(NONE, Timer.FOREVER);
      quota.note(quota.sent(), 200, name -> Optional.of(value), true);
      quota.ended();
    }
    quota.take(NONE, Timer.FOREVER);
  }

  @Test
  void whenNothingRemainsTheNextPullWaitsUntilALookFindsMore() throws IOException {
    pull(1);
    pull(0);
    assertThat(timer.sleeps()).isZero();

    quota.take(
        () -> {
          if (++looks == 3) {
            note(200, 5, false);
          }
        },
        Timer.FOREVER);

    assertThat(looks).isEqualTo(3);
    assertThat(timer.now()).isEqualTo(Duration.ofMinutes(20));
    assertThat(waits)
        .containsExactly(
            new Wait("docker.io", "its limit of 100 pulls in 6 h is used up", Duration.ofHours(6)));
  }

  @Test
  void afterTheWholeWindowAPullIsTriedWhateverTheLooksTell() throws IOException {
    pull(0);
    quota.take(
        () -> {
          looks++;
          if (looks % 2 == 0) {
            throw new IOException("reset");
          }
          note(200, 0, false);
        },
        Timer.FOREVER);
    assertThat(timer.now()).isEqualTo(Duration.ofHours(6));
    assertThat(looks).isEqualTo(37);
  }

  @Test
  void aRefusalWithTheWindowIsWaitedForAndOneWithoutIsNot() throws IOException {
    quota.take(NONE, Timer.FOREVER);
    assertThat(quota.note(quota.sent(), 429, name -> Optional.empty(), true)).isFalse();
    quota.ended();
    quota.take(NONE, Timer.FOREVER);
    assertThat(note(429, 0, true)).isTrue();
    quota.ended();
    quota.take(
        () -> {
          if (++looks == 2) {
            note(200, 1, false);
          }
        },
        Timer.FOREVER);
    assertThat(timer.now()).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void whatIsUnderWayIsNotGivenTwice() throws Exception {
    pull(3);
    quota.take(NONE, Timer.FOREVER);
    quota.take(NONE, Timer.FOREVER);
    note(200, 3, false);
    quota.take(NONE, Timer.FOREVER);
    Thread fourth =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    quota.take(NONE, Timer.FOREVER);
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
    while (fourth.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    note(200, 4, true);
    quota.ended();
    fourth.join();
    assertThat(timer.sleeps()).isZero();
  }

  @Test
  void anAnswerThatWasOvertakenDoesNotGiveMore() throws IOException {
    pull(3);
    quota.take(NONE, Timer.FOREVER);
    quota.take(NONE, Timer.FOREVER);
    long sent = quota.sent();
    note(sent, 200, 1, true);
    quota.ended();
    note(sent, 200, 2, true);
    quota.ended();
    // One is left, not two.
    quota.take(() -> looks++, Timer.FOREVER);
    assertThat(looks).isZero();
    quota.ended();
    quota.take(
        () -> {
          looks++;
          note(200, 1, false);
        },
        Timer.FOREVER);
    assertThat(looks).isEqualTo(1);
    assertThat(timer.sleeps()).isZero();
  }

  @Test
  void theFirstPullOfAllIsAnsweredBeforeTheOthersGo() throws Exception {
    quota.take(NONE, Timer.FOREVER);
    Thread second =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    quota.take(NONE, Timer.FOREVER);
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
    while (second.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    quota.ended();
    second.join();
    assertThat(timer.sleeps()).isZero();
  }

  @Test
  void anInterruptionEndsTheWait() throws IOException {
    pull(0);
    assertThatThrownBy(
            () ->
                quota.take(
                    () -> {
                      throw new InterruptedIOException("interrupted");
                    },
                    Timer.FOREVER))
        .isInstanceOf(InterruptedIOException.class);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> quota.take(NONE, Timer.FOREVER))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whereOthersCanBeAskedItFailsUntilALookFindsMore() throws IOException {
    PullRateLimit failing = failingUsedUp();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> failing.take(() -> note(failing, 0), Duration.ofSeconds(3)))
          .isInstanceOfSatisfying(
              ThrottledException.class,
              e -> {
                assertThat(e).hasMessage("its limit of 100 pulls in 6 h is used up");
                assertThat(e.timeToWait()).isEqualTo(Duration.ofMinutes(10));
              });
    }
    assertThat(timer.sleeps()).isZero();
    assertThat(waits).isEmpty();

    // One look is enough for all that come within ten minutes.
    assertThatThrownBy(() -> failing.take(NONE, Duration.ofSeconds(3)))
        .isInstanceOf(ThrottledException.class);
    timer.pass(Duration.ofMinutes(10));
    failing.take(() -> note(failing, 1), Duration.ofSeconds(3));
    failing.ended();
  }

  @Test
  void whereOthersCanBeAskedItIsTriedAgainAfterTheWholeWindow() throws IOException {
    PullRateLimit failing = failingUsedUp();
    assertThatThrownBy(() -> failing.take(() -> {}, Duration.ofSeconds(3)))
        .isInstanceOf(ThrottledException.class);
    timer.sleep(Duration.ofHours(6).minusSeconds(1));
    assertThatThrownBy(() -> failing.take(() -> {}, Duration.ofSeconds(3)))
        .isInstanceOf(ThrottledException.class);
    timer.sleep(Duration.ofSeconds(1));
    failing.take(() -> {}, Duration.ofSeconds(3));
    failing.ended();
  }

  @Test
  void whatAnotherAnswerBroughtBeginsTheWindowAnew() throws IOException {
    PullRateLimit failing = failingUsedUp();
    assertThatThrownBy(() -> failing.take(() -> {}, Duration.ofSeconds(3)))
        .isInstanceOf(ThrottledException.class);
    timer.pass(Duration.ofHours(7));
    note(failing, 1);
    failing.take(NONE, Duration.ofSeconds(3));
    failing.note(failing.sent(), 200, name -> header(name, 0), true);
    failing.ended();
    assertThatThrownBy(() -> failing.take(() -> {}, Duration.ofSeconds(3)))
        .isInstanceOf(ThrottledException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, ADDRESS",
    "2001:db8:1:2::/64, ADDRESS",
    "0b5e6c1a-8f0e-4a55-9c39-1d2f3a4b5c6d, USER",
    "carol, USER",
    ", UNKNOWN"
  })
  void whomItCountsForIsSeenFromTheSource(String source, Account account) {
    RateLimitHeaders told =
        RateLimitHeaders.of(
            name ->
                name.equals("docker-ratelimit-source")
                    ? Optional.ofNullable(source)
                    : header(name, 5));
    assertThat(told.account()).isEqualTo(account);
    assertThat(told.toString()).doesNotContain("192.0", "carol");
  }

  private PullRateLimit failingUsedUp() throws IOException {
    PullRateLimit failing =
        new PullRateLimit(timer, new WaitNotices("proxy.example.com", timer, waits::add));
    failing.take(NONE, Duration.ofSeconds(3));
    failing.note(failing.sent(), 200, name -> header(name, 0), true);
    failing.ended();
    return failing;
  }

  private static void note(PullRateLimit quota, int remaining) {
    quota.note(quota.sent(), 200, name -> header(name, remaining), false);
  }

  private static Optional<String> header(String name, int remaining) {
    return switch (name) {
      case "ratelimit-limit" -> Optional.of("100;w=21600");
      case "ratelimit-remaining" -> Optional.of(remaining + ";w=21600");
      default -> Optional.empty();
    };
  }

  private void pull(int remaining) throws IOException {
    quota.take(NONE, Timer.FOREVER);
    note(200, remaining, true);
    quota.ended();
  }

  private boolean note(int status, int remaining, boolean pulled) {
    return note(quota.sent(), status, remaining, pulled);
  }

  private boolean note(long sent, int status, int remaining, boolean pulled) {
    return quota.note(sent, status, name -> header(name, remaining), pulled);
  }
}
