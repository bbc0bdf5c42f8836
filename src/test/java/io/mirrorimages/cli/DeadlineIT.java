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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Runs that would go on for ever, and end at their deadline: all of them beside each other, since
 * they wait.
 */
@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
class DeadlineIT {
  /** Long enough for one to start on a busy machine. */
  private static final String DEADLINE = "12s";

  private static final Duration AT_MOST = Duration.ofSeconds(12 + 5 + 10);

  @TempDir private Path folder;
  private final CountDownLatch release = new CountDownLatch(1);
  private final List<FaultyRegistry> registries = new ArrayList<>();
  private final List<Started> started = new ArrayList<>();

  private CountDownLatch stalled = new CountDownLatch(0);

  private record Started(
      String what, Path folder, Program.Running program, long at, CompletableFuture<Long> over) {}

  @BeforeEach
  void begin() throws Exception {
    Command sample = Program.in(folder).run("sample", "--output", "sample.tar");
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
    awaitStall();
    save("a manifest", stalling("*", "/manifests/"));
    awaitStall();
    save("a blob", stalling("GET", "/blobs/"));
    awaitStall();
    Path interrupted = started.getLast().folder();
    FaultyRegistry upstream = stalling("HEAD", "nothing");
    FaultyRegistry target = new FaultyRegistry();
    stall(target, "POST", "/uploads/");
    start("an upload of sync", "sync", "--list", list(upstream), "--registry", target.name());
    awaitStall();
    FaultyRegistry loaded = new FaultyRegistry();
    stall(loaded, "POST", "/uploads/");
    start("an upload of load", "load", "--archive", sample(), "--registry", loaded.name());
    awaitStall();
    FaultyRegistry checked = stalling("*", "/manifests/");
    start(
        "a check",
        "verify",
        "--archive",
        sample(),
        "--registry",
        checked.name(),
        "--failed",
        "failed.txt");
    awaitStall();

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
    FaultyRegistry busy = new FaultyRegistry();
    registries.add(busy);
    busy.on("*", "/manifests/", FaultyRegistry.status(503, "", "Retry-After: 50"));
    addImage(busy);
    save("a further try for a manifest", busy);
    FaultyRegistry limited = stalling("HEAD", "nothing");
    save("its budget", limited, "--limit", limited.name() + ":requests=1/h");
    FaultyRegistry refusing = new FaultyRegistry();
    registries.add(refusing);
    refusing.on("GET", "^/v2/$", FaultyRegistry.status(503, "", "Retry-After: 50"));
    addImage(refusing);
    save("a further try, before it begins", refusing);

    assertAllEndIncomplete();
  }

  @Test
  void aRunThatHasNotBegunEndsWithoutAnOutcome() throws Exception {
    FaultyRegistry mute = stalling("GET", "^/v2/$");
    start("the target", "load", "--archive", sample(), "--registry", mute.name());
    FaultyRegistry slow = stalling("*", "/manifests/");
    start("a plan", "save", "--list", list(slow), "--output", "o.tar", "--dry-run");
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
    Command verify =
        Program.in(folder).run("verify", "--archive", "sample.tar", "--deadline", "1h30m");
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
    long over = run.over().get(10, TimeUnit.SECONDS);
    assertThat(Duration.ofNanos(over - run.at())).as(run.what()).isLessThan(AT_MOST);
    return ended;
  }

  private void save(String waitingFor, FaultyRegistry upstream, Object... more) throws IOException {
    List<Object> arguments =
        new ArrayList<>(List.of("save", "--list", list(upstream), "--output", "o.tar"));
    arguments.addAll(List.of(more));
    start(waitingFor, arguments.toArray());
  }

  private void start(String waitingFor, Object... arguments) throws IOException {
    Path own = Files.createDirectory(folder.resolve("run-" + started.size()));
    List<Object> all = new ArrayList<>(List.of(arguments));
    if (all.indexOf("--list") > 0) {
      int at = all.indexOf("--list") + 1;
      Files.writeString(own.resolve("list.txt"), all.get(at).toString());
      all.set(at, "list.txt");
    }
    all.addAll(List.of("--deadline", DEADLINE, "--report", "report.json"));
    Program.Running program = Program.in(own).start(all.toArray());
    started.add(
        new Started(
            waitingFor,
            own,
            program,
            System.nanoTime(),
            program.process().onExit().thenApply(ended -> System.nanoTime())));
  }

  /**
   * Returns when the latest run waits for the latest registry: one that the deadline ends before it
   * has begun leaves no list.
   */
  private void awaitStall() throws InterruptedException {
    assertThat(stalled.await(30, TimeUnit.SECONDS)).as(started.getLast().what()).isTrue();
  }

  private Path sample() {
    return folder.resolve("sample.tar");
  }

  private static String list(FaultyRegistry upstream) {
    return upstream.name() + "/rancher/image:v1\n";
  }

  /** A registry with an image, where such requests get no answer before the test's end. */
  private FaultyRegistry stalling(String method, String target) throws IOException {
    FaultyRegistry registry = new FaultyRegistry();
    stall(registry, method, target);
    addImage(registry);
    return registry;
  }

  private void stall(FaultyRegistry registry, String method, String target) {
    registries.add(registry);
    CountDownLatch reached = new CountDownLatch(1);
    stalled = reached;
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
  }

  private static void addImage(FaultyRegistry registry) {
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
  }
}
