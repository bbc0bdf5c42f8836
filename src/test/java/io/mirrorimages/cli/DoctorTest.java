package io.mirrorimages.cli;

import static io.mirrorimages.cli.DoctorIT.line;
import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.OtherClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What doctor says of servers that no installed one can be made to be. */
class DoctorTest {
  private static final String PATCH_TAKEN = "Range: 0-65535";

  @TempDir private Path folder;
  private FaultyRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = new FaultyRegistry();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PT0S    | ok      | the same as here",
        "PT40S   | ok      | s ahead of this machine's",
        "PT10M   | warning | ahead of this machine's: set the wrong one (NTP)",
        "PT-300H | warning | 12 days behind this machine's",
      })
  void aClockThatIsWrongIsAWarning(Duration ahead, String verdict, String said) throws Exception {
    try (OtherClock other = new OtherClock(ahead)) {
      assertThat(line(doctorOf(other.name()), "clock")).startsWith(verdict).contains(said);
    }
  }

  @Test
  void aTokenServiceWithAnotherClockThanTheRegistryIsAFailure() throws Exception {
    try (OtherClock other = new OtherClock(Duration.ofMinutes(-5))) {
      registry.on(
          "GET", "^/v2/$", FaultyRegistry.status(401, "", bearer("http://" + other.name())));

      Command doctor = doctor();

      assertThat(doctor.exitCode()).isEqualTo(1);
      assertThat(line(doctor, "tokens"))
          .startsWith("failure")
          .contains("behind the registry's, which refuses tokens");
      assertThat(line(doctor, "login")).startsWith("skipped");
    }
  }

  @Test
  void aTokenServiceInAnotherPlaceOrOutOfOrderIsSaid() {
    String elsewhere = registry.url("/token").replace("127.0.0.1", "localhost");
    registry
        .on("GET", "^/v2/$", FaultyRegistry.status(401, "", bearer(elsewhere)))
        .on("GET", "^/token", FaultyRegistry.status(503, ""));

    assertThat(line(doctor(), "tokens"))
        .startsWith("failure")
        .contains("not public", "--trust-token-service localhost:");
    assertThat(line(doctor("--trust-token-service", "localhost"), "tokens", "failure"))
        .contains("answers 503");
  }

  @Test
  void whatIsNoRegistryIsAFailure() {
    // It is asked twice: on loopback the scheme is found out first.
    registry
        .on("GET", "^/v2/$", 2, FaultyRegistry.status(200, "<p>", "Content-Type: text/html"))
        .on("GET", "^/v2/$", FaultyRegistry.status(502, ""));

    assertThat(line(doctor(), "registry"))
        .startsWith("failure")
        .contains("a web page", "check the host and the port");
    assertThat(line(doctor(), "registry")).startsWith("failure").contains("502", "logs");
  }

  @Test
  void anUploadThatMayNotBeGivenUpIsLeftToTheRegistry() {
    registry
        .on("PATCH", "", FaultyRegistry.status(202, "", PATCH_TAKEN))
        .on("DELETE", "", FaultyRegistry.status(405, ""));

    Command doctor = doctor("--probe-size", 1);

    assertThat(doctor.exitCode()).as(doctor.out()).isZero();
    assertThat(doctor.out())
        .contains("a request of 1 MiB is taken" + System.lineSeparator())
        .contains("it will clear away by itself");
  }

  @Test
  void aRegistryThatTakesNoChunksCanNotBeTried() {
    registry.on("PATCH", "", FaultyRegistry.status(405, ""));

    Command doctor = doctor();

    assertThat(doctor.exitCode()).as(doctor.out()).isZero();
    assertThat(line(doctor, "upload")).startsWith("skipped").contains("in one piece only");
  }

  @Test
  void aProxyThatLosesPatienceIsAFailure() {
    registry
        .on("PATCH", "", 1, FaultyRegistry.status(202, "", PATCH_TAKEN))
        .on("PATCH", "", FaultyRegistry.status(504, "<p>", "Content-Type: text/html"));

    Command doctor = doctor();

    assertThat(doctor.exitCode()).isEqualTo(1);
    assertThat(line(doctor, "upload")).startsWith("failure").contains("is not taken", "504");
  }

  @Test
  void aLimitThatIsSmallerThanAnyChunkIsToBeLifted() {
    registry.on("PATCH", "", FaultyRegistry.status(413, "<p>", "Content-Type: text/html"));

    Command doctor = doctor();

    assertThat(line(doctor, "upload"))
        .startsWith("failure")
        .contains("a request of 64 KiB is answered 413: lift the limit")
        .doesNotContain("--chunk-size");
  }

  private Command doctor(Object... more) {
    return doctorOf(registry.name(), more);
  }

  private Command doctorOf(String name, Object... more) {
    List<Object> all =
        new ArrayList<>(List.of("doctor", "--registry", name, "--state", folder.resolve("state")));
    all.addAll(List.of(more));
    return Command.run(all.toArray());
  }

  private static String bearer(String realm) {
    return "WWW-Authenticate: Bearer realm=\"" + realm + "\"";
  }
}
