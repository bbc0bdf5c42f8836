package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.SlowUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What befalls machines meanwhile: a disk that is full or read-only, a registry that takes nothing
 * or is restarted, names that are not resolved. A run survives it or says so; the next one goes on.
 */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class MishapsIT {
  private static final int MIB = 1024 * 1024;
  private static final int SMALL = 50_000;
  private static final int LARGE = 24 * MIB;

  @TempDir private Path folder;
  private Path archive;
  private String image;

  @BeforeEach
  void nameArchive() {
    archive = folder.resolve("images.tar");
  }

  private void makeArchive(int bytes) throws IOException {
    try (SlowUpstream upstream = new SlowUpstream()) {
      byte[] layer = new byte[bytes];
      new Random(1).nextBytes(layer);
      image = upstream.addImage("rancher/a", "v1", upstream.addBlob(layer)) + ":v1";
      Command save = save(archive, image);
      assertThat(save.exitCode()).as(save.out() + save.err()).isZero();
    }
  }

  @Test
  void aRegistryThatIsRestartedInTheMiddleOfAnUploadIsWaitedFor() throws Exception {
    makeArchive(LARGE);
    Path storage = Files.createDirectory(folder.resolve("storage"));
    try (DockerRegistry registry = DockerRegistry.storingIn(storage)) {
      CompletableFuture<Command> load =
          CompletableFuture.supplyAsync(() -> load(registry.name(), "--retries", 8));
      awaitUploadIn(storage);
      registry.stop();
      registry.start();

      Command end = load.get();

      assertThat(end.exitCode()).as(end.out() + end.err()).isZero();
      assertThere(registry);
    }
  }

  @Test
  void aRegistryThatStaysAwayIsAClearEndAndTheNextRunGoesOn() throws Exception {
    makeArchive(LARGE);
    Path storage = Files.createDirectory(folder.resolve("storage"));
    try (DockerRegistry registry = DockerRegistry.storingIn(storage)) {
      CompletableFuture<Command> load =
          CompletableFuture.supplyAsync(
              () -> load(registry.name(), "--retries", 1, "--patience", "3s"));
      awaitUploadIn(storage);
      registry.stop();

      Command end = load.get();

      assertThat(end.exitCode()).as(end.out()).isEqualTo(3);
      assertThat(end.line("rancher/a")).contains("failed", "network: ", registry.name());
      assertThat(failed()).content().contains(image);
      registry.start();
      assertThat(load(registry.name()).exitCode()).isZero();
      assertThere(registry);
    }
  }

  @Test
  void aRegistryThatIsReadOnlyIsSaidAndLoadedWhenItTakesAgain() throws Exception {
    makeArchive(SMALL);
    try (DockerRegistry registry = DockerRegistry.open()) {
      registry.stop();
      registry.readOnly(true);
      registry.start();

      Command refused = load(registry.name());

      assertThat(refused.exitCode()).as(refused.out()).isEqualTo(1);
      assertThat(refused.line("rancher/a")).contains("failed", "405");
      assertThat(failed()).content().contains(image);
      registry.stop();
      registry.readOnly(false);
      registry.start();
      assertThat(load(registry.name()).exitCode()).isZero();
      assertThere(registry);
    }
  }

  @Test
  void aRegistryThatRefusesWritesWith503IsAClearEndAndLoadedLater() throws Exception {
    makeArchive(SMALL);
    try (FaultyRegistry registry = new FaultyRegistry()) {
      AtomicBoolean refusing = new AtomicBoolean(true);
      registry.on(
          "POST",
          ".*",
          exchange -> {
            if (refusing.get()) {
              FaultyRegistry.respond(exchange, 503, new byte[] {'n', 'o'});
            } else {
              registry.properly(exchange);
            }
          });

      Command refused = load(registry.name(), "--retries", 1, "--jobs", 1);
      refusing.set(false);

      assertThat(refused.exitCode()).as(refused.out()).isEqualTo(3);
      assertThat(refused.line("rancher/a")).contains("failed", "network: ", "503");
      Command again = load(registry.name());
      assertThat(again.exitCode()).as(again.out() + again.err()).isZero();
    }
  }

  @Test
  void aRegistryWhoseDiskIsFullIsAClearEndAndLoadedWhenThereIsRoom() throws Exception {
    makeArchive(LARGE);
    Path disk = mount("40m");
    try (DockerRegistry registry = DockerRegistry.storingIn(disk)) {
      Files.write(disk.resolve("other"), new byte[30 * MIB]);

      Command full = load(registry.name(), "--retries", 1);

      assertThat(full.exitCode()).as(full.out()).isBetween(1, 3);
      assertThat(full.line("rancher/a")).contains("failed", registry.name());
      full.complaints();
      Files.delete(disk.resolve("other"));
      try (Stream<Path> left = Files.walk(disk)) {
        // What its half uploads took is cleared away by the registry itself after a week.
        left.filter(file -> file.endsWith("data") && file.toString().contains("_uploads"))
            .forEach(file -> file.toFile().delete());
      }
      Command again = load(registry.name());
      assertThat(again.exitCode()).as(again.out() + again.err()).isZero();
      assertThere(registry);
    } finally {
      unmount(disk);
    }
  }

  @Test
  void whereTheOutcomeCannotBeWrittenTheWorkIsDoneNeverthelessAndItIsSaid() throws Exception {
    makeArchive(SMALL);
    Path disk = mount("1m");
    try (FaultyRegistry registry = new FaultyRegistry()) {
      Path report = disk.resolve("report.json");
      registry.on(
          "PUT",
          "/manifests/",
          1,
          exchange -> {
            fill(disk.resolve("other"));
            registry.properly(exchange);
          });

      Command load = load(registry.name(), "--report", report);

      assertThat(load.complaint(3)).contains("cannot write the report " + report + " (No space");
      // There is room again once the older one is removed.
      assertThat(report).content().containsPattern("\"exitCode\" ?: ?3");
      assertThat(registry.seen("PUT", "/manifests/")).hasSize(1);
      Files.delete(disk.resolve("other"));
      assertThat(load(registry.name(), "--report", report).exitCode()).isZero();
      assertThat(report).content().contains("\"unchanged\"");
    } finally {
      unmount(disk);
    }
  }

  @Test
  void aDiskThatHasBecomeReadOnlyIsSaidAndGoneOnWithWhenItIsNotAnyMore() throws Exception {
    Path disk = mount("30m");
    try (SlowUpstream upstream = new SlowUpstream()) {
      Path output = disk.resolve("other.tar");
      String other = killedInTheMiddle(upstream, output);
      run("mount", "-o", "remount,ro", disk.toString());

      Command refused = save(output, other);

      assertThat(refused.complaint(3)).contains(output.toString());
      assertThat(upstream.sent()).isZero();
      run("mount", "-o", "remount,rw", disk.toString());
      Command again = save(output, other);
      assertThat(again.exitCode()).as(again.err()).isZero();
      assertThat(upstream.sent()).isLessThan(upstream.total());
      assertThat(Command.run("verify", "--archive", output).exitCode()).isZero();
    } finally {
      run("mount", "-o", "remount,rw", disk.toString());
      unmount(disk);
    }
  }

  @Test
  void aFileSystemForSmallFilesIsSaidAndAnotherOneTakesTheArchive() throws Exception {
    try (SlowUpstream upstream = new SlowUpstream()) {
      byte[] layer = new byte[3 * MIB];
      new Random(2).nextBytes(layer);
      String other = upstream.addImage("rancher/b", "v1", upstream.addBlob(layer)) + ":v1";
      Path output = folder.resolve("other.tar");
      Object[] command = saving(output, other).toArray();

      Command refused = Program.in(folder).after("ulimit -f 2000").run(command);

      assertThat(refused.complaint(3)).contains("can't hold a file as large");
      assertThat(Program.in(folder).run(command).exitCode()).isZero();
      assertThat(Command.run("verify", "--archive", output).exitCode()).isZero();
    }
  }

  @Test
  void aNameThatIsNotResolvedMeanwhileIsAClearEndAndTheNextRunGoesOn() throws Exception {
    try (SlowUpstream upstream = new SlowUpstream()) {
      byte[] layer = new byte[6 * MIB];
      new Random(3).nextBytes(layer);
      String local = upstream.addImage("rancher/b", "v1", upstream.addBlob(layer)) + ":v1";
      Path output = folder.resolve("other.tar");
      List<Object> command = saving(output, local.replaceFirst("[^:]+:", "registry.test:"));
      // More tries than there may be idle connections, which need no name.
      command.addAll(
          List.of("--plain-http", "--retries", 6, "--retry-max-wait", 1, "--stall-timeout", 1));
      command.addAll(List.of("--patience", "5s"));
      Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 registry.test\n");
      Program program =
          Program.in(folder)
              .with("jdk.net.hosts.file", hosts)
              .with("sun.net.inetaddr.ttl", 0)
              .with("sun.net.inetaddr.negative.ttl", 0);
      upstream.letThrough(upstream.total() / 2);
      Program.Running save = program.start(command.toArray());
      upstream.awaitStop();
      Files.writeString(hosts, "127.0.0.1 localhost\n");
      upstream.cutOff();

      Command end = save.end();

      assertThat(end.exitCode()).as(end.out() + end.err()).isEqualTo(3);
      assertThat(end.line("rancher/b"))
          .contains("failed", "network: registry.test:", ": unknown host, and no answer");
      upstream.openWide();
      Files.writeString(hosts, "127.0.0.1 registry.test\n");
      Command again = program.run(command.toArray());
      assertThat(again.exitCode()).as(again.out() + again.err()).isZero();
      assertThat(upstream.sent()).isLessThan(upstream.total() * 5 / 4);
      assertThat(Command.run("verify", "--archive", output).exitCode()).isZero();
    }
  }

  /** A save that got to its half before it was killed; what was sent counts from here. */
  private String killedInTheMiddle(SlowUpstream upstream, Path output) throws Exception {
    byte[] layer = new byte[6 * MIB];
    new Random(4).nextBytes(layer);
    String other = upstream.addImage("rancher/b", "v1", upstream.addBlob(layer)) + ":v1";
    upstream.letThrough(upstream.total() / 2);
    Program.Running first = Program.in(folder).start(saving(output, other).toArray());
    upstream.awaitStop();
    first.signal("KILL");
    first.end();
    upstream.cutOff();
    upstream.openWide();
    upstream.forget();
    return other;
  }

  /** Waits until the registry has some of the large layer. */
  private static void awaitUploadIn(Path storage) throws IOException {
    while (true) {
      try (Stream<Path> files = Files.walk(storage)) {
        if (files
            .filter(file -> file.endsWith("data") && file.toString().contains("_uploads"))
            .anyMatch(file -> file.toFile().length() > MIB)) {
          return;
        }
      } catch (java.io.UncheckedIOException e) {
        // Something was moved away just now.
      }
      Thread.yield();
    }
  }

  private Command load(String registry, Object... more) {
    List<Object> command = new ArrayList<>(List.of("load", "--archive", archive));
    command.addAll(List.of("--registry", registry, "--failed", failed()));
    command.addAll(List.of("--retry-max-wait", 1));
    command.addAll(List.of(more));
    return Command.run(command.toArray());
  }

  private Command save(Path output, String name) throws IOException {
    return Command.run(saving(output, name).toArray());
  }

  private List<Object> saving(Path output, String name) throws IOException {
    Path list = Files.writeString(folder.resolve("images.txt"), name + "\n");
    return new ArrayList<>(
        List.of("save", "--list", list, "--output", output, "--failed", failed()));
  }

  private void assertThere(DockerRegistry registry) {
    Command verify =
        Command.run(
            "verify", "--archive", archive, "--registry", registry.name(), "--deep", "--quiet");
    assertThat(verify.exitCode()).as(verify.out() + verify.err()).isZero();
  }

  private Path failed() {
    return folder.resolve("failed.txt");
  }

  private Path mount(String size) throws IOException, InterruptedException {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk.toString()) == 0,
        "a small disk can only be mounted by root");
    return disk;
  }

  private static void unmount(Path disk) throws IOException, InterruptedException {
    run("umount", disk.toString());
  }

  private static void fill(Path file) {
    try {
      Files.write(file, new byte[8 * MIB]);
    } catch (IOException e) {
      // This is what it is for.
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
