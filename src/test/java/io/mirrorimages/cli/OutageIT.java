package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.testing.Cable;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.Skopeo;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hosts that are away for a while, or for good, while a run needs them. The tests wait too, so they
 * do it together.
 */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class OutageIT {
  private static final int LAYER = 3_000_000;
  private static final int IMAGES = 4;

  /** A patience of some seconds by the run's own clock, the rest for a busy machine. */
  private static final Duration GIVEN_UP = Duration.ofMinutes(1);

  private final TestImages images = new TestImages();
  private final List<String> paths = new ArrayList<>();

  @TempDir private Path folder;
  private FaultyRegistry registry;
  private Cable cable;

  @BeforeEach
  void start() throws IOException {
    registry = new FaultyRegistry();
    cable = new Cable(port(registry.name()));
    for (int i = 0; i < IMAGES; i++) {
      Manifest manifest =
          images.image(TestImages.AMD64, images.layer("base", LAYER), images.layer("of " + i, 100));
      registry.addManifest("rancher/image-" + i, "v1", manifest.bytes(), manifest.mediaType());
      manifest.blobs().forEach(blob -> registry.addBlob(images.content(blob.digest())));
      paths.add("/rancher/image-" + i + ":v1");
    }
  }

  @AfterEach
  void stop() {
    cable.close();
    registry.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSourceThatGoesAwayInMidLayerAndComesBackCostsNoImageAndNoRetry(boolean silent)
      throws Exception {
    cable.at(1_000_000);
    Program.Running save = save(cable.name(), "--retries", 0, "--stall-timeout", 2, "--jobs", 1);
    awaitBytes(save);
    long connections = cable.connections();
    cut(silent);
    save.awaitError(Pattern.compile("(connection|silent|no byte).*until [0-9:]+"));
    if (silent) {
      // One small request has found the host silent too, and the next one is under way.
      while (cable.connections() < connections + 2) {
        assertThat(save.process().waitFor(10, TimeUnit.MILLISECONDS)).isFalse();
      }
    }
    cable.at(Long.MAX_VALUE);
    cable.restore();
    Command end = save.end();

    assertThat(end.exitCode()).as(end.out() + end.err()).isZero();
    assertThat(lines(end)).hasSize(2);
    assertThat(lines(end).getFirst()).startsWith("mirror-images: " + cable.name() + ": ");
    assertThat(lines(end).getLast())
        .startsWith("mirror-images: " + cable.name() + ": answers again, after ");
  }

  @Test
  void theFirstWordComesBeforeAnyPatienceEnds() throws Exception {
    cable.at(500_000);
    Program.Running save = save(cable.name());
    awaitBytes(save);
    cable.refuse();
    long began = System.nanoTime();
    save.awaitError(Pattern.compile("trying again until"));
    // After three seconds by the run's own clock, which OutagesTest sees to; the rest is for a busy
    // machine. The stall timeout is a minute.
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(60));
    // Waiting holds up neither a deadline nor the one who wants it to end.
    save.signal("INT");
    assertThat(save.end().exitCode()).isEqualTo(130);
  }

  @Test
  void aHostThatTakesTheFirstConnectionAndSaysNothingIsTold() throws Exception {
    cable.silence();
    Program.Running save = save(cable.name(), "--plain-http");
    save.awaitError(Pattern.compile(Pattern.quote(cable.name()) + ": no byte for .*until [0-9:]+"));
    cable.restore();

    assertThat(save.end().exitCode()).isZero();
  }

  @Test
  void whenThePatienceEndsWhatNeedsTheHostFailsAtOnceAndTheRestIsThere() throws Exception {
    Manifest other = images.image(TestImages.AMD64, images.layer("other", 100));
    try (FaultyRegistry second = new FaultyRegistry()) {
      second.addManifest("team/other", "v1", other.bytes(), other.mediaType());
      other.blobs().forEach(blob -> second.addBlob(images.content(blob.digest())));
      cable.at(500_000);
      paths.add("!" + second.name() + "/team/other:v1");
      Program.Running save = save(cable.name(), "--patience", "5s", "--jobs", 2);
      awaitBytes(save);
      cable.refuse();
      long began = System.nanoTime();
      Command end = save.end();

      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(GIVEN_UP);
      assertThat(end.exitCode()).as(end.out() + end.err()).isEqualTo(1);
      for (int i = 0; i < IMAGES; i++) {
        assertThat(end.line("/rancher/image-" + i))
            .contains("failed", "network: ", "connection", "no answer for 5 s");
      }
      assertThat(end.line("team/other")).contains("copied");
      assertThat(lines(end)).hasSize(2);
      assertThat(lines(end).getLast()).contains("given up after 5");
    }
  }

  @Test
  void aRegistryThatGoesAwayHoldsUpNoImageOfAnotherOne() throws Exception {
    try (FaultyRegistry second = new FaultyRegistry()) {
      int others = 12;
      for (int i = 0; i < others; i++) {
        Manifest other = images.image(TestImages.AMD64, images.layer("other " + i, 100));
        other.blobs().forEach(blob -> second.addBlob(images.content(blob.digest())));
        second.addManifest("team/other-" + i, "v1", other.bytes(), other.mediaType());
        paths.add("!" + second.name() + "/team/other-" + i + ":v1");
      }
      cable.at(500_000);
      // All workers are at images of the first registry when that goes away.
      Program.Running save = save(cable.name(), "--patience", "10m", "--jobs", 2);
      awaitBytes(save);
      cable.refuse();
      save.awaitError(Pattern.compile("connection .*; trying again until"));
      save.awaitOutput(Pattern.compile("(?s)(copied.*team/other.*){" + others + "}"));
      // Not before all of these have ended does the first answer again.
      cable.at(Long.MAX_VALUE);
      cable.restore();
      Command end = save.end();

      assertThat(end.exitCode()).as(end.out() + end.err()).isZero();
      List<String> done = end.out().lines().filter(line -> line.startsWith("[")).toList();
      assertThat(done).hasSize(IMAGES + others);
      assertThat(done.subList(others, others + IMAGES)).allMatch(l -> l.contains("/rancher/"));
    }
  }

  @Test
  void aRegistryThatIsAwayFromTheStartHoldsUpNoImageOfAnotherOne() throws Exception {
    try (FaultyRegistry second = new FaultyRegistry();
        DockerRegistry target = DockerRegistry.open()) {
      int others = 3;
      for (int i = 0; i < others; i++) {
        Manifest other = images.image(TestImages.AMD64, images.layer("other " + i, 100));
        other.blobs().forEach(blob -> second.addBlob(images.content(blob.digest())));
        second.addManifest("team/other-" + i, "v1", other.bytes(), other.mediaType());
        paths.add("!" + second.name() + "/team/other-" + i + ":v1");
      }
      cable.refuse();
      Program.Running sync =
          run("sync", cable.name(), "--registry", target.name(), "--patience", "10m");
      sync.awaitError(Pattern.compile("connection refused; trying again until"));
      sync.awaitOutput(Pattern.compile("(?s)(copied.*team/other.*){" + others + "}"));
      // Not before all of these have ended does the first answer.
      cable.restore();
      Command end = sync.end();

      assertThat(end.exitCode()).as(end.out() + end.err()).isZero();
      List<String> done = end.out().lines().filter(line -> line.startsWith("[")).toList();
      assertThat(done).hasSize(IMAGES + others).allMatch(line -> line.contains("copied"));
      assertThat(done.subList(others, others + IMAGES)).allMatch(l -> l.contains("/rancher/"));
    }
  }

  /** What is whole in a folder is for others to read, also while the run waits for the rest. */
  @Test
  void imagesOfAFolderHaveTheirNamesWhileAnotherRegistryIsWaitedFor() throws Exception {
    Path layout = folder.resolve("layout");
    Path index = layout.resolve("index.json");
    try (FaultyRegistry second = new FaultyRegistry()) {
      List<String> names = new ArrayList<>();
      Manifest last = null;
      for (int i = 0; i < 4; i++) {
        last = images.image(TestImages.AMD64, images.layer("other " + i, 100));
        last.blobs().forEach(blob -> second.addBlob(images.content(blob.digest())));
        second.addManifest("team/other", "v" + i, last.bytes(), last.mediaType());
        names.add(second.name() + "/team/other" + (i == 3 ? "@" + last.digest() : ":v" + i));
      }
      names.forEach(name -> paths.add("!" + name));
      cable.refuse();
      Program.Running save =
          run("save", cable.name(), "--output", "oci:" + layout, "--patience", "10m");
      save.awaitError(Pattern.compile("connection refused; trying again until"));
      save.awaitOutput(Pattern.compile("(?s)(copied.*team/other.*){4}"));
      // Not before all of these have their names does the first registry answer.
      while (!names.stream().allMatch(Files.readString(index)::contains)) {
        Thread.sleep(20);
      }
      for (String name : names) {
        Skopeo.run("copy", "oci:" + layout + ":" + name, "dir:" + folder.resolve("copy"));
      }
      assertThat(Digest.sha256(Files.readAllBytes(folder.resolve("copy/manifest.json"))))
          .isEqualTo(last.digest());
      cable.restore();
      Command end = save.end();

      assertThat(end.exitCode()).as(end.out() + end.err()).isZero();
      assertThat(Files.readString(index)).contains(names).contains("/rancher/image-0:v1");
    }
  }

  @Test
  void aMirrorThatDiesWhileTheOriginCannotBeReachedIsWaitedFor() throws Exception {
    cable.at(1_000_000);
    String origin = "localhost:" + closedPort();
    Program.Running save = save(origin, "--mirror", origin + "=http://" + cable.name());
    awaitBytes(save);
    cable.refuse();
    save.awaitError(
        Pattern.compile(origin + " via " + cable.name() + ": connection .*; trying again until"));
    cable.at(Long.MAX_VALUE);
    cable.restore();
    Command end = save.end();

    assertThat(end.exitCode()).as(end.out() + end.err()).isZero();
    assertThat(end.err()).containsOnlyOnce(" via " + cable.name() + ": answers again");
  }

  @Test
  void aMirrorThatStaysAwayEndsTheImagesWithThePatience() throws Exception {
    cable.at(1_000_000);
    String origin = "localhost:" + closedPort();
    Program.Running save =
        save(origin, "--mirror", origin + "=http://" + cable.name(), "--patience", "5s");
    awaitBytes(save);
    cable.refuse();
    long began = System.nanoTime();
    Command end = save.end();

    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .as(end.out() + end.err())
        .isLessThan(GIVEN_UP);
    assertThat(end.exitCode()).as(end.out() + end.err()).isBetween(1, 3);
    assertThat(end.out() + end.err()).doesNotContain("mistake of this program");
    assertThat(end.line("/rancher/image-1")).contains("failed", "network: ", "connection");
  }

  @Test
  void aTargetThatGoesAwayIsWaitedForByAllImagesTogether() throws Exception {
    Path archive = folder.resolve("a.tar");
    assertThat(save(registry.name()).end().exitCode()).isZero();
    try (DockerRegistry target = DockerRegistry.open();
        Cable line = new Cable(port(target.name()))) {
      Program.Running load =
          Program.in(folder)
              .start("load", "--archive", archive, "--registry", line.name(), "--max-rate", "1M");
      load.awaitOutput(Pattern.compile("images to copy"));
      line.refuse();
      load.awaitError(Pattern.compile("connection .*; trying again until"));
      line.restore();
      Command end = load.end();

      assertThat(end.exitCode()).as(end.out() + end.err()).isZero();
      assertThat(lines(end)).hasSize(2);
    }
  }

  /** Distribution 2.8 has no use for an upload any more of which a request was cut. */
  @Test
  void aLineThatCutsEachConnectionBringsALoadToItsEnd() throws Exception {
    paths.clear();
    long size = 0;
    for (int i = 0; i < 5; i++) {
      int layer = 3_000_000 + 500_000 * i;
      size += layer;
      Manifest manifest = images.image(TestImages.AMD64, images.layer("large " + i, layer));
      registry.addManifest("rancher/large-" + i, "v1", manifest.bytes(), manifest.mediaType());
      manifest.blobs().forEach(blob -> registry.addBlob(images.content(blob.digest())));
      paths.add("/rancher/large-" + i + ":v1");
    }
    assertThat(save(registry.name()).end().exitCode()).isZero();
    for (long most : List.of(2_000_000L, 300_000L)) {
      try (DockerRegistry target = DockerRegistry.open();
          Cable line = new Cable(port(target.name())).cutAfter(most)) {
        Command load =
            Program.in(folder)
                .run("load", "--archive", folder.resolve("a.tar"), "--registry", line.name());

        assertThat(load.exitCode()).as(load.out() + load.err()).isZero();
        assertThat(line.sent())
            .as("cut after %d", most)
            .isBetween(size, size + paths.size() * cutsPerUpload(most) * most * 11 / 10);
      }
    }
  }

  /**
   * How often an upload may be cut: each cut at least halves what is sent by one connection, the
   * largest of 5 MB at first; and once more, since the uploads run beside each other.
   */
  private static long cutsPerUpload(long most) {
    long cuts = 1;
    for (long sent = 5_000_000; sent > most; sent /= 2) {
      cuts++;
    }
    return cuts;
  }

  @Test
  void whoSaysSoWaitsForAHostThatHasNotAnsweredYet() throws Exception {
    cable.refuse();
    Program.Running save = save(cable.name(), "--patience", "10m");
    save.awaitError(Pattern.compile(cable.name() + ": connection refused; trying again until"));
    cable.restore();
    Command end = save.end();
    assertThat(end.exitCode()).as(end.out() + end.err()).isZero();
  }

  @Test
  void anUnreachableServerOfARedirectIsNamed() throws Exception {
    String storage = "localhost:" + closedPort();
    registry.on(
        "GET",
        "/blobs/",
        FaultyRegistry.status(307, "", "Location: http://" + storage + "/signed?token=secret"));
    Command end = save(registry.name(), "--retries", 1).end();
    assertThat(end.exitCode()).isEqualTo(3);
    assertThat(end.line("image-0")).contains("cannot reach " + storage + ": connection refused");
    assertThat(end.out() + end.err()).doesNotContain("secret");
  }

  @Test
  void aDeadlineEndsTheWait() throws Exception {
    cable.at(1_000_000);
    Program.Running save = save(cable.name(), "--deadline", "10s");
    awaitBytes(save);
    cable.refuse();
    assertThat(save.end().exitCode()).isEqualTo(4);
  }

  private Program.Running save(String host, Object... more) throws IOException {
    List<Object> arguments = new ArrayList<>(List.of("--output", folder.resolve("a.tar")));
    arguments.addAll(List.of(more));
    return run("save", host, arguments.toArray());
  }

  private Program.Running run(String command, String host, Object... more) throws IOException {
    List<String> list =
        paths.stream().map(p -> p.startsWith("!") ? p.substring(1) : host + p).toList();
    List<Object> arguments =
        new ArrayList<>(List.of(command, "--list", Files.write(folder.resolve("list.txt"), list)));
    arguments.addAll(List.of(more));
    return Program.in(folder).start(arguments.toArray());
  }

  /** Until a part of the large layer has come. */
  private void awaitBytes(Program.Running save) throws InterruptedException {
    while (cable.passed() < 100_000 && !save.process().waitFor(10, TimeUnit.MILLISECONDS)) {
      // They are on their way.
    }
  }

  private void cut(boolean silent) throws IOException {
    if (silent) {
      cable.silence();
    } else {
      cable.refuse();
    }
  }

  private static List<String> lines(Command end) {
    return end.err().lines().filter(line -> !line.contains(" images")).toList();
  }

  private static int port(String name) {
    return Integer.parseInt(name.substring(name.indexOf(':') + 1));
  }

  private static int closedPort() throws IOException {
    try (ServerSocket closed = new ServerSocket(0)) {
      return closed.getLocalPort();
    }
  }
}
