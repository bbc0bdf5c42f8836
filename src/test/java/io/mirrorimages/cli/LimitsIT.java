package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.PullLimit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Limits of registries, the user's and their own: what they allow is waited for, not failed. The
 * tests wait too, so they do it together.
 */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class LimitsIT {
  private static final Pattern WAIT =
      Pattern.compile("mirror-images: (\\S+): (.*); waiting until [0-9:. -]+ \\(.*\\)");

  /** Five seconds of grace by the run's own clock, the rest for a busy machine. */
  private static final Duration AT_A_SIGNAL = Duration.ofMinutes(1);

  @TempDir private Path folder;
  private FaultyRegistry upstream;

  @BeforeEach
  void start() throws IOException {
    upstream = new FaultyRegistry();
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  @Test
  void aPullLimitThatIsUsedUpIsWaitedForAndToldOnce() throws IOException {
    // Used up as long as five pulls don't take all of it.
    PullLimit limit = PullLimit.of(upstream, 5, Duration.ofSeconds(8));
    Path list = images(12, 10);

    Command save = save(list, "--retries", 0);

    assertThat(save.exitCode()).as(save.out() + save.err()).isZero();
    assertThat(save.out()).contains("12 copied");
    assertThat(waits(save)).containsExactly("its limit of 5 pulls in 8 s is used up");
    assertThat(limit.refused()).isZero();
    assertThat(upstream.seen("GET", "/manifests/")).hasSize(12);
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130"})
  void aRunThatWaitsForHoursEndsAtASignal(String signal, int exitCode) throws Exception {
    PullLimit.of(upstream, 1, Duration.ofHours(6));
    Path list = images(5, 10);
    Program.Running save =
        Program.in(folder).start("save", "--list", list, "--output", "images.tar");
    save.awaitError(Pattern.compile("waiting until"));
    long began = System.nanoTime();
    save.signal(signal);
    Command ended = save.end();

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(AT_A_SIGNAL);
    assertThat(ended.exitCode()).isEqualTo(exitCode);
    assertThat(folder.resolve("failed.txt")).content().contains("/rancher/app0:v1");
  }

  @Test
  void twoRegistriesThatTakeOneRequestAtOnceDoNotWaitForEachOther() throws IOException {
    // Two uploads of two chunks each: either may hold what the other needs.
    Path list = images(2, 1_500_000);
    try (DockerRegistry target = DockerRegistry.open()) {
      Command sync =
          Command.run(
              "sync",
              "--list",
              list,
              "--registry",
              target.name(),
              "--chunk-size",
              1,
              "--limit",
              upstream.name() + ":concurrency=1",
              "--limit",
              target.name() + ":concurrency=1",
              "--state",
              folder.resolve("state"),
              "--failed",
              folder.resolve("failed.txt"));

      assertThat(sync.exitCode()).as(sync.out() + sync.err()).isZero();
    }
  }

  @Test
  void bytesBeyondTheLimitAreWaitedForBothWays() throws IOException {
    Path list = images(1, 1_000_000);
    // A wait of less than a second is not told of: the bytes may take the other four to come.
    String bytes = upstream.name() + ":bytes=400k/5s";

    Command save = timed(Duration.ofMillis(9900), () -> save(list, "--limit", bytes));

    assertThat(save.exitCode()).as(save.out() + save.err()).isZero();
    assertThat(waits(save)).containsExactly("the limit bytes=400k/5s is used up");
    try (DockerRegistry target = DockerRegistry.open()) {
      Command load =
          timed(
              Duration.ofMillis(1900),
              () ->
                  Command.run(
                      "load",
                      "--archive",
                      folder.resolve("images.tar"),
                      "--registry",
                      target.name(),
                      "--failed",
                      folder.resolve("failed.txt"),
                      "--retries",
                      0,
                      "--limit",
                      target.name() + ":bytes=400k/2s"));
      assertThat(load.exitCode()).as(load.out() + load.err()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLongWaitInTheMiddleOfALayerCostsNothingButTime(boolean range) throws IOException {
    Path list = images(1, 1_000_000);
    if (!range) {
      upstream.on(
          "GET",
          "/blobs/",
          exchange -> {
            String path = exchange.getRequestURI().getPath();
            byte[] whole = upstream.blob(path.substring(path.lastIndexOf('/') + 1));
            FaultyRegistry.respond(exchange, 200, whole);
          });
    }
    // A wait of less than five seconds keeps the connection: all before it may take the other
    // seven.
    String bytes = upstream.name() + ":bytes=400k/12s";

    Command save = save(list, "--limit", bytes, "--retries", 0);

    assertThat(save.exitCode()).as(save.out() + save.err()).isZero();
    byte[] layer = new byte[1_000_000];
    new Random(0).nextBytes(layer);
    // Asked for again after each long wait, unless all of it comes again.
    assertThat(upstream.seen("GET", "/blobs/" + FaultyRegistry.sha256(layer)))
        .hasSize(range ? 3 : 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void theRateHoldsForAllTransfersTogether(int jobs) throws IOException {
    Path list = images(4, 1_000_000);
    long began = System.nanoTime();

    Command save =
        timed(Duration.ofMillis(3900), () -> save(list, "--max-rate", "1M", "--jobs", jobs));

    assertThat(save.exitCode()).as(save.out() + save.err()).isZero();
    // Four seconds. With an eighth of the rate for each, one after the other, it would be 32.
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(32));
  }

  @Test
  void requestsBeyondTheLimitAreWaitedFor() throws IOException {
    Path list = images(4, 10);
    Command save =
        timed(
            Duration.ofSeconds(6), () -> save(list, "--limit", upstream.name() + ":requests=8/6s"));
    assertThat(save.exitCode()).as(save.out() + save.err()).isZero();
    assertThat(waits(save)).containsExactly("the limit requests=8/6s is used up");
  }

  @Test
  void theLimitsThatHoldArePrintedAndCanBeChanged() {
    Command presets = Command.run("limits");
    assertThat(presets.exitCode()).isZero();
    assertThat(presets.out().lines())
        .contains(
            "docker.io:requests=1000/m,concurrency=16",
            "m.daocloud.io:requests=20/m,bytes=1G/2h,concurrency=6",
            "any other:concurrency=16");
    Command changed =
        Command.run(
            "limits",
            "--limit",
            "m.daocloud.io:bytes=none,concurrency=2",
            "--limit",
            "quay.io:requests=5/s");
    assertThat(changed.out().lines())
        .contains(
            "m.daocloud.io:requests=20/m,concurrency=2", "quay.io:requests=5/s,concurrency=16");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--limit | quay.io:bytes=much",
        "--limit | quay.io",
        "--max-rate | 0",
        "--max-rate | fast",
        "--stall-timeout | 0",
      })
  void whatIsNoLimitIsSaidInOneLine(String option, String value) throws IOException {
    assertThat(save(images(1, 10), option, value).complaint(2)).contains(option);
    assertThat(upstream.seen()).isEmpty();
  }

  private interface Action {
    Command run() throws IOException;
  }

  private static Command timed(Duration atLeast, Action action) throws IOException {
    long began = System.nanoTime();
    Command command = action.run();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(atLeast);
    return command;
  }

  private static List<String> waits(Command command) {
    return command
        .err()
        .lines()
        .map(WAIT::matcher)
        .filter(Matcher::matches)
        .map(m -> m.group(2))
        .toList();
  }

  private Command save(Path list, Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "save",
                "--list",
                list,
                "--output",
                folder.resolve("images.tar"),
                "--failed",
                folder.resolve("failed.txt")));
    arguments.addAll(List.of(more));
    return Command.run(arguments.toArray());
  }

  /** A list of images of one layer each, all different. */
  private Path images(int count, int layerBytes) throws IOException {
    List<String> names = new ArrayList<>();
    String config = upstream.addBlob("{}".getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < count; i++) {
      byte[] layer = new byte[layerBytes];
      new Random(i).nextBytes(layer);
      String manifest =
          """
          {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"a/b","digest":"%s","size":2},
          "layers":[{"mediaType":"application/octet-stream","digest":"%s","size":%d}]}\
          """
              .formatted(MediaTypes.OCI_MANIFEST, config, upstream.addBlob(layer), layerBytes);
      upstream.addManifest(
          "rancher/app" + i,
          "v1",
          manifest.getBytes(StandardCharsets.UTF_8),
          MediaTypes.OCI_MANIFEST);
      names.add(upstream.name() + "/rancher/app" + i + ":v1");
    }
    return Files.write(folder.resolve("images.txt"), names);
  }
}
