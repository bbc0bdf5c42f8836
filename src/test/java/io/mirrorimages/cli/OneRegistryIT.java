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

/** What is said of one registry holds for no other that a list names. */
class OneRegistryIT {
  private static final String BASIC = basic("bob:right-password");
  private static final byte[] CONFIG = "{}".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private FaultyRegistry ours;
  private FaultyRegistry other;
  private Path list;

  @BeforeEach
  void start() throws IOException {
    ours = locked();
    other = locked();
    list =
        Files.writeString(
            folder.resolve("list.txt"), ours.name() + "/a/b:1\n" + other.name() + "/a/b:1\n");
  }

  @AfterEach
  void stop() {
    ours.close();
    other.close();
  }

  private static FaultyRegistry locked() throws IOException {
    FaultyRegistry registry = new FaultyRegistry();
    String config = registry.addBlob(CONFIG);
    registry.addManifest(
        "a/b",
        "1",
        "{\"schemaVersion\":2,\"config\":{\"digest\":\"%s\",\"size\":%d},\"layers\":[]}"
            .formatted(config, CONFIG.length)
            .getBytes(StandardCharsets.UTF_8),
        MediaTypes.OCI_MANIFEST);
    registry.unlessAuthorized(
        BASIC::equals, FaultyRegistry.status(401, "", "WWW-Authenticate: Basic realm=\"x\""));
    return registry;
  }

  @Test
  void aPasswordIsNotForAllOfThem() throws Exception {
    Command save = save("--username", "bob");

    assertThat(save.complaint(2)).contains(ours.name(), other.name(), "=NAME");
    assertThat(ours.seen()).isEmpty();
    assertThat(other.seen()).isEmpty();
  }

  @Test
  void aPasswordOfOneIsNotShownToAnother() throws Exception {
    Command save = save("--username", ours.name() + "=bob");

    assertThat(save.exitCode()).as(save.out() + save.err()).isEqualTo(1);
    assertThat(save.out()).contains("copied     " + ours.name());
    assertThat(ours.seen()).anyMatch(seen -> seen.header("Authorization").equals(BASIC));
    assertThat(other.seen()).isNotEmpty().allMatch(s -> s.header("Authorization").isEmpty());
  }

  @Test
  void theOtherHasWhatDockerLoginKnows() throws Exception {
    Files.writeString(
        folder.resolve("config.json"),
        "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}"
            .formatted(other.name(), BASIC.substring("Basic ".length())));

    assertThat(save("--username", ours.name() + "=bob").exitCode()).isZero();
  }

  @Test
  void neitherIsHttpNorAnyCertificate() throws Exception {
    for (String option : List.of("--plain-http", "--insecure-skip-verify")) {
      Command save = Program.in(folder).run(command(option));
      assertThat(save.complaint(2)).contains(option, ours.name(), other.name());
    }
  }

  @Test
  void ofOneTargetNothingMoreIsSaid() throws Exception {
    Path archive = folder.resolve("s.tar");
    assertThat(Command.run("sample", "--output", archive).exitCode()).isZero();
    for (List<String> how :
        List.of(List.of("--plain-http"), List.of("--plain-http", ours.name()))) {
      List<Object> verify =
          new ArrayList<>(List.of("verify", "--archive", archive, "--registry", ours.name()));
      verify.addAll(how);
      verify.addAll(List.of("--username", "bob", "--password-stdin"));
      Program.in(folder).reading("right-password\n").run(verify.toArray());
      assertThat(ours.seen()).anyMatch(seen -> seen.header("Authorization").equals(BASIC));
    }
  }

  private Command save(String... user) throws Exception {
    List<Object> all = new ArrayList<>(Arrays.asList(command(user)));
    all.add("--password-stdin");
    return Program.in(folder).reading("right-password\n").run(all.toArray());
  }

  private Object[] command(String... more) {
    List<Object> all =
        new ArrayList<>(
            List.of("save", "--list", list, "--output", folder.resolve("a.tar"), "--retries", "0"));
    all.addAll(List.of(more));
    return all.toArray();
  }

  private static String basic(String plain) {
    return "Basic " + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }
}
