package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.MediaTypes;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No password and no token is in anything that a run prints or writes, however it ends. */
class SecretsIT {
  private static final String USER = DockerRegistry.USER;
  private static final String PASSWORD = DockerRegistry.PASSWORD;
  private static final String TOKEN = "a-token-that-nobody-else-may-see";

  private static final String CANARY = "CANARY93f1";

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

  /** As header, as its value, and taken apart: debugging servers and proxies do all of it. */
  private static FaultyRegistry.Behaviour repeating(int status) {
    return exchange -> {
      String sent = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
      String value = sent.substring(sent.indexOf(' ') + 1);
      String plain =
          sent.startsWith("Basic ")
              ? new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)
              : "nobody";
      String body =
          "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"it was '%s', Authorization: %s; %s; %s"
              + " at %s\"}]}";
      FaultyRegistry.respond(
          exchange,
          status,
          body.formatted(sent, sent, value, plain, exchange.getRequestURI())
              .getBytes(StandardCharsets.UTF_8));
    };
  }

  @Test
  void ofASignedAddressThatItsStorageRepeats() throws Exception {
    registry.addManifest("a/b", "v1", manifest(), MediaTypes.OCI_MANIFEST);
    registry.on(
        "GET",
        "/blobs/",
        FaultyRegistry.status(
            307,
            "",
            "Location: /storage/x?X-Amz-Signature=" + CANARY + "1&Key-Pair-Id=" + CANARY + "2"));
    registry.on(
        "GET",
        "^/storage/",
        e ->
            FaultyRegistry.respond(
                e,
                403,
                ("<Error><Resource>"
                        + e.getRequestURI()
                        + "</Resource><Signature>"
                        + CANARY
                        + "1</Signature><Id>"
                        + CANARY
                        + "2</Id></Error>")
                    .getBytes(StandardCharsets.UTF_8)));

    Command save = byInput(PASSWORD, save(registry.name() + "/a/b:v1"));

    assertThat(save.out()).contains("Resource");
  }

  @Test
  void ofTheStateOfAnUploadThatTheRegistryRepeats() throws Exception {
    assertThat(Command.run("sample", "--output", folder.resolve("s.tar")).exitCode()).isZero();
    registry.on(
        "POST",
        "/uploads/",
        e ->
            FaultyRegistry.respond(
                e,
                202,
                new byte[0],
                "Location: " + e.getRequestURI().getPath() + "1?_state=" + CANARY + "state"));
    repeatEverything("*", "/uploads/", 403);

    Command load =
        byInput(
            PASSWORD,
            "load",
            "--archive",
            folder.resolve("s.tar"),
            "--registry",
            registry.name(),
            "--retries",
            "0");

    assertThat(load.out()).contains("it was");
  }

  @Test
  void ofWhatAServerSaysByItself() throws Exception {
    registry.on(
        "GET",
        "/manifests/",
        FaultyRegistry.status(
            403,
            "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"it was eyJhbGciOiJSUzI1NiJ9.eyJzdWIi.%s of https://u:%s@h/x?sig=%s\"}]}"
                .formatted(CANARY, CANARY, CANARY)));

    assertThat(byInput(PASSWORD, save(registry.name() + "/a/b:v1")).out()).contains("it was");
  }

  @Test
  void ofTheDoctorsPatient() throws Exception {
    registry.on("GET", "^/v2/$", needsBasic());
    repeatEverything("*", ".*", 403);
    for (List<String> how : List.of(List.<String>of(), List.of("--json"))) {
      List<Object> doctor =
          new ArrayList<>(List.of("doctor", "--registry", registry.name() + "/a"));
      doctor.addAll(how);
      doctor.addAll(List.of("--username", USER, "--password-stdin"));
      Command command = Program.in(folder).reading(PASSWORD + "\n").run(doctor.toArray());
      assertThat(command.exitCode()).as(command.err()).isEqualTo(1);
      assertThat(command.out() + command.err()).doesNotContain(secrets(PASSWORD));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "load --archive FOLDER/s.tar --registry h.invalid --username u --password CANARY",
        "load --archive FOLDER/s.tar --registry h.invalid --username u --password=CANARY",
        "load --archive FOLDER/s.tar --registry h.invalid --username u -pCANARY",
        "load --archive FOLDER/s.tar --registry h.invalid --username u --password-stdin CANARY",
        "load --archive FOLDER/s.tar --registry h.invalid --username u --password-stdin=CANARY",
        "load --archive FOLDER/s.tar --registry u:CANARY@h.invalid",
        "load --archive FOLDER/s.tar --registry https://u:CANARY@h.invalid/x",
        "load --archive FOLDER/s.tar --registry u:CANARY/x@h.invalid/x",
        "save --list FOLDER/list.txt --output FOLDER/a.tar",
        "save --list FOLDER/good.txt --output FOLDER/a.tar --mirror u:CANARY@h=https://x",
        "save --list FOLDER/good.txt --output FOLDER/a.tar --mirror docker.io=https://u:CANARY@h",
        "save --list FOLDER/good.txt --output FOLDER/a.tar --mirror docker.io=h:CANARY@x:y",
        "save --list FOLDER/good.txt --output FOLDER/a.tar --plain-http u:CANARY@h",
        "save --list FOLDER/good.txt --output FOLDER/a.tar --trust-token-service"
            + " https://u:CANARY@h",
        "save --list FOLDER/good.txt --output FOLDER/a.tar --limit u:CANARY@h:x",
        "save --list FOLDER/good.txt --output FOLDER/a.tar --registries FOLDER/r.yaml",
        "sync --list FOLDER/good.txt --registry u:CANARY@h.invalid",
        "doctor --registry u:CANARY@h.invalid",
        "verify --list FOLDER/good.txt --registry u:CANARY@h.invalid",
      })
  void thatStandsInTheWrongPlace(String line) throws IOException {
    Files.writeString(folder.resolve("good.txt"), "a.invalid/b:1\n");
    Files.writeString(
        folder.resolve("list.txt"),
        """
        https://u:CANARY@h.example.com/a/b:1
        u:CANARY@h.example.com/a/b:1
        u:CANARY/x@h.example.com/a/b:1
        a.invalid/b:1 --password:CANARY@h
        """);
    Files.writeString(
        folder.resolve("r.yaml"), "configs:\n  h:\n    auth: {password: \"CANARY, x: [}\n");
    assertThat(Command.run("sample", "--output", folder.resolve("s.tar")).exitCode()).isZero();

    Command command = Command.run((Object[]) line.replace("FOLDER", folder.toString()).split(" "));

    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err()).startsWith("mirror-images: ").doesNotContain("CANARY");
    assertThat(command.out()).doesNotContain("CANARY");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "apiVersion: v1\nkind: Config\nusers:\n- name: me\n  user: {token: CANARY}\n",
        "machine h.lan login me password CANARY\n",
        "{\"auths\": {\"h.lan\": {\"auth\": \"CANARY\"}}}",
        "DB_HOST=h\nDB_PASSWORD=CANARY\n",
        "configs:\n  h.lan:\n    auth:\n      username: me\n      password: CANARY\n",
        "-----BEGIN PRIVATE KEY-----\nCANARYabc/def+CANARY\n-----END PRIVATE KEY-----\n",
        "skopeo copy --src-creds user:CANARY docker://a/b:c dir:x\n",
        "podman pull --creds u:CANARY a/b:c\nctr images pull --user u:CANARY docker.io/a/b:c\n",
        "oras pull -u admin -p CANARY a/b:c\ndocker pull a/b:c && echo CANARY | docker login\n",
        "docker pull a/b:c # pw CANARY\n",
        "busybox:latest CANARY\nbusybox:1,CANARY\nadmin:CANARY a/b:c\n",
        "- name: admin\n  user:\n    token: kubeconfig-u-1:CANARY\n",
        "a/b:v1\npassword: CANARY\nauth: CANARY\nDB_PASSWORD=CANARY\nlogin me password CANARY\n",
      })
  void ofAFileThatWasTakenForAList(String text) throws Exception {
    Path list = Files.writeString(folder.resolve("list.txt"), text.replace("CANARY", CANARY));
    List<Object> save = withFiles("save", "--list", list, "--output", work.resolve("images.tar"));
    save.addAll(List.of("--log-file", work.resolve("run.log")));
    for (String format : List.of("text", "json")) {
      List<Object> line = new ArrayList<>(save);
      line.addAll(List.of("--log-format", format));
      Command command = Command.run(line.toArray());

      assertThat(command.exitCode()).isEqualTo(2);
      assertThat(work.resolve("report.json")).content().contains("list.txt");
      checked(CANARY, command);
    }
  }

  private byte[] manifest() {
    String config = registry.addBlob("{}".getBytes(StandardCharsets.UTF_8));
    return "{\"schemaVersion\":2,\"config\":{\"digest\":\"%s\",\"size\":2},\"layers\":[]}"
        .formatted(config)
        .getBytes(StandardCharsets.UTF_8);
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
    all.addAll(List.of("--metrics", work.resolve(arguments[0] + ".prom")));
    return all;
  }

  private Command checked(String password, Command command) throws IOException {
    StringBuilder said = new StringBuilder(command.out() + command.err());
    try (Stream<Path> files = Files.list(work)) {
      for (Path file : files.toList()) {
        said.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    assertThat(said.toString()).contains("\"exitCode\"").doesNotContain(secrets(password));
    command.complaints();
    return command;
  }

  private static String[] secrets(String password) {
    return new String[] {
      password, base64(USER + ":" + password), base64(password), TOKEN, CANARY, "eyJhbGciOi"
    };
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
