package io.mirrorimages.doctor;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.route.EnvironmentProxy;
import io.mirrorimages.testing.OtherClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checks up to the login: name, connection, kind of server, clock, token service, user. */
class FirstChecksTest {
  private static CheckResult only(Check check) throws IOException {
    List<CheckResult> found = check.look();
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().subject()).isEqualTo(check.subject());
    return found.getFirst();
  }

  private static DoctorContext site(Registries registries, String registry) {
    return new DoctorContext(registries, registry, null);
  }

  private static String bearer(String realm) {
    return "WWW-Authenticate: Bearer realm=\"" + realm + "\"";
  }

  @Test
  void aNameIsLookedUpAndAnAddressIsNot() throws IOException {
    try (Registries registries = new Registries(TestSettings.quick())) {
      assertThat(only(new NameCheck(site(registries, "127.0.0.1:5000"))))
          .isEqualTo(CheckResult.ok(CheckId.DNS, "127.0.0.1 is an address, no name"));
      assertThat(only(new NameCheck(site(registries, "[::1]:5000"))).finding())
          .endsWith("is an address, no name");
      assertThat(only(new NameCheck(site(registries, "localhost:5000"))))
          .satisfies(found -> assertThat(found.verdict()).isEqualTo(Verdict.OK))
          .satisfies(found -> assertThat(found.finding()).startsWith("localhost is "));
    }
  }

  @Test
  void aNameIsLeftToTheProxy() throws IOException {
    EnvironmentProxy proxy =
        EnvironmentProxy.fromEnvironment(Map.of("HTTPS_PROXY", "http://proxy.example:3128"));
    try (Registries registries = new Registries(TestSettings.quick().with(proxy))) {
      assertThat(only(new NameCheck(site(registries, "harbor.example"))).finding())
          .startsWith("left to the proxy ")
          .contains("proxy.example:3128");
      assertThat(only(new NameCheck(site(registries, "localhost:5000"))).finding())
          .as("this machine is never behind a proxy")
          .startsWith("localhost is ");
    }
  }

  @Test
  void aConnectionIsMade() throws IOException {
    try (TestSite there = new TestSite()) {
      assertThat(only(new ConnectionCheck(there.site())))
          .isEqualTo(
              CheckResult.ok(CheckId.CONNECTION, there.registry.name() + " takes connections"));
      there.registry.close();
    }
    try (TestSite gone = new TestSite()) {
      gone.registry.close();
      assertThatThrownBy(() -> new ConnectionCheck(gone.site()).look())
          .isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | X: y | OK | a registry, but no Harbor: projects and quota are not asked for",
        "200 | Server: zot | OK | a registry, but no Harbor (its Server header: zot): projects",
        "401 | X: y | OK | a registry, but no Harbor",
        "200 | Content-Type: text/html | FAILURE | with a web page, status 200: it is not a reg",
        "401 | Content-Type: text/html | FAILURE | with a web page, status 401: it is not a reg",
        "404 | X: y | FAILURE | answered with status 404: it is not a registry: check the host",
        "502 | X: y | FAILURE | answered with status 502: look into the logs of the registry",
      })
  void tellsARegistryFromOtherServers(int status, String header, Verdict verdict, String text)
      throws IOException {
    try (TestSite there = new TestSite()) {
      there.registry.on("GET", "^/v2/$", status(status, "x", header));

      CheckResult found = only(new RegistryCheck(there.site()));

      assertThat(found.verdict()).isEqualTo(verdict);
      assertThat(found.text()).contains(text);
      assertThat(there.site().harbor()).isEmpty();
    }
  }

  @Test
  void knowsAHarborByItsPing() throws IOException {
    try (TestSite there = new TestSite()) {
      there.registry.on("GET", "/ping$", status(200, "Pong"));

      assertThat(only(new RegistryCheck(there.site())))
          .isEqualTo(CheckResult.ok(CheckId.REGISTRY, "a Harbor"));
      assertThat(there.site().harbor()).isPresent();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 s ahead of",
    "PT-90S, 90 s behind",
    "PT119S, 119 s ahead of",
    "PT120S, 2 min ahead of",
    "PT7199S, 119 min ahead of",
    "PT7200S, 2 h ahead of",
    "PT-172799S, 47 h behind",
    "PT172800S, 2 days ahead of"
  })
  void saysHowFarAClockIsOff(Duration ahead, String words) {
    assertThat(ClockCheck.words(ahead)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PT0S | OK | the registry's is the same as here",
        "PT-30S | OK | s behind this machine's",
        "PT90S | WARNING | s ahead of this machine's: set the wrong one (NTP)",
        "PT-90S | WARNING | s behind this machine's: set the wrong one (NTP)",
      })
  void comparesTheClocks(Duration ahead, Verdict verdict, String text) throws IOException {
    try (OtherClock there = new OtherClock(ahead);
        Registries registries = new Registries(TestSettings.quick())) {
      CheckResult found = only(new ClockCheck(site(registries, there.name())));

      assertThat(found.verdict()).isEqualTo(verdict);
      assertThat(found.text()).contains(text);
    }
  }

  @Test
  void aRegistryWithoutTokenServiceHasNoneToLookAt() throws IOException {
    try (TestSite there = new TestSite()) {
      assertThat(new TokensCheck(there.site()).look()).isEmpty();
      there.registry.on("GET", "^/v2/$", status(401, "", "WWW-Authenticate: Basic"));
    }
  }

  @ParameterizedTest
  @CsvSource({"200, OK", "401, OK", "400, OK", "404, FAILURE", "500, FAILURE", "503, FAILURE"})
  void aTokenServiceAnswers(int status, Verdict verdict) throws IOException {
    try (TestSite there = new TestSite()) {
      String service = there.registry.name();
      there
          .registry
          .on("GET", "^/v2/$", status(401, "", bearer(there.registry.url("/token"))))
          .on("GET", "^/token", status(status, ""));

      CheckResult found = only(new TokensCheck(there.site()));

      assertThat(found.verdict()).isEqualTo(verdict);
      assertThat(found.finding())
          .isEqualTo(
              "the token service at "
                  + service
                  + (verdict == Verdict.OK ? " answers" : " answers " + status));
    }
  }

  @Test
  void theTokenServicesClockIsComparedWithTheRegistrys() throws IOException {
    try (TestSite there = new TestSite();
        OtherClock right = new OtherClock(Duration.ofSeconds(-20));
        OtherClock wrong = new OtherClock(Duration.ofMinutes(5))) {
      there
          .registry
          .on("GET", "^/v2/$", 2, status(401, "", bearer("http://" + right.name())))
          .on("GET", "^/v2/$", status(401, "", bearer("http://" + wrong.name())));
      assertThat(only(new TokensCheck(there.site())).verdict()).isEqualTo(Verdict.OK);
    }
    try (TestSite there = new TestSite();
        OtherClock wrong = new OtherClock(Duration.ofMinutes(5))) {
      there.registry.on("GET", "^/v2/$", status(401, "", bearer("http://" + wrong.name())));

      assertThat(only(new TokensCheck(there.site())))
          .satisfies(found -> assertThat(found.verdict()).isEqualTo(Verdict.FAILURE))
          .satisfies(
              found ->
                  assertThat(found.finding())
                      .contains(wrong.name(), "ahead of the registry's, which refuses tokens"));
    }
  }

  @Test
  void nobodyIsFineWhereNobodyIsAskedFor() throws IOException {
    try (TestSite there = new TestSite()) {
      assertThat(only(new LoginCheck(there.site())))
          .isEqualTo(CheckResult.ok(CheckId.LOGIN, "not needed"));
    }
    try (TestSite there = new TestSite()) {
      there.registry.on("GET", "^/v2/$", status(401, "", "WWW-Authenticate: Basic realm=\"x\""));
      CheckResult found = only(new LoginCheck(there.site()));
      assertThat(found.verdict()).isEqualTo(Verdict.FAILURE);
      assertThat(found.text()).contains("none is known here: docker login, or {setting username}");
    }
    try (TestSite harbor = new TestSite().asHarbor()) {
      assertThat(only(new LoginCheck(harbor.site())).verdict()).isEqualTo(Verdict.FAILURE);
    }
  }

  @Test
  void aUserIsShownOnce() throws IOException {
    try (TestSite there = TestSite.ofUser()) {
      assertThat(only(new LoginCheck(there.site())).finding())
          .startsWith("the registry does not ask for one; ")
          .contains("ann")
          .doesNotContain("secret");
    }
    try (TestSite there = TestSite.ofUser()) {
      there.registry.unlessAuthorized(
          shown -> shown.startsWith("Basic "),
          status(401, "", "WWW-Authenticate: Basic realm=\"x\""));
      CheckResult found = only(new LoginCheck(there.site()));
      assertThat(found.verdict()).isEqualTo(Verdict.OK);
      assertThat(found.finding()).endsWith(" is accepted").contains("ann");
    }
    try (TestSite there = TestSite.ofUser()) {
      there.registry.on("GET", "^/v2/$", status(401, "", "WWW-Authenticate: Basic realm=\"x\""));
      assertThatThrownBy(() -> new LoginCheck(there.site()).look())
          .isInstanceOf(TransferException.class);
    }
  }
}
