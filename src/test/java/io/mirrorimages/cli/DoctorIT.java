package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Json;
import io.mirrorimages.testing.Authority;
import io.mirrorimages.testing.ConnectProxy;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.Nginx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What doctor says of real registries, and of a real proxy with TLS and limits before one. */
class DoctorIT {
  @TempDir private static Path authorities;
  private static Authority authority;
  private static DockerRegistry registry;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws IOException {
    authority = new Authority(authorities);
    registry = DockerRegistry.open();
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  @Test
  void aRegistryThatIsWellGetsNoFailureAndKeepsNothing() throws Exception {
    Path stored = folder.resolve("stored");
    try (DockerRegistry empty = DockerRegistry.storingIn(stored)) {
      Command doctor = doctor(empty.name() + "/mirror");

      assertThat(doctor.exitCode()).as(doctor.out()).isZero();
      assertThat(doctor.out())
          .contains("ok       DNS         localhost is ")
          .contains("ok       connection  " + empty.name() + " takes connections")
          .contains(
              "ok       upload      a request of 32 MiB is taken; the upload was given up again")
          .endsWith("0 failures, 0 warnings" + System.lineSeparator());
      // What distribution 2.8 leaves of every upload that is given up: how far its hash was.
      assertThat(files(stored))
          .noneMatch(file -> file.contains("/blobs/"))
          .noneMatch(file -> file.contains("/_layers/"))
          .noneMatch(file -> file.contains("/_manifests/"))
          .noneMatch(file -> file.endsWith("/data"));
    }
  }

  @Test
  void aNameThatNobodyKnowsIsAFailureAndTheRestIsSkipped() {
    Command doctor = doctor("harbor.invalid");

    assertThat(doctor.exitCode()).isEqualTo(1);
    assertThat(line(doctor, "DNS")).startsWith("failure").contains("harbor.invalid is not known");
    assertThat(line(doctor, "upload"))
        .startsWith("skipped")
        .endsWith("not looked at after the failure of DNS");
  }

  @Test
  void aPortWhereNothingListensIsAFailure() throws Exception {
    DockerRegistry gone = DockerRegistry.open();
    gone.close();

    Command doctor = doctor(gone.name());

    assertThat(doctor.exitCode()).isEqualTo(1);
    assertThat(line(doctor, "connection")).startsWith("failure").contains("connection refused");
  }

  @Test
  void anAddressWhereNothingListensAndPlainHttpAreWarnings() throws Exception {
    Path hosts =
        Files.writeString(
            folder.resolve("hosts"), "127.0.0.2 two.example\n127.0.0.1 two.example\n");

    Command doctor =
        Program.in(folder)
            .with("jdk.net.hosts.file", hosts)
            .run(
                arguments(
                    registry.name().replace("localhost", "two.example"),
                    "--plain-http",
                    "--probe-size",
                    1));

    assertThat(doctor.exitCode()).as(doctor.out()).isZero();
    assertThat(line(doctor, "DNS")).contains("two.example is 127.0.0.2, 127.0.0.1");
    assertThat(line(doctor, "connection")).startsWith("warning").contains("but not at 127.0.0.2");
    assertThat(line(doctor, "TLS")).startsWith("warning").contains("plain http");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "localhost     | true  | 400 | ok      | certificate of CN=localhost by CN=Test-CA",
        "localhost     | true  | 9   | warning | expires in 8 days",
        "localhost     | true  | -1  | failure | CN=localhost expired on",
        "other.example | true  | 400 | failure | is for other.example, not for localhost: ask for",
        "localhost     | false | 400 | warning | has no subject alternative name",
      })
  void certificatesAreJudged(String name, boolean san, int days, String verdict, String said)
      throws Exception {
    try (Nginx front = Nginx.before(registry, Optional.of(authority.issue(name, san, days)), "0")) {
      Command doctor = doctor(front.name(), "--ca-file", authority.certificate());

      assertThat(line(doctor, "TLS", verdict)).as(doctor.out()).contains(said);
      assertThat(doctor.exitCode()).isEqualTo(verdict.equals("failure") ? 1 : 0);
    }
  }

  @Test
  void allThatIsWrongWithACertificateIsSaidAtOnce() throws Exception {
    Authority.Issued bad = authority.issue("other.example", true, -1);
    try (Nginx front = Nginx.before(registry, Optional.of(bad), "0")) {
      Command doctor = doctor(front.name());

      assertThat(doctor.out().lines().filter(line -> line.startsWith("failure  TLS")))
          .hasSize(3)
          .anyMatch(line -> line.contains("is for other.example"))
          .anyMatch(line -> line.contains("expired"))
          .anyMatch(line -> line.contains("signed by CN=Test-CA") && line.contains("--ca-file"));
      assertThat(line(doctor, "login")).startsWith("skipped");

      Command blind = doctor(front.name(), "--insecure-skip-verify");
      assertThat(blind.exitCode()).as(blind.out()).isZero();
      assertThat(line(blind, "TLS", "warning")).contains("--insecure-skip-verify");
      assertThat(line(blind, "upload")).startsWith("ok");
    }
  }

  @Test
  void plainHttpWhereHttpsIsMeantAndAMissingClientCertificateAreSaid() throws Exception {
    Command plain = doctor(registry.name(), "--ca-file", authority.certificate());
    assertThat(line(plain, "TLS")).startsWith("failure").contains("--plain-http");

    try (DockerRegistry mutual = DockerRegistry.withClientCertificates()) {
      assertThat(line(doctor(mutual.name()), "TLS", "failure"))
          .contains("self-signed, and not known here: copy it", "--ca-file");
      Command stranger = doctor(mutual.name(), "--ca-file", mutual.certificate());
      assertThat(stranger.out()).containsPattern("failure +(TLS|registry) .*--cert-file");

      Command known =
          doctor(
              mutual.name(),
              "--ca-file",
              mutual.certificate(),
              "--cert-file",
              mutual.certificate(),
              "--key-file",
              mutual.key());
      assertThat(known.exitCode()).as(known.out()).isZero();
      assertThat(line(known, "TLS", "warning")).contains("expires in 1 day");
    }
  }

  @Test
  void theWayThroughAProxyIsTakenApartToo() throws Exception {
    Authority.Issued own = authority.issue("registry.example", true, 398);
    try (Nginx front = Nginx.before(registry, Optional.of(own), "0");
        ConnectProxy proxy = new ConnectProxy("u:s3cret", front.port())) {
      Object[] arguments =
          arguments("registry.example", "--ca-file", authority.certificate(), "--probe-size", 1);
      Command doctor =
          Program.in(folder)
              .withVariable("HTTPS_PROXY", "http://u:s3cret@" + proxy.name())
              .run(arguments);

      assertThat(doctor.exitCode()).as(doctor.out() + doctor.err()).isZero();
      assertThat(line(doctor, "DNS")).contains("left to the proxy " + proxy.name());
      assertThat(line(doctor, "connection"))
          .contains("registry.example:443 takes connections, through the proxy " + proxy.name());
      assertThat(line(doctor, "TLS")).startsWith("ok").contains("CN=registry.example");
      assertThat(line(doctor, "upload")).startsWith("ok");

      Command refused =
          Program.in(folder)
              .withVariable("HTTPS_PROXY", "http://u:wr0ng@" + proxy.name())
              .run(arguments);
      assertThat(line(refused, "connection")).startsWith("failure").contains("407", "HTTPS_PROXY");
      assertThat(doctor.out() + refused.out() + refused.err()).doesNotContain("s3cret", "wr0ng");
    }
  }

  @Test
  void theLimitOfAProxyIsFoundWithItsRemedy() throws Exception {
    Authority.Issued own = authority.issue("localhost", true, 399);
    try (Nginx front = Nginx.before(registry, Optional.of(own), "10m")) {
      Command doctor = doctor(front.name(), "--ca-file", authority.certificate());

      assertThat(doctor.exitCode()).isEqualTo(1);
      assertThat(line(doctor, "upload"))
          .startsWith("failure")
          .contains("a request of 32 MiB is answered 413, one of 8 MiB is taken")
          .contains("client_max_body_size 0", "proxy-body-size", "--chunk-size 8");
      Command smaller =
          doctor(front.name(), "--ca-file", authority.certificate(), "--chunk-size", 4);
      assertThat(smaller.exitCode()).as(smaller.out()).isZero();
    }
  }

  @Test
  void aRegistryThatWantsAPasswordIsGivenOne() throws Exception {
    try (DockerRegistry closed = DockerRegistry.withPassword()) {
      Command nobody = doctor(closed.name());
      assertThat(nobody.exitCode()).isEqualTo(1);
      assertThat(line(nobody, "login")).startsWith("failure").contains("--username");

      Command wrong = as("wrong secret", closed);
      assertThat(wrong.exitCode()).isEqualTo(1);
      assertThat(line(wrong, "login")).startsWith("failure").contains("refuses user carol");
      assertThat(wrong.out() + wrong.err()).doesNotContain("wrong secret");

      Command right = as(DockerRegistry.PASSWORD, closed, "--json");
      assertThat(right.exitCode()).as(right.out()).isZero();
      JsonNode found = Json.MAPPER.readTree(right.out());
      assertThat(found.path("failures").asInt(-1)).isZero();
      assertThat(found.path("checks"))
          .anySatisfy(
              check -> {
                assertThat(check.path("subject").asString()).isEqualTo("login");
                assertThat(check.path("verdict").asString()).isEqualTo("ok");
                assertThat(check.path("finding").asString()).isEqualTo("user carol is accepted");
              });
      assertThat(right.out()).doesNotContain(DockerRegistry.PASSWORD);
    }
  }

  @Test
  void aRegistryThatTakesNothingIsAFailure() throws Exception {
    try (DockerRegistry readOnly = DockerRegistry.open()) {
      readOnly.readOnly(true);
      readOnly.restart();

      Command doctor = doctor(readOnly.name());

      assertThat(doctor.exitCode()).isEqualTo(1);
      assertThat(line(doctor, "upload")).startsWith("failure").contains("405", "an upload to");
    }
  }

  @Test
  void aFolderThatCanNotHoldTheStateIsSaid() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");

    Command doctor =
        Command.run("doctor", "--registry", registry.name(), "--state", file.resolve("state"));

    assertThat(doctor.exitCode()).isEqualTo(1);
    assertThat(line(doctor, "state")).startsWith("failure").contains("is no folder", "--state");
  }

  @Test
  void mediaTypesThatTheRegistryRefusesAreAFailure() throws Exception {
    Path archive = folder.resolve("sample.tar");
    assertThat(Command.run("sample", "--output", archive).exitCode()).isZero();
    try (FaultyRegistry zot = new FaultyRegistry()) {
      zot.on(
          "PUT",
          "/manifests/",
          exchange -> {
            boolean docker =
                exchange.getRequestHeaders().getFirst("Content-Type").contains(".docker.");
            FaultyRegistry.respond(exchange, docker ? 415 : 400, new byte[0]);
          });

      Command doctor = doctor(zot.name(), "--archive", archive);

      assertThat(doctor.exitCode()).isEqualTo(1);
      assertThat(line(doctor, "images"))
          .startsWith("failure")
          .contains("of the 6 images can't be stored", "415", ".docker.", "docker2s2");
      assertThat(doctor.out()).doesNotContain("oci.image.manifest");
    }
  }

  @Test
  void imagesThatTheRegistryTakesAreTriedWithoutATrace() throws Exception {
    Path archive = folder.resolve("sample.tar");
    assertThat(Command.run("sample", "--output", archive).exitCode()).isZero();
    Path stored = folder.resolve("stored");
    try (DockerRegistry empty = DockerRegistry.storingIn(stored)) {
      Command doctor = doctor(empty.name() + "/mirror", "--archive", archive);

      assertThat(line(doctor, "images")).startsWith("ok").contains("no media type");
      assertThat(doctor.exitCode()).as(doctor.out()).isZero();
    }
    assertThat(files(stored))
        .noneMatch(file -> file.contains("/_manifests/") || file.contains("/blobs/"));
  }

  @Test
  void wrongUsageIsItsOwnExitCode() {
    assertThat(Command.run("doctor").complaint(2)).contains("--registry");
    assertThat(Command.run("doctor", "--registry", "a.b", "--probe-size", 0).complaint(2))
        .contains("--probe-size");
    assertThat(Command.run("doctor", "--registry", "a.b", "--list", "absent.txt").complaint(2))
        .contains("absent.txt");
  }

  private Command as(String password, DockerRegistry at, Object... more) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream((password + "\n").getBytes(StandardCharsets.UTF_8)));
    try {
      List<Object> all = new ArrayList<>(List.of(more));
      all.addAll(List.of("--username", DockerRegistry.USER, "--password-stdin"));
      return doctor(at.name(), all.toArray());
    } finally {
      System.setIn(before);
    }
  }

  private Command doctor(Object registry, Object... more) {
    return Command.run(arguments(registry, more));
  }

  private Object[] arguments(Object name, Object... more) {
    List<Object> all =
        new ArrayList<>(List.of("doctor", "--registry", name, "--state", folder.resolve("state")));
    all.addAll(List.of(more));
    return all.toArray();
  }

  /** The first line about a subject. */
  static String line(Command doctor, String subject) {
    return line(doctor, subject, "");
  }

  /** The line about a subject that begins with the verdict. */
  static String line(Command doctor, String subject, String verdict) {
    return doctor
        .out()
        .lines()
        .filter(line -> line.startsWith(verdict) && line.startsWith(subject + " ", 9))
        .findFirst()
        .orElse("no line of " + subject + " in: " + doctor.out() + doctor.err());
  }

  /** The files that a registry has, but for those that it makes when it starts. */
  private static List<String> files(Path stored) throws IOException {
    if (!Files.exists(stored)) {
      return List.of();
    }
    try (var all = Files.walk(stored)) {
      return all.filter(Files::isRegularFile).map(Path::toString).toList();
    }
  }
}
