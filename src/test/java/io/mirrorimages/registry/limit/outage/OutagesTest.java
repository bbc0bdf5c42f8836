package io.mirrorimages.registry.limit.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.Wait.Kind;
import io.mirrorimages.registry.limit.outage.Outages.WaitEnd;
import io.mirrorimages.registry.limit.time.ClosableTimer;
import io.mirrorimages.registry.limit.time.FakeTimer;
import io.mirrorimages.registry.limit.time.FastTimer;
import io.mirrorimages.registry.limit.time.Timer;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OutagesTest {
  private static final String HOST = "https://a.example:443";
  private static final String OTHER = "https://b.example:443";
  private static final Patience PATIENCE = new Patience(Duration.ofMinutes(5), false);

  /** By the fast clock: nearly five minutes of this machine's, which no test waits for. */
  private static final Duration DAY = Duration.ofDays(1);

  private final FakeTimer timer = new FakeTimer();
  private final FastTimer fast = new FastTimer();
  private final Queue<Wait> told = new ConcurrentLinkedQueue<>();
  private final Set<String> down = ConcurrentHashMap.newKeySet();
  private final AtomicInteger trials = new AtomicInteger();
  private volatile String symptom = "connection refused";
  private volatile int backAfter = Integer.MAX_VALUE;

  private Outages outages(Patience patience, Timer time) {
    return new Outages(
        patience,
        time,
        told::add,
        origin -> {
          // Not before it is told of, however late that is.
          boolean back = trials.incrementAndGet() >= backAfter && !told.isEmpty();
          return down.contains(origin) && !back ? Optional.of(symptom) : Optional.empty();
        });
  }

  private Outages known(Patience patience) {
    Outages outages = outages(patience, fast);
    outages.heard(HOST);
    outages.heard(OTHER);
    return outages;
  }

  @Test
  void aHostThatComesBackIsWaitedForAndToldOfTwice() throws Exception {
    Outages outages = known(new Patience(DAY, false));
    down.add(HOST);
    backAfter = 8;
    outages.failed(HOST, "a.example", "connection refused");

    assertThat(outages.await(HOST)).isTrue();

    assertThat(trials.get()).isGreaterThanOrEqualTo(backAfter);
    assertThat(told).extracting(Wait::kind).containsExactly(Kind.OUTAGE, Kind.BACK);
    Wait first = told.element();
    assertThat(first.registry()).isEqualTo("a.example");
    assertThat(first.cause()).isEqualTo("connection refused");
    // Three seconds after it began, or later on a busy machine.
    assertThat(first.time()).isPositive().isLessThanOrEqualTo(DAY.minusSeconds(3));
    assertThat(outages.isAway(HOST)).isFalse();
  }

  @Test
  void noRequestWaitsForATrialThatEndedByAMistake() throws Exception {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {});
    try {
      Outages outages =
          new Outages(
              PATIENCE,
              fast,
              told::add,
              origin -> {
                throw new IllegalStateException("Connection pool shut down");
              });
      outages.heard(HOST);
      outages.failed(HOST, "a.example", "connection reset");

      outages.await(HOST);

      assertThat(outages.isAway(HOST)).isFalse();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  @Test
  void oneRequestThatBreaksIsNoOutageAndNotToldOf() throws Exception {
    try (ClosableTimer real = new ClosableTimer()) {
      Outages outages =
          new Outages(
              PATIENCE,
              real,
              told::add,
              origin -> Optional.of("silent").filter(s -> trials.incrementAndGet() < 1));
      outages.heard(HOST);
      outages.failed(HOST, "a.example", "connection broken");

      assertThat(outages.await(HOST)).isFalse();
    }

    assertThat(told).isEmpty();
    assertThat(trials).hasValue(1);
  }

  @Test
  void whatFailedInAnOutageThatIsOverIsNoFailureOfItsOwn() {
    Outage host = new Outage("a.example", PATIENCE, timer, told::add);
    host.heard();
    host.failed("a.example", "connection refused");
    host.confirm("connection refused");
    host.heard();
    int before = host.before();
    host.failed("a.example", "connection refused");
    host.heard();
    assertThat(host.isBack(before)).isTrue();
    timer.pass(Duration.ofSeconds(3));
    before = host.before();
    host.failed("a.example", "connection refused");
    host.heard();
    assertThat(host.isBack(before)).isFalse();
  }

  @Test
  void whenThePatienceEndsAllFailAtOnceAndOneLineIsTold() throws Exception {
    Outages outages = known(PATIENCE);
    down.add(HOST);
    outages.failed(HOST, "a.example", "connection refused");
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> workers =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    Thread.ofPlatform()
                        .start(
                            () -> {
                              try {
                                outages.await(HOST);
                              } catch (Exception e) {
                                failures.add(e);
                              }
                            }))
            .toList();
    for (Thread worker : workers) {
      worker.join();
    }

    assertThat(failures).hasSize(8);
    assertThat(failures)
        .allSatisfy(
            e ->
                assertThat(e)
                    .isInstanceOfSatisfying(
                        TransferException.class, m -> assertThat(m.isTransient()).isFalse())
                    .hasMessage("a.example: connection refused, and no answer for 5 min"));
    assertThat(told).extracting(Wait::kind).containsExactly(Kind.OUTAGE, Kind.GIVEN_UP);
    assertThatThrownBy(() -> outages.await(HOST)).isInstanceOf(TransferException.class);
  }

  @Test
  void theSymptomSeenLastIsTheOneReported() throws Exception {
    Outages outages = known(PATIENCE);
    down.add(HOST);
    outages.failed(HOST, "a.example", "silent");
    symptom = "unknown host";

    assertThatThrownBy(() -> outages.await(HOST))
        .hasMessage("a.example: unknown host, and no answer for 5 min");

    assertThat(told)
        .filteredOn(w -> w.kind() == Kind.GIVEN_UP)
        .extracting(Wait::cause)
        .containsExactly("unknown host");
  }

  @Test
  void aHostThatHasNotAnsweredOnceIsLeftToTheRetriesForHalfAMinute() throws Exception {
    Outages outages = outages(PATIENCE, timer);
    down.add(HOST);
    outages.failed(HOST, "a.example", "unknown host");
    assertThat(outages.await(HOST)).isFalse();
    timer.pass(Duration.ofSeconds(29));
    outages.failed(HOST, "a.example", "unknown host");
    assertThat(outages.await(HOST)).isFalse();
    timer.pass(Duration.ofSeconds(2));
    assertThatThrownBy(() -> outages.await(HOST)).isInstanceOf(TransferException.class);
    // And is tried again when nobody has asked for it for a while.
    timer.pass(Duration.ofMinutes(2));
    assertThat(outages.await(HOST)).isFalse();
    outages.failed(HOST, "a.example", "unknown host");
    assertThat(outages.await(HOST)).isFalse();
    assertThat(trials).hasValue(0);
  }

  @Test
  void whoIsPatientFromTheStartWaitsForAHostThatHasNotAnsweredOnce() throws Exception {
    Outages outages = outages(new Patience(DAY, true), fast);
    down.add(HOST);
    backAfter = 5;
    outages.failed(HOST, "a.example", "unknown host");
    assertThat(outages.await(HOST)).isTrue();
  }

  @Test
  void aHostThatHasNotAnsweredOnceIsToldOfWithinThreeSeconds() {
    Outage host =
        new Outage("a.example", new Patience(Duration.ofMinutes(5), true), timer, told::add);
    host.failed("a.example", "connection refused");
    assertThat(host.isAwaited()).isTrue();
    assertThat(told).isEmpty();
    timer.pass(Duration.ofSeconds(1));
    assertThat(host.isAwaited()).isTrue();
    assertThat(told).extracting(Wait::kind).containsExactly(Kind.OUTAGE);
  }

  @Test
  void theFirstOfSeveralHostsThatIsBackEndsTheWait() throws Exception {
    Outages outages = known(new Patience(DAY, false));
    down.add(HOST);
    outages.failed(HOST, "docker.io", "unknown host");
    outages.failed(OTHER, "docker.io via b.example", "connection refused");
    // That was one request only.
    assertThat(outages.awaitAny(List.of(HOST, OTHER))).isEqualTo(WaitEnd.NONE);
    assertThat(outages.isAway(OTHER)).isFalse();
    assertThat(outages.isAway(HOST)).isTrue();
    down.add(OTHER);
    outages.failed(OTHER, "docker.io via b.example", "connection refused");
    backAfter = trials.get() + 8;
    assertThat(outages.awaitAny(List.of(HOST, OTHER))).isEqualTo(WaitEnd.BACK);
  }

  @Test
  void whenAllHostsAreGivenUpThatIsSaid() throws Exception {
    Outages outages = known(PATIENCE);
    down.addAll(Set.of(HOST, OTHER));
    outages.failed(HOST, "docker.io", "unknown host");
    outages.failed(OTHER, "docker.io via b.example", "connection refused");
    assertThat(outages.awaitAny(List.of(HOST, OTHER))).isEqualTo(WaitEnd.GIVEN_UP);
    assertThat(told).filteredOn(w -> w.kind() == Kind.GIVEN_UP).hasSize(2);
  }

  @Test
  void withoutPatienceNothingIsWaitedForOrTold() throws Exception {
    Outages outages = known(Patience.NONE);
    down.add(HOST);
    outages.failed(HOST, "a.example", "connection refused");
    assertThat(outages.await(HOST)).isFalse();
    assertThat(outages.isGivenUp(HOST)).isFalse();
    assertThat(told).isEmpty();
  }

  @Test
  void silenceIsToldOfBeforeAnyRequestFails() throws Exception {
    Outage host = new Outage("a.example", PATIENCE, timer, told::add);
    host.heard();
    host.begun("a.example", false);
    timer.pass(Duration.ofSeconds(4));
    host.look();
    assertThat(told).isEmpty();
    timer.pass(Duration.ofSeconds(1));
    host.look();
    host.look();
    assertThat(told).extracting(Wait::cause).containsExactly("no byte for 5 s");
    // The outage began when the silence did, and is told of already.
    timer.pass(Duration.ofSeconds(55));
    host.failed("a.example", "silent");
    host.ended(false);
    assertThat(host.isAwaited()).isTrue();
    assertThat(told).hasSize(1);
    timer.pass(Duration.ofMinutes(4));
    assertThat(host.isAwaited()).isFalse();
    host.heard();
    assertThat(told).extracting(Wait::kind).containsExactly(Kind.LIMIT, Kind.GIVEN_UP, Kind.BACK);
  }

  @Test
  void whatStoresSomethingMayTakeLonger() {
    Outage host = new Outage("a.example", PATIENCE, timer, told::add);
    host.heard();
    host.begun("a.example", true);
    timer.pass(Duration.ofSeconds(19));
    host.look();
    assertThat(told).isEmpty();
    timer.pass(Duration.ofSeconds(1));
    host.look();
    assertThat(told).hasSize(1);
  }

  @Test
  void bytesThatComeAreNoSilence() {
    Outage host = new Outage("a.example", PATIENCE, timer, told::add);
    host.begun("a.example", false);
    for (int i = 0; i < 10; i++) {
      timer.pass(Duration.ofSeconds(3));
      host.heard();
      host.look();
    }
    assertThat(told).isEmpty();
  }

  @Test
  void aWaitEndsWithTheRun() throws Exception {
    ClosableTimer real = new ClosableTimer();
    CountDownLatch waiting = new CountDownLatch(1);
    Outages outages =
        new Outages(
            PATIENCE,
            real,
            told::add,
            origin -> {
              waiting.countDown();
              return Optional.of(symptom);
            });
    outages.heard(HOST);
    outages.failed(HOST, "a.example", "connection refused");
    Thread end =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    waiting.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  real.close();
                });
    assertThatThrownBy(() -> outages.await(HOST)).isInstanceOf(InterruptedIOException.class);
    end.join();
  }
}
