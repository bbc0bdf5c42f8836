package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.testing.ChunkRegistry;
import io.mirrorimages.testing.ChunkRegistry.Kind;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.SlowUpstream;
import io.mirrorimages.testing.UploadProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Loads and syncs that are killed outright while they send, or whose registry is, and the run after
 * that. The bytes that reach the registry are counted on the line before it. Chunks are of 1 MiB.
 * Random moments come from a seed that is printed; {@code -Dmirror-images.seed=N} repeats one.
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(300)
class KilledUploadIT {
  private static final long SEED = Long.getLong("mirror-images.seed", System.nanoTime());
  private static final int MIB = 1024 * 1024;

  /** Config and whatever else is small; with it goes what is sent of them again. */
  private static final int SMALL = 10_000;

  private final Random random = new Random(SEED);
  @TempDir private Path folder;

  @Test
  void aLoadOf50MibKilledBetweenChunksSendsOnlyTheRest() throws Exception {
    int size = 50 * MIB;
    Path archive = archive(size);
    try (DockerRegistry registry = DockerRegistry.open();
        UploadProxy line = new UploadProxy(registry.name())) {
      line.hold(31);
      kill(load(archive, line), line);
      assertThat(line.sent()).isBetween(30L * MIB, 30L * MIB + SMALL);

      line.forget();
      Command second = load(archive, line).end();

      assertThat(second.exitCode()).as(second.err()).isZero();
      assertThat(line.patches().getFirst()).isEqualTo(30L * MIB + "-" + (31L * MIB - 1));
      assertThat(line.sent()).isBetween(size - 30L * MIB, size - 30L * MIB + SMALL);
      assertVerified(archive, line);
      assertNothingLeft();
    }
  }

  @Test
  void aLoadKilledInTheMiddleOfAChunkBeginsThatBlobAgainWhereTheRegistryHasLostIt()
      throws Exception {
    int size = 8 * MIB + 17;
    Path archive = archive(size);
    try (DockerRegistry registry = DockerRegistry.open();
        UploadProxy line = new UploadProxy(registry.name())) {
      line.hold(4, 300_000);
      kill(load(archive, line), line);

      line.forget();
      Command second = load(archive, line).end();

      assertThat(second.exitCode()).as(second.err()).isZero();
      assertThat(line.patches().getFirst()).isEqualTo("0-" + (MIB - 1));
      assertThat(line.sent()).isBetween((long) size, (long) size + SMALL);
      assertVerified(archive, line);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void killedAtAnyMomentNothingIsLostButAChunkWhereTheRegistryAllowsIt(Kind kind) throws Exception {
    System.out.println("KilledUploadIT: -Dmirror-images.seed=" + SEED);
    int size = 9 * MIB + 12_345;
    Path archive = archive(size);
    int kills = 4;
    try (ChunkRegistry registry = new ChunkRegistry(kind).ready();
        UploadProxy line = new UploadProxy(registry.name())) {
      long sent = 0;
      for (int kill = 0; kill < kills; kill++) {
        line.forget();
        line.hold(1 + random.nextInt(2), random.nextInt(MIB));
        kill(load(archive, line), line);
        sent += line.sent();
      }
      line.forget();
      Command last = load(archive, line).end();
      sent += line.sent();

      assertThat(last.exitCode()).as(last.err()).isZero();
      assertVerified(archive, line);
      assertNothingLeft();
      if (kind == Kind.DISTRIBUTION_3) {
        assertThat(sent).isLessThanOrEqualTo(size + (long) kills * (MIB + SMALL));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void killedBetweenChunksEachKindOfRegistryIsSentOnlyTheRest(Kind kind) throws Exception {
    int size = 5 * MIB + 12_345;
    Path archive = archive(size);
    try (ChunkRegistry registry = new ChunkRegistry(kind).ready();
        UploadProxy line = new UploadProxy(registry.name())) {
      line.hold(4);
      kill(load(archive, line), line);
      line.forget();

      assertThat(load(archive, line).end().exitCode()).isZero();

      assertThat(line.sent()).isBetween(size - 3L * MIB, size - 3L * MIB + SMALL);
      assertVerified(archive, line);
    }
  }

  @Test
  void aLoadThatIsToldToStopLeavesItsUploadForTheNextOne() throws Exception {
    int size = 5 * MIB;
    Path archive = archive(size);
    try (DockerRegistry registry = DockerRegistry.open();
        UploadProxy line = new UploadProxy(registry.name())) {
      line.hold(4);
      Program.Running first = load(archive, line);
      line.awaitHeld();
      first.signal("TERM");
      assertThat(first.end().exitCode()).isEqualTo(143);
      line.drop();
      line.forget();

      Command second = load(archive, line).end();

      assertThat(second.exitCode()).isZero();
      assertThat(second.out()).startsWith("resuming: the target has 3.1 MB of unfinished layers\n");
      assertThat(line.sent()).isBetween(size - 3L * MIB, size - 3L * MIB + SMALL);
      assertVerified(archive, line);
    }
  }

  /** The registry has no use for an upload any more of which a request broke off. */
  @Test
  void aLayerLargerThanAWindowIsLoadedOverSeveralAndNothingIsSentTwice() throws Exception {
    int size = 8 * MIB;
    Path archive = archive(size);
    try (DockerRegistry registry = DockerRegistry.open();
        UploadProxy line = new UploadProxy(registry.name())) {
      for (int window = 0; window < 2; window++) {
        int patches = line.patches().size();
        // A second per chunk: several are left when the signal comes, be it seconds late.
        Program.Running run = load(archive, line, "--max-rate", "1M");
        while (line.patches().size() < patches + 2
            && !run.process().waitFor(1, TimeUnit.MILLISECONDS)) {
          // They are on their way.
        }
        run.signal("TERM");
        assertThat(run.end().exitCode()).isEqualTo(143);
      }

      assertThat(load(archive, line).end().exitCode()).isZero();

      assertThat(line.sent()).isBetween((long) size, (long) size + SMALL);
      assertVerified(archive, line);
    }
  }

  @Test
  void aSyncKilledBetweenChunksFetchesAndSendsOnlyTheRest() throws Exception {
    byte[] layer = bytes(8 * MIB + 17);
    try (SlowUpstream upstream = new SlowUpstream();
        DockerRegistry registry = DockerRegistry.open();
        UploadProxy line = new UploadProxy(registry.name())) {
      String image = upstream.addImage("rancher/a", "v1", upstream.addBlob(layer)) + ":v1";
      Path list = Files.writeString(folder.resolve("images.txt"), image + "\n");
      Object[] sync = {
        "sync", "--list", list, "--registry", line.name(), "--chunk-size", 1, "--state", state()
      };
      line.hold(6);
      kill(Program.in(folder).start(sync), line);
      upstream.cutOff();
      upstream.forget();
      line.forget();

      Command second = Program.in(folder).run(sync);

      assertThat(second.exitCode()).as(second.err()).isZero();
      assertThat(upstream.sent()).isBetween(3L * MIB, 3L * MIB + SMALL);
      assertThat(line.sent()).isBetween(3L * MIB, 3L * MIB + SMALL);
      // What was there already was not moved.
      assertThat(second.line("rancher/a:v1")).contains("copied").contains("3.1 MB");
      assertThat(
              Command.run("verify", "--deep", "--list", list, "--registry", line.name()).exitCode())
          .isZero();
    }
  }

  @Test
  void aRegistryRestartedBetweenChunksIsSentNothingTwice() throws Exception {
    int size = 6 * MIB;
    Path archive = archive(size);
    try (DockerRegistry registry = DockerRegistry.open();
        UploadProxy line = new UploadProxy(registry.name())) {
      line.hold(4);
      Program.Running load = load(archive, line);
      line.awaitHeld();
      registry.restart();
      line.forget();

      Command ended = load.end();

      assertThat(ended.exitCode()).as(ended.err()).isZero();
      // The chunk that was under way when the registry went was not taken by it.
      assertThat(line.sent()).isBetween(3L * MIB, 4L * MIB + SMALL);
      assertVerified(archive, line);
    }
  }

  @Test
  void aRegistryKilledInTheMiddleOfAChunkGetsTheBlobAgain() throws Exception {
    int size = 6 * MIB;
    Path archive = archive(size);
    try (DockerRegistry registry = DockerRegistry.open();
        UploadProxy line = new UploadProxy(registry.name())) {
      line.hold(4, 500_000);
      Program.Running load = load(archive, line);
      line.awaitHeld();
      registry.restart();
      line.forget();

      Command ended = load.end();

      assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
      assertVerified(archive, line);
    }
  }

  @Test
  void aSecondRunToTheSameRegistryIsToldWhoIsAtWorkAndTouchesNothing() throws Exception {
    Path archive = archive(4 * MIB);
    try (DockerRegistry registry = DockerRegistry.open();
        UploadProxy line = new UploadProxy(registry.name())) {
      line.hold(2);
      Program.Running first = load(archive, line);
      line.awaitHeld();
      String list = Files.readString(folder.resolve("failed.txt"));

      Command second = load(archive, line).end();

      assertThat(second.complaint(2))
          .contains("process " + first.process().pid())
          .contains("since ");
      assertThat(folder.resolve("failed.txt")).hasContent(list);
      Command elsewhere =
          Program.in(folder)
              .run("load", "--archive", archive, "--registry", line.name() + "/other", "--dry-run");
      assertThat(elsewhere.exitCode()).as(elsewhere.err()).isZero();
      line.forget();
      assertThat(first.end().exitCode()).isZero();
      assertThat(load(archive, line).end().exitCode()).isZero();
    }
  }

  @Test
  void aSecondRunInTheSameFolderLeavesTheFirstsListAlone() throws Exception {
    Path archive = archive(4 * MIB);
    try (DockerRegistry registry = DockerRegistry.open();
        UploadProxy line = new UploadProxy(registry.name())) {
      line.hold(2);
      Program.Running first = load(archive, line);
      line.awaitHeld();
      String failed = Files.readString(folder.resolve("failed.txt"));
      Path list = Files.writeString(folder.resolve("other.txt"), "127.0.0.1:9/rancher/b:v1\n");

      Command second =
          Program.in(folder).run("save", "--list", list, "--output", "other.tar", "--retries", 0);

      assertThat(second.exitCode()).isEqualTo(3);
      assertThat(second.complaints().getFirst())
          .startsWith(
              "mirror-images: failed.txt is being written by process " + first.process().pid())
          .endsWith(": what this run has not done is listed in failed-2.txt");
      assertThat(folder.resolve("failed-2.txt")).content().contains("127.0.0.1:9/rancher/b:v1");
      assertThat(folder.resolve("failed.txt")).hasContent(failed);
      line.forget();
      assertThat(first.end().exitCode()).isZero();
      assertThat(folder.resolve("failed.txt")).doesNotExist();
      assertThat(folder.resolve("failed.txt.lock")).doesNotExist();
    }
  }

  @Test
  void withoutItsStateARunBeginsTheBlobAgain() throws Exception {
    int size = 4 * MIB;
    Path archive = archive(size);
    try (DockerRegistry registry = DockerRegistry.open();
        UploadProxy line = new UploadProxy(registry.name())) {
      line.hold(3);
      kill(load(archive, line), line);
      line.forget();
      try (Stream<Path> files = Files.list(state().resolve("uploads"))) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      assertThat(load(archive, line).end().exitCode()).isZero();
      assertThat(line.sent()).isBetween((long) size, (long) size + SMALL);
    }
  }

  @Test
  void aStateThatCannotBeKeptIsSaidAndEndsTheRunOnlyIfItWasAskedFor() throws Exception {
    Path archive = archive(2 * MIB);
    Files.writeString(folder.resolve(".local"), "no folder");
    try (DockerRegistry registry = DockerRegistry.open()) {
      Object[] load = {
        "load", "--archive", archive, "--registry", registry.name(), "--chunk-size", 1
      };
      Command usual = Program.in(folder).run(load);
      assertThat(usual.complaint(0)).contains("the state can't be kept").contains("--state");

      List<Object> named = new ArrayList<>(List.of(load));
      named.addAll(List.of("--state", folder.resolve(".local")));
      Command asked = Program.in(folder).run(named.toArray());
      assertThat(asked.complaint(2)).contains("--state").contains("Not a directory");
    }
  }

  private Program.Running load(Path archive, UploadProxy line, Object... more) throws IOException {
    List<Object> command =
        new ArrayList<>(
            List.of(
                "load",
                "--archive",
                archive,
                "--registry",
                line.name(),
                "--chunk-size",
                1,
                "--state",
                state()));
    command.addAll(List.of(more));
    return Program.in(folder).start(command.toArray());
  }

  private static void kill(Program.Running running, UploadProxy line) throws Exception {
    line.awaitHeld();
    running.signal("KILL");
    assertThat(running.end().exitCode()).isEqualTo(137);
    line.drop();
  }

  private Path state() {
    return folder.resolve("state");
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> files = Files.list(state().resolve("uploads"))) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".json"));
    }
  }

  private static void assertVerified(Path archive, UploadProxy line) {
    Command verify =
        Command.run("verify", "--deep", "--archive", archive, "--registry", line.name());
    assertThat(verify.exitCode()).as(verify.out() + verify.err()).isZero();
  }

  /** An archive of one image with one layer of {@code size} bytes. */
  private Path archive(int size) throws IOException {
    Path archive = folder.resolve("images.tar");
    try (FaultyRegistry upstream = new FaultyRegistry()) {
      String layer = upstream.addBlob(bytes(size));
      String config = upstream.addBlob("{}".getBytes(StandardCharsets.UTF_8));
      byte[] manifest =
          """
          {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"a/b","digest":"%s","size":2},
          "layers":[{"mediaType":"application/octet-stream","digest":"%s","size":%d}]}\
          """
              .formatted(MediaTypes.OCI_MANIFEST, config, layer, size)
              .getBytes(StandardCharsets.UTF_8);
      upstream.addManifest("rancher/a", "v1", manifest, MediaTypes.OCI_MANIFEST);
      Path list =
          Files.writeString(folder.resolve("list.txt"), upstream.name() + "/rancher/a:v1\n");
      Command save =
          Command.run(
              "save", "--list", list, "--output", archive, "--failed", folder.resolve("not.txt"));
      assertThat(save.exitCode()).as(save.err()).isZero();
    }
    return archive;
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
