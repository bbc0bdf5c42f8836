package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.testing.FaultyRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C and SIGTERM at every stage of a run, and the list that is left for the next one. */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class InterruptedIT {
  /** Five seconds of grace by the run's own clock, the rest for a busy machine. */
  private static final Duration IN_TIME = Duration.ofMinutes(1);

  /** After one signal it has at least this long, see StopSignal. */
  private static final Duration GRACE = Duration.ofSeconds(4);

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "TERM, 143, '^/v2/$'",
    "TERM, 143, /manifests/",
    "TERM, 143, /blobs/",
    "INT, 130, /blobs/",
    "HUP, 129, /blobs/",
  })
  void aSaveThatStallsEndsSoonAndSaysWhatIsLeft(String signal, int exitCode, String stall)
      throws Exception {
    CountDownLatch stalled = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (FaultyRegistry upstream = new FaultyRegistry()) {
      addImage(upstream, "quick");
      String slow = addImage(upstream, "slow");
      upstream.on(
          "GET",
          stall.equals("/blobs/") ? stall + slow : stall,
          exchange -> {
            stalled.countDown();
            await(release);
          });
      List<String> images =
          List.of(upstream.name() + "/rancher/quick:v1", upstream.name() + "/rancher/slow:v1");
      Path list = Files.write(folder.resolve("images.txt"), images);
      Path archive = folder.resolve("images.tar");

      Program.Running save =
          Program.in(folder)
              .start("save", "--list", list, "--output", archive, "--report", "report.json");
      assertThat(stalled.await(120, TimeUnit.SECONDS)).isTrue();
      boolean oneIsKept = stall.equals("/blobs/");
      if (oneIsKept) {
        save.awaitOutput(Pattern.compile("copied .*rancher/quick:v1"));
      }
      long began = System.nanoTime();
      // Twice, as timeout(1) does: to the child, and to its group. It is one signal all the same.
      save.signal(signal, signal);
      Command ended = save.end();

      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(IN_TIME);
      assertThat(ended.exitCode()).isEqualTo(exitCode);
      assertThat(ended.complaint(exitCode))
          .matches(
              "mirror-images: interrupted: run the same command again to go on"
                  + (oneIsKept
                      ? "; .*B of .*B are kept in images.tar.partial, with 1 of 2 images"
                      : ""));
      assertThat(ended.out())
          .contains(
              oneIsKept
                  ? "2 images: 1 kept for the next run, 1 unfinished"
                  : "2 images: 2 unfinished");
      assertThat(folder.resolve("report.json.lock")).doesNotExist();
      assertThat(ended.out()).doesNotContain("/2] unfinished");
      assertThat(archive).doesNotExist();
      assertThat(Files.readAllLines(folder.resolve("failed.txt")).stream().skip(1))
          .containsExactlyElementsOf(oneIsKept ? images.subList(1, 2) : images);
      assertThat(folder.resolve("report.json"))
          .content()
          .containsPattern("\"status\" ?: ?\"unfinished\"")
          .containsPattern("\"kept\" ?: ?" + (oneIsKept ? 1 : 0) + ",")
          .containsPattern("\"exitCode\" ?: ?" + exitCode);
    } finally {
      release.countDown();
    }
  }

  @Test
  void aRunThatHangsIsEndedInTimeWithWhatIsKnownOfIt() throws Exception {
    try (FaultyRegistry registry = new FaultyRegistry()) {
      Program.Running hanging = startThatHangs(registry, folder);
      long began = System.nanoTime();
      hanging.signal("TERM");
      Command ended = hanging.end();

      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(IN_TIME);
      assertThat(ended.complaint(143)).contains("interrupted: run the same command again");
      assertThat(folder.resolve("report.json")).content().containsPattern("\"exitCode\" ?: ?143");
      assertThat(folder.resolve("failed.txt")).content().contains(registry.name());
    }
  }

  @Test
  void aSecondSignalEndsItAtOnce() throws Exception {
    try (FaultyRegistry registry = new FaultyRegistry()) {
      int tries = 0;
      Duration took;
      Path own;
      do {
        own = Files.createDirectory(folder.resolve("try-" + tries++));
        Program.Running hanging = startThatHangs(registry, own);
        long began = System.nanoTime();
        do {
          hanging.signal("INT");
        } while (!hanging.process().waitFor(200, TimeUnit.MILLISECONDS));
        took = Duration.ofNanos(System.nanoTime() - began);
        assertThat(hanging.end().exitCode()).isEqualTo(130);
        // On a machine so busy that two signals are that far apart, the first one's time was over.
      } while (took.compareTo(GRACE) >= 0 && tries < 10);

      assertThat(took).isLessThan(GRACE);
      // The last words are for runs that are left their time.
      assertThat(own.resolve("report.json"))
          .content()
          .doesNotContainPattern("\"exitCode\" ?: ?130");
    }
  }

  /** A check whose output nobody reads, into a pipe that is full: no interrupt ends that. */
  private static Program.Running startThatHangs(FaultyRegistry registry, Path own)
      throws Exception {
    Path list =
        Files.writeString(own.resolve("images.txt"), registry.name() + "/rancher/none:v1\n");
    Program.Running hanging =
        Program.in(own)
            .after(
                "mkfifo pipe; exec 3<>pipe;"
                    + " dd if=/dev/zero of=pipe bs=4096 oflag=nonblock 2>dd.log; exec >pipe")
            .start(
                "verify",
                "--list",
                list,
                "--registry",
                registry.name(),
                "--failed",
                "failed.txt",
                "--report",
                "report.json");
    Path report = own.resolve("report.json");
    while (!Files.exists(report) || !Files.readString(report).contains("\"missing\"")) {
      assertThat(hanging.process().isAlive()).isTrue();
      Thread.sleep(20);
    }
    return hanging;
  }

  @Test
  void aCheckLeavesTheListOfWhatSaveDidNotDoAlone() throws Exception {
    Program program = Program.in(folder);
    assertThat(program.run("sample", "--output", "sample.tar").exitCode()).isZero();
    Path failed = Files.writeString(folder.resolve("failed.txt"), "rancher/not-done:v1\n");

    assertThat(program.run("verify", "--archive", "sample.tar").exitCode()).isZero();
    assertThat(failed).hasContent("rancher/not-done:v1\n");
  }

  private static String addImage(FaultyRegistry upstream, String name) {
    String layer = upstream.addBlob(name.getBytes(StandardCharsets.UTF_8));
    String config = upstream.addBlob("{}".getBytes(StandardCharsets.UTF_8));
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"a/b","digest":"%s","size":2},
        "layers":[{"mediaType":"application/octet-stream","digest":"%s","size":%d}]}\
        """
            .formatted(MediaTypes.OCI_MANIFEST, config, layer, name.length());
    byte[] bytes = manifest.getBytes(StandardCharsets.UTF_8);
    upstream.addManifest("rancher/" + name, "v1", bytes, MediaTypes.OCI_MANIFEST);
    return Digest.parse(layer).toString();
  }

  private static void await(CountDownLatch release) {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
