package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Runs that would go on for ever, and end at their deadline: all of them beside each other, since
 * they wait.
 */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
class DeadlineIT {
  /** The first deadline that a run gets; a longer one if it does not come to its wait by then. */
  private static final Duration SHORT = Duration.ofSeconds(5);

  /**
   * From the deadline to the end of the process: five seconds of grace, the rest for a busy
   * machine. Without a deadline, the stall timeout would not even be over by then.
   */
  private static final Duration STALL_TIMEOUT = Duration.ofSeconds(60);

  @TempDir private static Path samples;

  @TempDir private Path folder;
  private final CountDownLatch release = new CountDownLatch(1);
  private final List<FaultyRegistry> registries = new ArrayList<>();
  private final List<Started> started = new ArrayList<>();
  private int starts;

  private record Started(
      String what,
      Path folder,
      Program.Running program,
      Duration deadline,
      long at,
      CompletableFuture<Long> over) {}

  /** A registry, and whether the run has come to what it waits for there. */
  private record Stall(FaultyRegistry registry, BooleanSupplier isReached) {
    String name() {
      return registry.name();
    }
  }

  @BeforeAll
  static void makeSample() {
    Command sample = Command.run("sample", "--output", sample());
    assertThat(sample.exitCode()).as(sample.err()).isZero();
  }

  @AfterEach
  void end() {
    release.countDown();
    started.forEach(run -> run.program().process().destroyForcibly());
    registries.forEach(FaultyRegistry::close);
  }

  @Test
  void whateverAStalledRunWaitsForItEndsSaysWhatIsLeftAndCanGoOn() throws Exception {
    save("a registry that does not say whether it is one", stalling("GET", "^/v2/$"));
    save("a manifest", stalling("*", "/manifests/"));
    save("a blob", stalling("GET", "/blobs/"));
    Path interrupted = started.getLast().folder();
    String list = list(withImage());
    Stall upload = stall(registry(), "POST", "/uploads/");
    start("an upload of sync", upload, "sync", "--list", list, "--registry", upload.name());
    Stall loaded = stall(registry(), "POST", "/uploads/");
    start("an upload of load", loaded, "load", "--archive", sample(), "--registry", loaded.name());
    Stall checked = stalling("*", "/manifests/");
    start(
        "a check",
        checked,
        "verify",
        "--archive",
        sample(),
        "--registry",
        checked.name(),
        "--failed",
        "failed.txt");

    assertAllEndIncomplete();

    assertThat(interrupted.resolve("o.tar.partial")).exists();
    assertThat(interrupted.resolve("o.tar.lock")).doesNotExist();
    release.countDown();
    Command again = Program.in(interrupted).run("save", "--list", "list.txt", "--output", "o.tar");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out()).contains("going on with o.tar");
    assertThat(interrupted.resolve("failed.txt")).doesNotExist();
  }

  @Test
  void whatWaitsForItsTurnEndsToo() throws Exception {
    FaultyRegistry busy = withImage();
    busy.on("*", "/manifests/", FaultyRegistry.status(503, "", "Retry-After: 3000"));
    save("a further try for a manifest", asked(busy, "/manifests/"));
    FaultyRegistry limited = withImage();
    save("its budget", asked(limited, ""), "--limit", limited.name() + ":requests=1/h");
    FaultyRegistry refusing = withImage();
    refusing.on("GET", "^/v2/$", FaultyRegistry.status(503, "", "Retry-After: 3000"));
    save("a further try, before it begins", asked(refusing, "/v2/"));

    assertAllEndIncomplete();
  }

  @Test
  void aRunThatHasNotBegunEndsWithoutAnOutcome() throws Exception {
    Stall mute = stalling("GET", "^/v2/$");
    start("the target", mute, "load", "--archive", sample(), "--registry", mute.name());
    Stall slow = stalling("*", "/manifests/");
    String list = list(slow.registry());
    start("a plan", slow, "save", "--list", list, "--output", "o.tar", "--dry-run");
    for (Started run : started) {
      Command ended = end(run);
      assertThat(ended.exitCode()).as(run.what()).isEqualTo(4);
      // On a slow machine it has also said by then that no byte comes.
      assertThat(ended.complaints().getLast()).contains("the deadline was reached");
      assertThat(run.folder().resolve("failed.txt")).doesNotExist();
    }
  }

  @Test
  void aRunThatIsDoneBeforeKnowsNothingOfIt() throws Exception {
    Command verify = Program.in(folder).run("verify", "--archive", sample(), "--deadline", "1h30m");
    assertThat(verify.exitCode()).as(verify.err()).isZero();
    assertThat(verify.err()).isEmpty();
  }

  @Test
  void aTimeThatIsNoneIsRefused() throws Exception {
    Command save = Command.run("verify", "--archive", sample(), "--deadline", "soon");
    assertThat(save.complaint(2)).contains("--deadline takes a time as 90s, 30m, 6h or 1h30m");
  }

  private void assertAllEndIncomplete() throws Exception {
    for (Started run : started) {
      Command ended = end(run);
      assertThat(ended.exitCode()).as(run.what() + ended.err()).isEqualTo(4);
      // What it waited for may be told before.
      assertThat(ended.complaints().getLast())
          .as(run.what())
          .startsWith("mirror-images: the deadline was reached: run the same command again");
      assertThat(run.folder().resolve("failed.txt")).as(run.what()).isNotEmptyFile();
      assertThat(run.folder().resolve("report.json"))
          .content()
          .containsPattern("\"exitCode\" ?: ?4")
          .containsPattern("\"status\" ?: ?\"unfinished\"")
          .doesNotContainPattern("\"status\" ?: ?\"failed\"");
      assertThat(run.folder().resolve("o.tar")).doesNotExist();
    }
  }

  private Command end(Started run) throws Exception {
    Command ended = run.program().end();
    long over = run.over().get(120, TimeUnit.SECONDS);
    assertThat(Duration.ofNanos(over - run.at()))
        .as(run.what())
        .isBetween(run.deadline(), run.deadline().plus(STALL_TIMEOUT));
    return ended;
  }

  private void save(String waitingFor, Stall upstream, Object... more) throws Exception {
    List<Object> arguments =
        new ArrayList<>(List.of("save", "--list", list(upstream.registry()), "--output", "o.tar"));
    arguments.addAll(List.of(more));
    start(waitingFor, upstream, arguments.toArray());
  }

  /**
   * Returns when the run waits: one that its deadline ends before that, on a busy machine, is begun
   * again with twice the time.
   */
  private void start(String waitingFor, Stall stall, Object... arguments) throws Exception {
    for (Duration deadline = SHORT; ; deadline = deadline.multipliedBy(2)) {
      Started run = start(waitingFor, deadline, arguments);
      while (!stall.isReached().getAsBoolean()
          && !run.program().process().waitFor(10, TimeUnit.MILLISECONDS)) {
        // It is on its way.
      }
      if (stall.isReached().getAsBoolean()) {
        started.add(run);
        return;
      }
      Command early = run.program().end();
      assertThat(early.err()).as(waitingFor).contains("the deadline was reached");
    }
  }

  private Started start(String waitingFor, Duration deadline, Object... arguments)
      throws IOException {
    Path own = Files.createDirectory(folder.resolve("run-" + starts++));
    List<Object> all = new ArrayList<>(List.of(arguments));
    if (all.indexOf("--list") > 0) {
      int at = all.indexOf("--list") + 1;
      Files.writeString(own.resolve("list.txt"), all.get(at).toString());
      all.set(at, "list.txt");
    }
    all.addAll(List.of("--deadline", deadline.toSeconds() + "s", "--report", "report.json"));
    long at = System.nanoTime();
    Program.Running program = Program.in(own).start(all.toArray());
    return new Started(
        waitingFor,
        own,
        program,
        deadline,
        at,
        program.process().onExit().thenApply(ended -> System.nanoTime()));
  }

  private static Path sample() {
    return samples.resolve("sample.tar");
  }

  private static String list(FaultyRegistry upstream) {
    return upstream.name() + "/rancher/image:v1\n";
  }

  private FaultyRegistry registry() throws IOException {
    FaultyRegistry registry = new FaultyRegistry();
    registries.add(registry);
    return registry;
  }

  /** A registry with an image, where such requests get no answer before the test's end. */
  private Stall stalling(String method, String target) throws IOException {
    return stall(withImage(), method, target);
  }

  private Stall stall(FaultyRegistry registry, String method, String target) {
    CountDownLatch reached = new CountDownLatch(1);
    registry.on(
        method,
        target,
        exchange -> {
          reached.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          registry.properly(exchange);
        });
    return new Stall(registry, () -> reached.getCount() == 0);
  }

  /** Reached with the first request for such a target: what follows has to wait. */
  private static Stall asked(FaultyRegistry registry, String target) {
    return new Stall(
        registry, () -> registry.seen().stream().anyMatch(seen -> seen.target().contains(target)));
  }

  private FaultyRegistry withImage() throws IOException {
    FaultyRegistry registry = registry();
    String config = registry.addBlob("{}".getBytes(StandardCharsets.UTF_8));
    String layer = registry.addBlob("layer".getBytes(StandardCharsets.UTF_8));
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"a/b","digest":"%s","size":2},
        "layers":[{"mediaType":"application/octet-stream","digest":"%s","size":5}]}\
        """
            .formatted(MediaTypes.OCI_MANIFEST, config, layer);
    registry.addManifest(
        "rancher/image", "v1", manifest.getBytes(StandardCharsets.UTF_8), MediaTypes.OCI_MANIFEST);
    return registry;
  }
}
