package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Json;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Registries that are not there, not what they should be, or do not let one in. */
@Execution(ExecutionMode.CONCURRENT)
class BadRegistryIT {
  @TempDir private Path folder;
  private Path sample;

  @BeforeEach
  void makeSample() {
    sample = folder.resolve("sample.tar");
    assertThat(Command.run("sample", "--output", sample).exitCode()).isZero();
  }

  @Test
  void anImageThatIsMissingFailsAloneAndAllMissingIsNoSuccessEither() throws IOException {
    try (DockerRegistry upstream = DockerRegistry.open()) {
      String there = upstream.name() + "/rancher/sample-agent:v0.1.0";
      String missing = upstream.name() + "/rancher/sample-agent:v9";
      load(upstream);

      Command some = save(there, missing);
      assertThat(some.exitCode()).isEqualTo(1);
      assertThat(some.complaint(1)).contains("1 image could not be planned", "--list", "--output");
      assertThat(some.line(missing)).contains("failed", "missing: ");
      assertThat(some.line(there)).contains("copied");
      assertThat(failed()).content().contains(missing).doesNotContain(there);

      Files.delete(folder.resolve("images.tar"));
      Command none = save(missing);
      assertThat(none.exitCode()).isEqualTo(1);
      assertThat(none.line(missing)).contains("failed", "missing: ");
      assertNoArchive();
    }
  }

  @Test
  void wrongCredentialsEndTheRunOnEitherSide() throws Exception {
    try (DockerRegistry locked = DockerRegistry.withPassword();
        DockerRegistry open = DockerRegistry.open()) {
      String image = locked.name() + "/rancher/sample-agent:v0.1.0";
      for (Command command :
          List.of(
              program("wrong", "save", "--list", list(image), "--output", archive()),
              program("wrong", "load", "--archive", sample, "--registry", locked.name()),
              program("wrong", "verify", "--archive", sample, "--registry", locked.name()))) {
        assertThat(command.complaint(3))
            .contains(locked.name(), "refuses user carol", "--password-stdin");
      }
      Command sync =
          Program.in(folder)
              .reading("wrong\n")
              .run(
                  "sync",
                  "--list",
                  list(image),
                  "--registry",
                  open.name(),
                  "--failed",
                  "sync-failed.txt",
                  "--source-username",
                  DockerRegistry.USER,
                  "--source-password-stdin");
      assertThat(sync.complaint(3)).contains(locked.name(), "refuses user carol");
      assertNoArchive();
    }
  }

  @Test
  void aRegistryWithPasswordTellsTheAnonymousToLogIn() throws Exception {
    try (DockerRegistry locked = DockerRegistry.withPassword()) {
      String image = locked.name() + "/rancher/sample-agent:v0.1.0";
      Command save = Program.in(folder).run("save", "--list", list(image), "--output", archive());
      assertThat(save.exitCode()).isEqualTo(3);
      assertThat(save.complaints()).isEmpty();
      assertThat(save.line(image)).contains("denied", "credentials");
      Command load =
          Program.in(folder).run("load", "--archive", sample, "--registry", locked.name());
      assertThat(load.exitCode()).isEqualTo(3);
      assertThat(load.line("sample-agent")).contains("denied", "credentials");
      assertThat(
              program(
                  DockerRegistry.PASSWORD,
                  "load",
                  "--archive",
                  sample,
                  "--registry",
                  locked.name()))
          .extracting(Command::exitCode)
          .isEqualTo(0);
      assertNoArchive();
    }
  }

  @Test
  @Timeout(300)
  void anUnknownHostIsSaidAtOnce() throws IOException {
    String host = "no-such-host.invalid";
    assertThat(save(host + "/a/b:v1", host + "/a/c:v1").complaint(3))
        .contains(host, "unknown host");
    assertThat(load(host).complaint(3)).contains(host, "unknown host");
    assertNoArchive();
  }

  @Test
  void aRefusedConnectionIsKnownSoonAndInTheReport() throws IOException {
    String closed = "localhost:" + closedPort();
    long began = System.nanoTime();

    Command save = save(closed + "/a/b:v1", closed + "/a/c:v1");

    // A host that never answered is not waited for: the patience would be 15 minutes, and half a
    // minute for one that is silent.
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
    assertThat(save.complaint(3)).contains(closed, "connection refused", "port");
    assertThat(save.out()).isEmpty();
    assertNoArchive();
    JsonNode report = Json.parse(Files.readAllBytes(folder.resolve("report.json")), "the report");
    assertThat(report.get("exitCode").asInt()).isEqualTo(3);
    assertThat(report.at("/summary/failed").asInt()).isEqualTo(2);
    assertThat(report.at("/images/1/reason").asString()).isEqualTo("network");
    assertThat(failed()).content().contains("/a/b:v1\n", "/a/c:v1\n");
  }

  @Test
  void aDryRunDoesNotWaitForEachImageOfARegistryThatIsDown() throws IOException {
    String closed = "localhost:" + closedPort();
    Command save =
        Command.run("save", "--dry-run", "--list", list(closed + "/a/b:v1"), "--output", archive());
    assertThat(save.complaint(3)).contains("connection refused");
    try (DockerRegistry upstream = DockerRegistry.open()) {
      load(upstream);
      Path list = list(upstream.name() + "/rancher/sample-agent:v0.1.0", closed + "/a/b:v1");
      Command some = Command.run("save", "--dry-run", "--list", list, "--output", archive());
      assertThat(some.exitCode()).isEqualTo(1);
      assertThat(some.out()).contains("images to copy       1", "images failed        1");
    }
  }

  @Test
  void oneRegistryThatIsDownFailsItsImagesAndSparesTheOthers() throws IOException {
    String closed = "localhost:" + closedPort();
    try (DockerRegistry upstream = DockerRegistry.open()) {
      load(upstream);
      String there = upstream.name() + "/rancher/sample-agent:v0.1.0";
      Command save = save(closed + "/a/b:v1", there, closed + "/a/c:v1");
      assertThat(save.exitCode()).isEqualTo(1);
      assertThat(save.line("/a/c:v1")).contains("failed", "network: ", "connection refused");
      assertThat(save.line(there)).contains("copied");
    }
  }

  @Test
  void aCertificateOfItsOwnNeedsTheCaFile() throws Exception {
    try (DockerRegistry secure = DockerRegistry.withTls()) {
      Command untrusted = load(secure.name());
      assertThat(untrusted.complaint(3))
          .contains(secure.name(), "certificate", "not trusted", "--ca-file");
      Command plain =
          Command.run("load", "--archive", sample, "--registry", secure.name(), "--plain-http");
      assertThat(plain.complaint(3)).contains("if it speaks https", "leave out --plain-http");

      Object[] right = {
        "load", "--archive", sample, "--registry", secure.name(), "--ca-file", secure.certificate()
      };
      assertThat(program(DockerRegistry.PASSWORD, right).exitCode()).isZero();
    }
  }

  @Test
  void aWebServerIsNotTakenForARegistry() throws IOException {
    try (FaultyRegistry web = new FaultyRegistry()) {
      web.on("*", ".*", FaultyRegistry.status(200, "<html>hi</html>", "Content-Type: text/html"));
      assertThat(load(web.name()).complaint(3)).contains(web.name(), "not a registry", "port");
      assertThat(save(web.name() + "/a/b:v1").complaint(3)).contains("not a registry");
      assertNoArchive();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://harbor.example.com", "harbor.example.com/Mirror", "harbor example", "a:b"})
  void aRegistryThatIsNoneOnTheCommandLine(String registry) {
    assertThat(load(registry).complaint(2)).contains("--registry");
  }

  private void load(DockerRegistry registry) {
    assertThat(load(registry.name()).exitCode()).isZero();
  }

  private Command load(String registry) {
    return Command.run("load", "--archive", sample, "--registry", registry, "--failed", failed());
  }

  private Command save(String... images) throws IOException {
    return Command.run(
        "save",
        "--list",
        list(images),
        "--output",
        archive(),
        "--failed",
        failed(),
        "--report",
        folder.resolve("report.json"));
  }

  private Command program(String password, Object... arguments) throws Exception {
    List<Object> all = new java.util.ArrayList<>(List.of(arguments));
    all.addAll(List.of("--username", DockerRegistry.USER, "--password-stdin"));
    return Program.in(folder).reading(password + "\n").run(all.toArray());
  }

  private Path archive() {
    return folder.resolve("images.tar");
  }

  private Path failed() {
    return folder.resolve("failed.txt");
  }

  private void assertNoArchive() {
    assertThat(archive()).doesNotExist();
    assertThat(folder.resolve("images.tar.partial")).doesNotExist();
  }

  private Path list(String... images) throws IOException {
    return Files.write(folder.resolve("images.txt"), List.of(images));
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
