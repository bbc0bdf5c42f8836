package io.mirrorimages.harbor;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Repository;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each request to Harbor's API, and what is made of its answers. */
class ProjectsTest {
  private static final String API = "/api/v2.0";
  private static final String LIST = "/api/v2.0/projects\\?name=";

  private final Registries registries = new Registries(TestSettings.quick("admin", "secret"));
  private FaultyRegistry registry;
  private Projects projects;

  @BeforeEach
  void start() throws IOException {
    registry = new FaultyRegistry();
    projects = new Projects(registries.api(registry.name()), API);
  }

  @AfterEach
  void stop() {
    registries.close();
    registry.close();
  }

  private void answer(String target, int status, String body) {
    registry.on("GET", "^" + API + target, status(status, body));
  }

  private FaultyRegistry.Seen only(String method) {
    assertThat(registry.seen(method, API)).hasSize(1);
    return registry.seen(method, API).getFirst();
  }

  @Test
  void asksByHeadWhetherAProjectIsThere() throws IOException {
    registry.on("HEAD", "project_name=a$", status(200, ""));
    registry.on("HEAD", "project_name=b$", status(404, ""));

    assertThat(projects.exists("a")).isTrue();
    assertThat(projects.exists("b")).isFalse();
    assertThat(registry.seen("HEAD", API))
        .extracting(FaultyRegistry.Seen::target)
        .containsExactly(API + "/projects?project_name=a", API + "/projects?project_name=b");
    assertThat(registry.seen("HEAD", API).getFirst().header("Authorization")).startsWith("Basic ");
  }

  /** The list finds names by their parts. */
  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void looksIntoTheListWhereItMayNotAsk(int refusal) throws IOException {
    registry.on("HEAD", "/projects", status(refusal, ""));
    registry.on("GET", LIST + "a&", status(200, "[{\"name\":\"aa\"},{\"name\":\"a\"}]"));
    registry.on("GET", LIST + "b&", status(200, "[{\"name\":\"bb\"},{}]"));

    assertThat(projects.exists("a")).isTrue();
    assertThat(projects.exists("b")).isFalse();
  }

  @Test
  void readsTheListPageByPage() throws IOException {
    registry.on("HEAD", "/projects", status(403, ""));
    registry.on("GET", LIST + "z&page=1&page_size=100$", status(200, page(100, "x")));
    registry.on("GET", LIST + "z&page=2&page_size=100$", status(200, page(99, "z")));
    registry.on("GET", LIST + "q&page=1&page_size=100$", status(200, page(100, "x")));
    registry.on("GET", LIST + "q&page=2&page_size=100$", status(200, page(99, "y")));

    assertThat(projects.exists("z")).isTrue();
    assertThat(projects.exists("q")).as("a page that is not full is the last").isFalse();
    assertThat(registry.seen("GET", "/projects")).hasSize(4);
  }

  private static String page(int size, String last) {
    List<String> all = new ArrayList<>();
    for (int i = 1; i < size; i++) {
      all.add("{\"name\":\"n" + i + "\"}");
    }
    all.add("{\"name\":\"" + last + "\"}");
    return "[" + String.join(",", all) + "]";
  }

  @Test
  void saysWhatItCouldNotAsk() {
    registry.on("HEAD", "project_name=a$", status(400, ""));
    registry.on("HEAD", "project_name=b$", status(403, ""));
    answer("/projects\\?name=b", 401, "{\"errors\":[{\"code\":\"X\",\"message\":\"locked\"}]}");

    assertThatThrownBy(() -> projects.exists("a"))
        .isInstanceOf(TransferException.class)
        .hasMessageStartingWith(
            registry.name() + " answered 400 when asked for whether project a exists")
        .extracting(e -> ((TransferException) e).reason())
        .isEqualTo(FailureKind.NETWORK);
    assertThatThrownBy(() -> projects.exists("b"))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("answered 401 when asked for the list of projects")
        .hasMessageContaining("locked")
        .extracting(e -> ((TransferException) e).reason())
        .isEqualTo(FailureKind.DENIED);
  }

  @Test
  void whatStaysOutOfOrderIsAFailureThatMayPass() {
    registry.on("HEAD", "/projects", status(503, ""));

    assertThatThrownBy(() -> projects.exists("a"))
        .isInstanceOf(TransferException.class)
        .matches(e -> ((TransferException) e).isTransient() || e.getMessage().contains("503"));
    assertThat(registry.seen("HEAD", "/projects")).hasSizeGreaterThan(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | false | false | false | false",
        "{\"registry_id\":0} | false | false | false | false",
        "{\"registry_id\":1} | true | false | false | false",
        "{\"metadata\":{\"enable_content_trust\":\"true\"}} | false | true | false | false",
        "{\"metadata\":{\"enable_content_trust_cosign\":\"true\"}} | false | true | false | false",
        "{\"metadata\":{\"enable_content_trust\":\"false\"}} | false | false | false | false",
        "{\"metadata\":{\"prevent_vul\":\"true\"}} | false | false | true | false",
        "{\"metadata\":{\"retention_id\":\"7\"}} | false | false | false | true",
        "{\"metadata\":{\"retention_id\":\"\"}} | false | false | false | false",
      })
  void readsHowAProjectIsSet(
      String json, boolean proxy, boolean signed, boolean scanned, boolean retention)
      throws IOException {
    answer("/projects/library", 200, json);

    assertThat(projects.project("library"))
        .isEqualTo(new Project(proxy, signed, scanned, retention));
  }

  /** A name of digits would be taken for the number of a project. */
  @Test
  void asksForAProjectByNameAndOnce() throws IOException {
    answer("/projects/42", 200, "{\"registry_id\":1}");

    assertThat(projects.project("42")).isEqualTo(projects.project("42"));
    assertThat(only("GET").header("X-Is-Resource-Name")).isEqualTo("true");
  }

  /** Robots see their projects in the list only. */
  @Test
  void readsAProjectFromTheListElse() throws IOException {
    answer("/projects/a", 403, "");
    answer("/projects\\?name=a", 200, "[{\"name\":\"a\",\"registry_id\":1}]");
    answer("/projects/b", 403, "");
    answer("/projects\\?name=b", 200, "[]");
    answer("/projects/c", 403, "");
    answer("/projects\\?name=c", 403, "");

    assertThat(projects.project("a").proxyCache()).isTrue();
    assertThat(projects.project("b")).isEqualTo(Project.UNKNOWN);
    assertThat(projects.project("c")).isEqualTo(Project.UNKNOWN);
  }

  @Test
  void aProjectThatCannotBeAskedForNowIsNotTakenForAnUnknownOne() {
    answer("/projects/a", 403, "");
    answer("/projects\\?name=a", 502, "");

    assertThatThrownBy(() -> projects.project("a"))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("502");
  }

  @Test
  void knowsWhatKeepsImagesFromBeingPulled() {
    assertThat(Project.UNKNOWN.pullPolicy()).isEmpty();
    assertThat(new Project(true, false, false, true).pullPolicy()).isEmpty();
    assertThat(new Project(false, true, true, false).pullPolicy().orElseThrow()).contains("signed");
    assertThat(new Project(false, false, true, false).pullPolicy().orElseThrow())
        .contains("scanned");
  }

  @ParameterizedTest
  @CsvSource({"200, [], false", "200, [{}], true", "403, '',"})
  void knowsRulesOfImmutableTags(int status, String body, Boolean expected) throws IOException {
    answer("/projects/7/immutabletagrules$", status, body);

    assertThat(projects.hasImmutableTags("7")).isEqualTo(Optional.ofNullable(expected));
    assertThat(only("GET").header("X-Is-Resource-Name")).isEqualTo("true");
  }

  /** Slashes once encoded would be the path's. */
  @Test
  void asksForAnImageWithItsNameEncodedTwice() throws IOException {
    Digest digest = Digest.sha256(new byte[0]);
    answer("/projects", 200, "{\"digest\":\"" + digest + "\"}");

    assertThat(projects.digest(new Repository(registry.name(), "lib/a/b"), digest.toString()))
        .contains(digest);
    assertThat(only("GET").target())
        .isEqualTo(API + "/projects/lib/repositories/a%252Fb/artifacts/sha256%3A" + digest.hex());
    assertThat(only("GET").header("X-Is-Resource-Name")).isEqualTo("true");
  }

  @ParameterizedTest
  @CsvSource({"404, ''", "200, {}", "200, '{\"digest\":\"sha256:1\"}'"})
  void anImageWithoutDigestIsUnknown(int status, String body) throws IOException {
    answer("/projects", status, body);

    assertThat(projects.digest(new Repository(registry.name(), "lib/a"), "1")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | {} | '' | false | false",
        "200 | {\"harbor_version\":\"v2.15.2-1a2b3c4d\"} | v2.15.2-1a2b3c4d | false | false",
        "200 | {\"read_only\":true} | '' | true | false",
        "200 | {\"project_creation_restriction\":\"adminonly\"} | '' | false | true",
        "200 | {\"project_creation_restriction\":\"everyone\"} | '' | false | false",
        "401 | '' | '' | false | false",
      })
  void readsHowHarborIsSet(
      int status, String body, String version, boolean readOnly, boolean adminsCreate)
      throws IOException {
    answer("/systeminfo$", status, body);

    assertThat(projects.settings()).isEqualTo(new Settings(version, readOnly, adminsCreate));
  }

  @Test
  void createsAProject() throws IOException {
    List<String> bodies = new ArrayList<>();
    registry.on("POST", "^" + API + "/projects$", exchange -> created(exchange, bodies));

    assertThat(projects.create("a", false, OptionalLong.empty()).status()).isEqualTo(201);
    assertThat(projects.create("b", true, OptionalLong.of(7)).status()).isEqualTo(201);
    assertThat(bodies)
        .containsExactly(
            "{\"metadata\":{\"public\":\"false\"},\"project_name\":\"a\"}",
            "{\"metadata\":{\"public\":\"true\"},\"project_name\":\"b\",\"storage_limit\":7}");
    assertThat(registry.seen("POST", API).getFirst().header("Content-Type"))
        .isEqualTo("application/json");
  }

  private static void created(HttpExchange exchange, List<String> bodies) throws IOException {
    bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    FaultyRegistry.respond(exchange, 201, new byte[0]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | {\"quota\":{\"hard\":{\"storage\":9},\"used\":{\"storage\":4}}} | 9 | 4",
        "200 | {\"quota\":{\"hard\":{\"storage\":-1}}} | -1 | 0",
        "200 | {\"quota\":{\"hard\":{\"storage\":\"9\"}}} | |",
        "200 | {} | |",
        "403 | '' | |",
      })
  void readsAQuota(int status, String body, Long limit, Long used) throws IOException {
    answer("/projects/5/summary$", status, body);

    assertThat(projects.room("5"))
        .isEqualTo(limit == null ? Optional.empty() : Optional.of(new Room(limit, used)));
    assertThat(only("GET").header("X-Is-Resource-Name")).isEqualTo("true");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | {\"storage\":[{\"total\":9,\"free\":5},{\"total\":1}]} | 9 | 4",
        "200 | {\"storage\":[{\"total\":9}]} | 9 | 9",
        "200 | {\"storage\":[{}]} | 0 | 0",
        "200 | {} | 0 | 0",
        "403 | '' | |",
      })
  void readsHowFullTheVolumeIs(int status, String body, Long total, Long used) throws IOException {
    answer("/systeminfo/volumes$", status, body);

    assertThat(projects.volume())
        .isEqualTo(total == null ? Optional.empty() : Optional.of(new Room(total, used)));
  }

  @Test
  void saysWhatIsNoAnswerOfHarbor() {
    answer("/systeminfo", 200, "<html>");

    assertThatThrownBy(() -> projects.settings())
        .isInstanceOf(TransferException.class)
        .hasMessage(registry.name() + " sent something else than the system's settings");
  }

  @ParameterizedTest
  @CsvSource({"-1, 9, 1000, true", "10, 4, 6, true", "10, 4, 7, false", "0, 0, 0, true"})
  void aRoomHasWhatItHasLeft(long limit, long used, long more, boolean has) {
    assertThat(new Room(limit, used).has(more)).isEqualTo(has);
    assertThat(new Room(limit, used).isUnlimited()).isEqualTo(limit < 0);
  }
}
