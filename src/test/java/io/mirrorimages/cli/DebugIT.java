package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --debug} and {@code --verbose}, as a user sees them. */
class DebugIT {
  private static final String PASSWORD = "the-CANARY-password";
  private static final String TOKEN = "CANARY-token-that-nobody-else-may-see";

  @TempDir private Path folder;
  private FaultyRegistry registry;
  private Path log;

  @BeforeEach
  void start() throws IOException {
    registry = new FaultyRegistry();
    log = folder.resolve("debug.log");
    String config = registry.addBlob("{}".getBytes(StandardCharsets.UTF_8));
    registry.addManifest(
        "a/b",
        "v1",
        "{\"schemaVersion\":2,\"config\":{\"digest\":\"%s\",\"size\":2},\"layers\":[]}"
            .formatted(config)
            .getBytes(StandardCharsets.UTF_8),
        MediaTypes.OCI_MANIFEST);
    Files.writeString(folder.resolve("images.txt"), registry.name() + "/a/b:v1\n");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private Object[] save(Object... more) {
    List<Object> all =
        new ArrayList<>(
            List.of(
                "save",
                "--list",
                folder.resolve("images.txt"),
                "--output",
                folder.resolve("a.tar"),
                "--failed",
                folder.resolve("failed.txt")));
    all.addAll(Arrays.asList(more));
    return all.toArray();
  }

  private void wantTokens() {
    registry.on("GET", "^/token", FaultyRegistry.status(200, "{\"token\":\"" + TOKEN + "\"}"));
    registry.unlessAuthorized(
        ("Bearer " + TOKEN)::equals,
        FaultyRegistry.status(
            401,
            "",
            "WWW-Authenticate: Bearer realm=\"" + registry.url("/token") + "\",service=\"s\""));
    registry.on(
        "GET",
        "/blobs/",
        FaultyRegistry.status(307, "", "Location: /storage/x?X-Amz-Signature=CANARY1"));
    registry.on("GET", "^/storage/", FaultyRegistry.status(200, "{}"));
  }

  private List<String> requests() throws IOException {
    return Files.readAllLines(log).stream().filter(line -> line.contains(" method=")).toList();
  }

  @Test
  void eachRequestIsLoggedOnceAndNoSecret() throws Exception {
    wantTokens();
    String pair = "user:" + PASSWORD;
    Files.writeString(
        folder.resolve("config.json"),
        "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}"
            .formatted(
                registry.name(),
                Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))));

    Command save = Program.in(folder).run(save("--debug", log));
    assertThat(save.exitCode()).as(save.out() + save.err()).isZero();
    assertLogged(registry.seen());
    assertThat(requests()).anyMatch(line -> line.contains(" path=/storage/x?*** status=200 "));

    int before = registry.seen().size();
    Command load =
        Program.in(folder)
            .run(
                "load",
                "--archive",
                folder.resolve("a.tar"),
                "--registry",
                registry.name() + "/to",
                "--failed",
                folder.resolve("failed.txt"),
                "--debug",
                log);
    assertThat(load.exitCode()).as(load.out() + load.err()).isZero();
    assertLogged(registry.seen().subList(before, registry.seen().size()));
    assertThat(requests()).anyMatch(line -> line.contains(" method=PUT "));
    assertThat(Files.readString(log))
        .contains(" profile=" + registry.name() + " seconds=")
        .contains(" requests=" + requests().size() + " opened=");
  }

  /** By method and path; by request id, which redirects share, where they have one. */
  private void assertLogged(List<FaultyRegistry.Seen> seen) throws IOException {
    String all = Files.readString(log);
    assertThat(all)
        .doesNotContain("CANARY")
        .doesNotContain(
            Base64.getEncoder()
                .encodeToString(("user:" + PASSWORD).getBytes(StandardCharsets.UTF_8)));
    assertThat(
            requests().stream()
                .map(line -> line.replaceAll(".* method=(\\S+) .* id=(\\w+)", "$1 $2")))
        .containsExactlyInAnyOrderElementsOf(
            seen.stream().map(s -> s.method() + " " + s.header("X-Request-ID")).toList());
  }

  @Test
  void onStandardErrorTooWithRetries() {
    registry.on("GET", "/manifests/", 1, FaultyRegistry.status(503, "", "Retry-After: 0"));
    registry.on("HEAD", "/manifests/", 1, FaultyRegistry.status(503, "", "Retry-After: 0"));

    Command save = Command.run(save("--debug", "-", "-v"));

    assertThat(save.exitCode()).as(save.out() + save.err()).isZero();
    assertThat(save.err().lines())
        .anyMatch(line -> line.contains(" method=") && line.contains(" status=503 "))
        .anyMatch(line -> line.contains(" method=") && line.contains(" retry=1 "))
        .anyMatch(line -> line.contains(" retry=1 pause_ms="))
        .anyMatch(line -> line.startsWith("mirror-images: retry 1 in "));
  }

  @Test
  void aFileThatCanNotBeWrittenIsAUsageError() {
    for (Path wrong : List.of(folder, folder.resolve("missing/debug.log"))) {
      assertThat(Command.run(save("--debug", wrong)).complaint(2)).contains("--debug: " + wrong);
    }
    assertThat(registry.seen()).isEmpty();
  }

  @Test
  void whatIsNoLogIsNotReplaced() {
    Path list = folder.resolve("images.txt");
    assertThat(Command.run(save("--debug", list)).complaint(2)).contains("is the --list too");
    assertThat(list).hasContent(registry.name() + "/a/b:v1\n");
  }

  @Test
  void theDoctorLogsToo() throws IOException {
    Command doctor = Command.run("doctor", "--registry", registry.name() + "/a", "--debug", log);

    assertThat(doctor.out()).contains("0 failures");
    assertThat(requests()).isNotEmpty();
  }
}
