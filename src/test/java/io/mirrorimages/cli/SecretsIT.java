package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No password and no token is in anything that a run prints or writes, however it ends. */
class SecretsIT {
  private static final String USER = DockerRegistry.USER;
  private static final String PASSWORD = DockerRegistry.PASSWORD;
  private static final String TOKEN = "a-token-that-nobody-else-may-see";

  @TempDir private Path folder;
  private Path work;
  private FaultyRegistry registry;

  @BeforeEach
  void start() throws IOException {
    work = Files.createDirectory(folder.resolve("work"));
    registry = new FaultyRegistry();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void ofTheRightPassword() throws Exception {
    try (DockerRegistry locked = DockerRegistry.withPassword()) {
      assertThat(Command.run("sample", "--output", folder.resolve("s.tar")).exitCode()).isZero();
      Object[] load = {"load", "--archive", folder.resolve("s.tar"), "--registry", locked.name()};
      assertThat(byInput(PASSWORD, load).exitCode()).isZero();
      assertThat(byConfig(locked.name(), PASSWORD, load).exitCode()).isZero();
    }
  }

  @Test
  void ofAWrongPassword() throws Exception {
    String wrong = "not-the-password";
    try (DockerRegistry locked = DockerRegistry.withPassword()) {
      Object[] save = save(locked.name() + "/a/b:v1");
      assertThat(byInput(wrong, save).exitCode()).isEqualTo(3);
      assertThat(byConfig(locked.name(), wrong, save).exitCode()).isEqualTo(3);
    }
  }

  @Test
  void toARegistryThatRepeatsWhatItIsSent() throws Exception {
    String basic = "Basic " + base64(USER + ":" + PASSWORD);
    registry.unlessAuthorized(basic::equals, needsBasic());
    repeatEverything("GET", "^/v2/a", 403);

    Command save = byInput(PASSWORD, save(registry.name() + "/a/b:v1"));

    assertThat(save.exitCode()).as(save.out() + save.err()).isEqualTo(3);
    assertThat(save.out()).contains("denied: ", "it was");
    assertThat(registry.seen("GET", "/manifests/").getLast().header("Authorization"))
        .isEqualTo(basic);
  }

  @Test
  void toARegistryThatRepeatsItWhenItIsAskedFirst() throws Exception {
    registry.unlessAuthorized(String::isEmpty, repeating(400));
    registry.on("GET", ".*", needsBasic());

    Command save = byConfig(registry.name(), PASSWORD, save(registry.name() + "/a/b:v1"));

    assertThat(save.complaint(3)).contains("it was");
  }

  @Test
  void ofATokenAndOfThePasswordThatGetsIt() throws Exception {
    registry.on(
        "GET",
        "^/v2/$",
        FaultyRegistry.status(
            401,
            "",
            "WWW-Authenticate: Bearer realm=\"" + registry.url("/token") + "\",service=\"s\""));
    registry.on("GET", "^/token", FaultyRegistry.status(200, "{\"token\":\"" + TOKEN + "\"}"));
    registry.unlessAuthorized(
        ("Bearer " + TOKEN)::equals,
        FaultyRegistry.status(
            401,
            "",
            "WWW-Authenticate: Bearer realm=\"" + registry.url("/token") + "\",service=\"s\""));
    repeatEverything("*", "^/v2/a", 403);

    Command save = byInput(PASSWORD, save(registry.name() + "/a/b:v1"));

    assertThat(registry.seen("GET", "/manifests/")).isNotEmpty();
    assertThat(save.exitCode()).as(save.out() + save.err()).isEqualTo(3);
  }

  @Test
  void toATokenServiceThatRepeatsThem() throws Exception {
    registry.on(
        "GET",
        "^/v2/",
        FaultyRegistry.status(
            401,
            "",
            "WWW-Authenticate: Bearer realm=\"" + registry.url("/token") + "\",service=\"s\""));
    repeatEverything("*", "^/token", 401);

    assertThat(byInput(PASSWORD, save(registry.name() + "/a/b:v1")).complaint(3))
        .contains(registry.name());
    assertThat(registry.seen("GET", "/token")).isNotEmpty();
  }

  private static FaultyRegistry.Behaviour needsBasic() {
    return FaultyRegistry.status(401, "", "WWW-Authenticate: Basic realm=\"here\"");
  }

  private void repeatEverything(String method, String target, int status) {
    registry.on(method, target, repeating(status));
  }

  private static FaultyRegistry.Behaviour repeating(int status) {
    return exchange -> {
      String sent = exchange.getRequestHeaders().getFirst("Authorization");
      String body =
          "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"it was '%s', Authorization: %s\"}]}";
      FaultyRegistry.respond(
          exchange, status, body.formatted(sent, sent).getBytes(StandardCharsets.UTF_8));
    };
  }

  private Object[] save(String image) throws IOException {
    Path list = Files.writeString(folder.resolve("images.txt"), image + "\n");
    return new Object[] {"save", "--list", list, "--output", work.resolve("images.tar")};
  }

  private Command byInput(String password, Object... arguments) throws Exception {
    List<Object> all = withFiles(arguments);
    all.addAll(List.of("--username", USER, "--password-stdin"));
    return checked(password, Program.in(folder).reading(password + "\n").run(all.toArray()));
  }

  private Command byConfig(String host, String password, Object... arguments) throws Exception {
    Files.writeString(
        folder.resolve("config.json"),
        "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(host, base64(USER + ":" + password)));
    return checked(password, Program.in(folder).run(withFiles(arguments).toArray()));
  }

  private List<Object> withFiles(Object... arguments) {
    List<Object> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(
        List.of("--report", work.resolve("report.json"), "--failed", work.resolve("failed.txt")));
    return all;
  }

  private Command checked(String password, Command command) throws IOException {
    StringBuilder said = new StringBuilder(command.out() + command.err());
    try (Stream<Path> files = Files.list(work)) {
      for (Path file : files.toList()) {
        said.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    assertThat(said.toString())
        .contains("\"exitCode\"")
        .doesNotContain(password, base64(USER + ":" + password), base64(password), TOKEN);
    command.complaints();
    return command;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
