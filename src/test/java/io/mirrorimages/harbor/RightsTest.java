package io.mirrorimages.harbor;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.MemoryRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a user may do, read from the tokens that a Harbor gives, and what else keeps a run off. */
class RightsTest {
  private static final String QUOTA =
      "{\"quota\":{\"hard\":{\"storage\":5242880},\"used\":{\"storage\":2097152}}}";

  private final Registries registries = new Registries(TestSettings.quick("ann", "secret"));
  private FaultyRegistry registry;
  private Harbor harbor;

  @BeforeEach
  void start() throws IOException {
    registry = new FaultyRegistry();
    registry.on("GET", "^/api/v2[.]0/ping$", status(200, "Pong"));
    registry.on(
        "GET",
        "^/v2/$",
        status(
            401,
            "",
            "Www-Authenticate: Bearer realm=\""
                + registry.url("/service/token")
                + "\",service=\"harbor-registry\""));
    grant("both/x", "pull,push");
    grant("pushing/x", "push");
    grant("pulling/x", "pull");
    grant("none/x", "");
    grant("none2/x", "");
    registry.on("GET", "^/service/token.*opaque", status(200, "{\"token\":\"opaque\"}"));
    registry.on("GET", "^/service/token[^:]*$", status(200, "{\"token\":\"t\"}"));
    registries.check(registry.name());
    harbor = Harbor.at(registries, registry.name()).orElseThrow();
  }

  @AfterEach
  void stop() {
    registries.close();
    registry.close();
  }

  /** Harbor gives a token to anyone; it says what it is good for. */
  private void grant(String repository, String actions) {
    String quoted = actions.isEmpty() ? "" : "\"" + actions.replace(",", "\",\"") + "\"";
    String claims =
        "{\"access\":[{\"type\":\"repository\",\"name\":\"%s\",\"actions\":[%s]}]}"
            .formatted(repository, quoted);
    String payload = Base64.getUrlEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8));
    registry.on(
        "GET",
        "^/service/token.*[:A]" + repository.replace("/", "(/|%2F)"),
        status(200, "{\"token\":\"e30." + payload + ".x\"}"));
  }

  private List<Reference> images(String... projects) {
    List<Reference> images = new ArrayList<>();
    for (String project : projects) {
      images.add(Reference.parse(registry.name() + "/" + project + "/x:1"));
    }
    return images;
  }

  private void assertDenied(String because, String... projects) {
    assertThatThrownBy(() -> harbor.checkRights(images(projects), project -> true))
        .isInstanceOf(TransferException.class)
        .hasMessageStartingWith("at " + registry.name() + " user ann may not " + because)
        .extracting(e -> ((TransferException) e).reason())
        .isEqualTo(FailureKind.DENIED);
  }

  @Test
  void whoMayPullAndPushMayFill() {
    assertThatCode(() -> harbor.checkRights(images("both", "both"), project -> true))
        .doesNotThrowAnyException();
    assertThat(registry.seen("GET", "scope=")).as("one of each project").hasSize(1);
  }

  @Test
  void namesTheProjectsWhereARightIsMissing() {
    assertDenied("push to project pulling: a user needs the role Developer there", "pulling");
    assertDenied("push to the projects none, none2: a user needs", "none2", "both", "none");
    assertDenied("pull from project pushing: a robot needs pull and push there", "pushing");
    assertDenied("push to project none: ", "pushing", "none");
  }

  @Test
  void asksOnlyForTheProjectsThatAreWanted() {
    assertThatCode(() -> harbor.checkRights(images("both", "none"), "both"::equals))
        .doesNotThrowAnyException();
  }

  @Test
  void aTokenThatSaysNothingProvesNothing() throws IOException {
    harbor.checkRights(images("opaque"), project -> true);

    Rights rights = new Rights(registries.api(registry.name()));
    assertThat(rights.mayPull(List.of(repository("opaque")))).isFalse();
    assertThat(rights.mayPull(List.of(repository("both"), repository("pulling")))).isTrue();
    assertThat(rights.mayPull(List.of(repository("both"), repository("pushing")))).isFalse();
    assertThat(rights.mayPull(List.of())).isTrue();
  }

  private Repository repository(String project) {
    return new Repository(registry.name(), project + "/x");
  }

  @Test
  void findsTheProjectsThatAreMissing() throws IOException {
    registry.on("HEAD", "project_name=both$", status(200, ""));
    registry.on("HEAD", "/projects", status(404, ""));

    assertThat(harbor.missing(List.of("none", "both", "a"))).containsExactly("a", "none");
  }

  @Test
  void nobodyMayAsk() throws IOException {
    try (Registries anonymous = new Registries(TestSettings.quick())) {
      Harbor open = Harbor.at(anonymous, registry.name()).orElseThrow();

      assertThatThrownBy(() -> open.missing(List.of()))
          .isInstanceOf(TransferException.class)
          .hasMessageContaining("is a Harbor, which takes nothing without a user and a password");
    }
  }

  @Test
  void aHarborInReadOnlyModeTakesNothing() throws IOException {
    registry.on("GET", "/systeminfo$", 1, status(200, "{\"read_only\":true}"));

    assertThatThrownBy(() -> harbor.checkOpen(List.of()))
        .isInstanceOf(TransferException.class)
        .hasMessageStartingWith(registry.name() + " is in read-only mode");
    registry.on("GET", "/systeminfo$", status(200, "{}"));
    harbor.checkOpen(List.of());
  }

  @Test
  void nothingIsPushedToAProxyCache() throws IOException {
    registry.on("GET", "/systeminfo$", status(200, "{}"));
    registry.on("GET", "/projects/cache.$", status(200, "{\"registry_id\":1}"));
    registry.on("GET", "/projects/own$", status(200, "{}"));

    harbor.checkOpen(List.of("own"));
    assertThatThrownBy(() -> harbor.checkOpen(List.of("cache2", "own", "cache1")))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("nothing can be pushed to cache1, cache2: a proxy cache is filled");
  }

  @Test
  void asksForWhatItIsAskedFor() throws IOException {
    registry.on("GET", "/users/current$", status(412, ""));
    registry.on("GET", "/systeminfo$", status(200, "{\"harbor_version\":\"v2\"}"));
    registry.on("GET", "/systeminfo/volumes$", status(200, "{\"storage\":[{\"total\":9}]}"));
    registry.on("GET", "/projects/a/immutabletagrules$", status(200, "[{}]"));
    registry.on("GET", "/projects/b/immutabletagrules$", status(200, "[]"));
    registry.on("GET", "/projects/a$", status(200, "{\"registry_id\":1}"));
    registry.on("GET", "/projects/a/summary$", status(200, QUOTA));

    assertThat(harbor.asker()).isEqualTo(RequesterKind.ROBOT);
    assertThat(harbor.settings().version()).isEqualTo("v2");
    assertThat(harbor.volume()).contains(new Room(9, 9));
    assertThat(harbor.hasImmutableTags("a")).isTrue();
    assertThat(harbor.hasImmutableTags("b")).isFalse();
    assertThat(harbor.project("a").proxyCache()).isTrue();
    assertThat(harbor.room("a")).contains(new Room(5 << 20, 2 << 20));
    assertThat(harbor.creation(NewProjects.PUBLIC, OptionalLong.of(7)).describe("x"))
        .isEqualTo("project x (public, quota 7)");
  }

  @Test
  void aFullProjectIsFilledNoFurther() throws IOException {
    registry.on("GET", "/projects/a/summary$", status(200, QUOTA));
    ImageTarget filled = harbor.filling(new MemoryRegistry().asTarget());
    Repository repository = repository("a");

    filled.begin(repository, blob(3 << 20), Optional.empty()).close();
    filled.begin(repository, blob((4 << 20) - 1), Optional.empty()).close();
    assertThat(registry.seen("GET", "/summary")).as("small ones are not asked for").isEmpty();
    assertThatThrownBy(() -> filled.begin(repository, blob(4 << 20), Optional.empty()))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("2097152 of 5242880 are used");
    filled.begin(repository("b"), blob(4 << 20), Optional.empty()).close();
  }

  private static Descriptor blob(long size) {
    return new Descriptor(MediaTypes.OCI_CONFIG, Digest.sha256(new byte[0]), size);
  }

  @Test
  void anImageThatIsGuardedIsKnown() throws IOException {
    Digest digest = Digest.sha256(new byte[0]);
    String guarded = "{\"metadata\":{\"prevent_vul\":\"true\"}}";
    registry.on("GET", "/projects/a$", status(200, guarded));
    registry.on("GET", "/projects/a/repo", status(200, "{\"digest\":\"" + digest + "\"}"));
    ImageTarget target = new MemoryRegistry().asTarget();
    Reference image = images("a").getFirst();

    assertThat(harbor.looking(target).resolve(image)).contains(digest);
    assertThat(harbor.filling(target).resolve(image)).contains(digest);
  }

  /** Then one token is asked for all of a project. */
  @Test
  void settlesWhereAllMayBePulled() throws IOException {
    registry.on("HEAD", "project_name=gone$", status(404, ""));
    registry.on("HEAD", "/projects", status(200, ""));
    harbor.settleToPull(images("gone"));
    harbor.settleToPull(images("none"));
    assertThat(tokensFor("both/y", "both/z")).as("one for each repository").isEqualTo(2);

    harbor.settleToPull(images("both"));
    assertThat(tokensFor("both/v", "both/w")).as("one for both").isEqualTo(1);
  }

  private int tokensFor(String... repositories) throws IOException {
    registry.on("GET", "^/service/token", status(200, "{\"token\":\"t\"}"));
    registry.on("HEAD", "^/v2/both/[a-z]/manifests", 4, this::demandToken);
    int before = registry.seen("GET", "/service/token").size();
    for (String repository : repositories) {
      registries.asTarget().resolve(Reference.parse(registry.name() + "/" + repository + ":1"));
    }
    return registry.seen("GET", "/service/token").size() - before;
  }

  private void demandToken(HttpExchange exchange) throws IOException {
    FaultyRegistry.respond(exchange, 404, new byte[0]);
  }
}
