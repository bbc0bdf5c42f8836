package io.mirrorimages.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.cli.Command;
import io.mirrorimages.cli.command.check.ImageVerdict;
import io.mirrorimages.image.Json;
import io.mirrorimages.job.check.AttemptAnswer.AttemptState;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.testing.Authority;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.tls.CertifiedKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What check asks, and what it says of the answers. */
class CheckCommandTest {
  private static final Path PAGE = Path.of("src/site/markdown/check.md");
  private static final String BEGIN = "<!-- begin of the table of findings -->\n\n";
  private static final String END = "\n<!-- end of the table of findings -->";
  private static final String TYPE = "application/vnd.oci.image.index.v1+json";
  private static final byte[] MANIFEST =
      ("{\"schemaVersion\":2,\"mediaType\":\"" + TYPE + "\",\"manifests\":[]}")
          .getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private FaultyRegistry mirror;
  private FaultyRegistry second;
  // The registry itself, so that no test leaves this machine.
  private FaultyRegistry origin;

  @BeforeEach
  void start() throws IOException {
    mirror = new FaultyRegistry();
    second = new FaultyRegistry();
    origin = new FaultyRegistry();
  }

  @AfterEach
  void stop() {
    mirror.close();
    second.close();
    origin.close();
  }

  @Test
  void anImageIsAskedForAsTheNodeDoesAndItsDigestCompared() throws Exception {
    String digest = put(mirror, "hub/library/nginx");
    String file = mirrors("rewrite: {^(.*)$: hub/$1}");

    Command good = check(file, "--json", "nginx:1");
    assertThat(good.exitCode()).as(good.out() + good.err()).isZero();
    JsonNode images = json(good).path("images");
    assertThat(images.size()).isEqualTo(2);
    for (JsonNode image : images) {
      assertThat(image.path("outcome").stringValue()).isEqualTo("found");
      JsonNode first = image.path("attempts").path(0);
      assertThat(first.path("url").stringValue())
          .isEqualTo(mirror.url("/v2/hub/library/nginx/manifests/1"));
      assertThat(first.path("digest").stringValue()).isEqualTo(digest);
      assertThat(image.path("attempts").path(1).path("state").stringValue())
          .isEqualTo("not-reached");
    }
    assertThat(mirror.seen("HEAD", "/manifests/1"))
        .isNotEmpty()
        .allMatch(seen -> seen.target().endsWith("?ns=docker.io"));
  }

  @Test
  void anotherDigestThanThatOfTheArchiveIsAFailure() throws Exception {
    Path archive = folder.resolve("sample.tar");
    assertThat(Command.run("sample", "-o", archive).exitCode()).isZero();
    String first = Command.run("list", archive).out().lines().findFirst().orElseThrow();
    String path = first.replaceFirst("^docker.io/", "").replaceFirst(":.*", "");
    String tag = first.replaceFirst(".*:", "");
    String digest = mirror.addManifest(path, tag, MANIFEST, TYPE);

    Command command = check(mirrors(""), "--archive", archive.toString(), first);

    assertThat(command.exitCode()).isEqualTo(1);
    assertThat(words(command.out()))
        .contains("found with another digest than expected (" + digest + ", not sha256:")
        .contains("2 with another digest");
  }

  @Test
  void everyAttemptIsShownAndTheNextOneAskedAfterAnError() throws Exception {
    put(second, "a/b");
    mirror
        .on("HEAD", ".*/manifests/.*", FaultyRegistry.status(503, ""))
        .on("GET", ".*/manifests/.*", FaultyRegistry.status(503, ""));
    String file =
        "mirrors: {\"%s\": {endpoint: [\"http://%s\", \"http://%s\"]}}"
            .formatted(origin.name(), mirror.name(), second.name());
    Command command = check(file, "--json", image("a/b:1"));
    assertThat(command.exitCode()).as(command.out()).isZero();
    JsonNode attempts = json(command).path("images").path(0).path("attempts");
    assertThat(attempts.path(0).path("state").stringValue()).isEqualTo("failed");
    assertThat(attempts.path(0).path("text").stringValue()).contains("503");
    assertThat(attempts.path(1).path("state").stringValue()).isEqualTo("found");
  }

  @Test
  void aServerThatFailsAtOneImageIsAskedForTheOthers() throws Exception {
    put(mirror, "a/b");
    mirror
        .on("HEAD", "/v2/broken/.*", FaultyRegistry.status(503, ""))
        .on("GET", "/v2/broken/.*", FaultyRegistry.status(503, ""));
    String file =
        "mirrors: {\"%s\": {endpoint: [\"http://%s\"]}}".formatted(origin.name(), mirror.name());

    Command command = check(file, "--json", image("broken/x:1"), image("a/b:1"));

    JsonNode images = json(command).path("images");
    // Of each of the two readers of the node.
    for (int first : List.of(0, 2)) {
      assertThat(attempt(images, first).path("text").stringValue()).contains("503");
      assertThat(attempt(images, first + 1).path("state").stringValue()).isEqualTo("found");
    }
  }

  private static JsonNode attempt(JsonNode images, int image) {
    return images.path(image).path("attempts").path(0);
  }

  @Test
  void aProjectThatIsPrivateForTheAnonymousIsFound() throws Exception {
    put(mirror, "proj/a/b");
    mirror.unlessAuthorized(
        value -> value.startsWith("Basic "),
        FaultyRegistry.status(401, "", "WWW-Authenticate: Basic realm=\"x\""));
    String file =
        "mirrors: {\"%s\": {endpoint: [\"http://%s/v2/proj\"]}}\n"
            .formatted(origin.name(), mirror.name());
    Command anonymous = check(file, image("a/b:1"));
    assertThat(anonymous.exitCode()).as(anonymous.out()).isNotZero();
    assertThat(words(anonymous.out()))
        .contains("/proj refuses anonymous pulls of 1 image", "[private-project]")
        .contains("DENIED", "denies access to " + mirror.name() + "/proj/a/b")
        .contains("Nodes can't pull some images: correct what the attempts say")
        .doesNotContain(
            "docker login", "--username", "NOT FOUND", "Correct the lines", "load them");

    String login =
        "configs: {\"%s\": {auth: {username: robot$pull, password: hunter2}}}"
            .formatted(mirror.name());
    Command known = check(file + login, image("a/b:1"));
    assertThat(known.exitCode()).as(known.out()).isZero();
    assertThat(known.out()).contains("user robot$pull").doesNotContain("hunter2");
  }

  @Test
  void whatNoMirrorHasIsSaidOnceForAllImages() throws Exception {
    Command command =
        check(
            mirrors(""),
            "--disable-default-endpoint",
            image("a/b:1"),
            image("a/c:1"),
            image("a/d:1"));
    assertThat(command.exitCode()).isEqualTo(1);
    assertThat(words(command.out()))
        .containsOnlyOnce("kubelet pulls (containerd) 3 images of " + origin.name() + ": NOT FOUND")
        .contains(
            "does not have 3 images", "[incomplete-mirror]", "3 images for 2 readers: 6 not found");
    assertThat(command.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(words(command.out()))
        .contains("load them at the place of the first attempt")
        .doesNotContain("Correct the lines with errors");
  }

  @Test
  void aServerThatDoesNotAnswerIsExitCodeThree() throws Exception {
    String file = mirrors("");
    mirror.close();
    origin.close();
    Command command = check(file, image("a/b:1"));
    assertThat(command.exitCode()).as(command.out()).isEqualTo(3);
    assertThat(command.out()).contains("= failed: ", "FAILED", "2 failed;");
    assertThat(words(command.out())).doesNotContain("NOT FOUND", "load them");
    assertThat(check(file + "\ntoken: x\n", image("a/b:1")).exitCode()).as("wrong file").isOne();
  }

  @Test
  void aServerThatRefusesALoginWasAsked() throws Exception {
    for (FaultyRegistry registry : List.of(mirror, origin)) {
      registry.on("*", ".*", FaultyRegistry.status(401, "", "WWW-Authenticate: Basic realm=\"x\""));
    }
    String login = "\nconfigs: {\"%s\": {auth: {username: a, password: b}}}\n";
    String file = mirrors("") + login.formatted(mirror.name());
    Command command = check(file, image("a/b:1"));
    assertThat(command.exitCode()).as(command.out()).isOne();
    assertThat(command.out()).contains("DENIED").doesNotContain("[private-project]");
  }

  @Test
  void aWebServerIsNoRegistryThatLacksTheImage() throws Exception {
    for (FaultyRegistry registry : List.of(mirror, origin)) {
      registry.on(
          "*", ".*", FaultyRegistry.status(404, "<html></html>", "Content-Type: text/html"));
    }
    Command command = check(mirrors(""), image("a/b:1"));
    assertThat(command.out()).contains("FAILED", "with a web page").doesNotContain("NOT FOUND");
    assertThat(command.exitCode()).as(command.out()).isEqualTo(3);
  }

  @Test
  void aServerThatIsSilentIsNamedSoonAndWaitedForOnce() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    mirror.on("*", ".*", exchange -> await(end));
    put(origin, "a/b");
    put(origin, "a/c");
    long began = System.nanoTime();
    Command command =
        check(mirrors(""), "--patience", "1s", "--json", image("a/b:1"), image("a/c:1"));
    long took = Duration.ofNanos(System.nanoTime() - began).toMillis();
    end.countDown();

    assertThat(command.exitCode()).as(command.out()).isZero();
    assertThat(command.err().lines())
        .singleElement()
        .asString()
        .startsWith("mirror-images: " + mirror.name() + ": no answer yet; waiting until ");
    assertThat(json(command).path("images").findValuesAsString("state"))
        .containsExactly(
            "failed", "found", "failed", "found", "failed", "found", "failed", "found");
    // Each of the two images is asked for at the same time, and not again for the second reader.
    assertThat(mirror.seen("HEAD", "/manifests/").size()).isEqualTo(2);
    assertThat(took).isGreaterThanOrEqualTo(1000);
  }

  /** Neither its usage nor its name shows that it is a server's: it is for another name. */
  @Test
  void aClientCertificateThatTheServerItselfPresentsIsFound() throws Exception {
    Authority authority = new Authority(folder);
    Authority.Issued shown = authority.issue("other.lan", true, 30);
    Authority.Issued own = authority.issue("node.lan", true, 30);
    SSLContext tls = CertifiedKey.serverContext(shown.certificate(), shown.key());
    try (FaultyRegistry harbor = new FaultyRegistry(tls)) {
      String file =
          """
          mirrors: {"%s": {endpoint: ["https://%s"]}}
          configs:
            "%s":
              tls:
                cert_file: %s
                key_file: %s
          """;
      String wrong =
          file.formatted(
              origin.name(), harbor.name(), harbor.name(), shown.certificate(), shown.key());
      String right =
          file.formatted(origin.name(), harbor.name(), harbor.name(), own.certificate(), own.key());

      assertThat(words(check(wrong, image("a/b:1")).out()))
          .containsPattern("registries.yaml:[56]: error: cert_file is the certificate that ")
          .containsOnlyOnce(
              "cert_file is the certificate that "
                  + harbor.name()
                  + " itself presents, not of a client:")
          .contains("[server-certificate]");
      assertThat(check(wrong, "--offline", image("a/b:1")).out()).doesNotContain("certificate]");
      assertThat(check(right, image("a/b:1")).out()).doesNotContain("[server-certificate]");
    }
  }

  @Test
  void patienceIsATime() throws Exception {
    assertThat(check(mirrors(""), "--patience", "soon", "nginx").complaint(2))
        .contains("a time from 1s to 1d");
  }

  @Test
  void aFileThatIsNoTextIsOneLine() throws Exception {
    Path archive = Files.write(folder.resolve("l.tar"), new byte[] {(byte) 0xff, (byte) 0xfe});
    String complaint = Command.run("check", "--registries", archive, "busybox").err();
    assertThat(complaint.lines()).singleElement().asString().contains("bytes that are no text");
  }

  @Test
  void aHostThatIsAskedTwiceIsCountedOnce() throws Exception {
    mirror.unlessAuthorized(
        value -> false, FaultyRegistry.status(401, "", "WWW-Authenticate: Basic realm=\"x\""));
    Path tree = folder.resolve("certs.d");
    Files.writeString(
        Files.createDirectories(tree.resolve("quay.io")).resolve("hosts.toml"),
        "server = \"http://%s\"\n[host.\"http://%s\"]\n".formatted(mirror.name(), mirror.name()));
    Command command = Command.run("check", "--certs-d", tree, "quay.io/a/b:1");
    assertThat(words(command.out())).contains("refuses anonymous pulls of 1 image:");
  }

  @Test
  void offlineNothingIsAsked() throws Exception {
    Command command = check(mirrors(""), "--offline", image("a/b:1"));
    assertThat(command.exitCode()).isZero();
    assertThat(command.out()).contains("not asked", "1 image for 2 readers: 2 resolved");
    assertThat(mirror.seen()).isEmpty();
  }

  @Test
  void anErrorInTheFileIsExitCodeOne() throws Exception {
    Command command =
        check("h.lan:\nendpoint:\n- https://h.lan\n", "--offline", "--json", image("a/b:1"));
    assertThat(command.exitCode()).isEqualTo(1);
    assertThat(json(command).path("findings").findValuesAsString("name")).contains("flattened");
  }

  @Test
  void theImagesOfTheSystemDefaultRegistryAreRenamed() throws Exception {
    Command command =
        check(
            "mirrors: {docker.io: {endpoint: [\"http://h.lan\"]}}",
            "--offline",
            "--system-default-registry",
            "h.lan",
            "rancher/shell:v1");
    assertThat(command.exitCode()).isEqualTo(1);
    assertThat(command.out())
        .contains("[system-default-http]", "https://h.lan/v2/rancher/shell/manifests/v1");
  }

  @Test
  void whatIsMissingOnTheCommandLineIsSaid() throws Exception {
    assertThat(Command.run("check", "nginx").complaint(2)).contains("--registries");
    assertThat(check("").complaint(2)).contains("--list");
    Path empty = Files.writeString(folder.resolve("empty.txt"), "");
    assertThat(check("", "--list", empty.toString()).complaint(2)).contains("no images in ");
    assertThat(check("", "NGINX:").complaint(2)).contains("not an image");
  }

  @Test
  void theDocumentShowsTheTableOfFindings() throws IOException {
    String page = Files.readString(PAGE);
    String shown = page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END));
    String table =
        Arrays.stream(FindingKind.values())
            .map(
                kind ->
                    "| `%s` | %s | %s |\n"
                        .formatted(kind.label(), kind.severity().label(), kind.meaning()))
            .collect(
                Collectors.joining(
                    "", "| name | severity | what it is |\n| --- | --- | --- |\n", ""));
    assertThat(shown).as("the table in %s; put the expected text there", PAGE).isEqualTo(table);
  }

  @Test
  void theDocumentShowsTheVerdictsAndTheStatesOfAttempts() throws IOException {
    String page = Files.readString(PAGE);
    String begin = BEGIN.replace("findings", "verdicts");
    String end = END.replace("findings", "verdicts");
    String shown = page.substring(page.indexOf(begin) + begin.length(), page.indexOf(end));
    String table =
        Arrays.stream(ImageVerdict.values())
            .map(verdict -> "| `%s` | %s |\n".formatted(verdict.words(), verdict.meaning()))
            .collect(Collectors.joining("", "| verdict | what it means |\n| --- | --- |\n", ""));
    assertThat(shown).as("the table in %s; put the expected text there", PAGE).isEqualTo(table);
    for (AttemptState state : AttemptState.values()) {
      assertThat(page).contains("`" + state.label() + "`");
    }
  }

  /** Masked words would be those of the message itself. */
  @Test
  void aPlaceholderIsNamedInWordsThatAreNotMasked() throws Exception {
    String auth =
        "configs: {\"%s\": {auth: {auth: dXNlcjpwYXNzd29yZA==}}}".formatted(mirror.name());
    String out = words(check(mirrors("") + "\n" + auth, image("a/b:1")).out());
    assertThat(out).contains("the credentials are still a placeholder").doesNotContain("***");
  }

  @Test
  void offlineTheEmbeddedRegistryIsOneThatWasNotAsked() throws Exception {
    Command command =
        check(
            "mirrors: {quay.io: }",
            "--embedded-registry",
            "--disable-default-endpoint",
            "--offline",
            "quay.io/a/b:1");
    assertThat(command.exitCode()).as(command.out()).isZero();
    assertThat(command.out()).contains("https://127.0.0.1:6443/v2/a/b/manifests/1");
  }

  @Test
  void theVersionWhoseRulesHoldIsSaid() throws Exception {
    String file = "mirrors: {docker.io: {endpoint: [\"https://h.lan\"]}}";
    assertThat(words(check(file, "--offline", "rancher/shell:v1").out()))
        .contains(
            "registries.yaml was read as K3s and RKE2 v1.36 do; --node-version takes another");
    Command old = check(file, "--offline", "--node-version", "v1.25.3+k3s1", "rancher/shell:v1");
    assertThat(words(old.out())).contains("[version-dependent]").doesNotContain("--node-version");
    assertThat(check(file, "--node-version", "latest", "rancher/shell:v1").complaint(2))
        .contains("--node-version takes a version of K3s or RKE2, as v1.31.5+rke2r1");
  }

  private String mirrors(String more) {
    String host = mirror.name();
    return "mirrors: {\"*\": {endpoint: [\"http://%s\"]%s}}"
        .formatted(host, more.isEmpty() ? "" : ", " + more);
  }

  private String image(String rest) {
    return origin.name() + "/" + rest;
  }

  private Command check(String file, String... arguments) throws IOException {
    Path registries = Files.writeString(folder.resolve("registries.yaml"), file);
    String[] all = new String[arguments.length + 3];
    all[0] = "check";
    all[1] = "--registries";
    all[2] = registries.toString();
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return Command.run((Object[]) all);
  }

  private static String put(FaultyRegistry registry, String repository) {
    return registry.addManifest(repository, "1", MANIFEST, TYPE);
  }

  private static void await(CountDownLatch end) throws IOException {
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static JsonNode json(Command command) {
    return Json.MAPPER.readTree(command.out());
  }

  private static String words(String text) {
    return text.replaceAll("\\s+", " ");
  }
}
