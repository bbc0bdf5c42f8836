package io.mirrorimages.harbor;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.registry.client.RegistryApi;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectCreationTest {
  private static final OptionalLong NO_QUOTA = OptionalLong.empty();
  private static final OptionalLong TEN = OptionalLong.of(10L << 30);

  private final Registries registries = new Registries(TestSettings.quick("ann", "secret"));
  private final List<String> said = new ArrayList<>();
  private final List<String> warned = new ArrayList<>();
  private FaultyRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = new FaultyRegistry();
  }

  @AfterEach
  void stop() {
    registries.close();
    registry.close();
  }

  private ProjectCreation creation(NewProjects how, OptionalLong quota) {
    RegistryApi api = registries.api(registry.name());
    return new ProjectCreation(api, new Projects(api, "/api/v2.0"), how, quota);
  }

  private void create(ProjectCreation creation, String... missing) throws IOException {
    creation.create(
        List.of(missing),
        event -> {
          switch (event) {
            case RunEvent.ProjectCreated created -> said.add(created.text());
            case RunEvent.Hint hint -> warned.add(hint.text());
            default -> throw new AssertionError(event);
          }
        });
  }

  @Test
  void makesOneAfterTheOther() throws IOException {
    registry.on("POST", "/projects$", 1, status(201, ""));
    registry.on("POST", "/projects$", status(409, ""));

    create(creation(NewProjects.PRIVATE, NO_QUOTA), "a", "b");

    assertThat(said)
        .containsExactly(
            "created    project a (private)", "found      project b, which was just created");
    assertThat(warned).isEmpty();
    assertThat(registry.seen("GET", "/summary")).as("no quota is asked for").isEmpty();
  }

  @Test
  void saysWhichQuotaItHas() throws IOException {
    registry.on("POST", "/projects$", status(200, ""));
    answerQuota(TEN.getAsLong());

    create(creation(NewProjects.PUBLIC, TEN), "a");

    assertThat(said).containsExactly("created    project a (public, quota 10737418240)");
    assertThat(warned).isEmpty();
  }

  /** Harbor ignores it without a word if who asks is no administrator. */
  @Test
  void saysThatAQuotaWasNotSet() throws IOException {
    registry.on("POST", "/projects$", status(201, ""));
    answerQuota(-1);
    create(creation(NewProjects.PRIVATE, TEN), "a");
    answerQuota(5L << 30);
    create(creation(NewProjects.PRIVATE, TEN), "b");

    assertThat(said)
        .containsExactly("created    project a (private)", "created    project b (private)");
    assertThat(warned)
        .containsExactly(
            "warning: the quota of project a is unlimited: only an administrator may set one with"
                + " {setting project-quota}",
            "warning: the quota of project b is 5368709120: only an administrator may set one with"
                + " {setting project-quota}");
  }

  private void answerQuota(long bytes) {
    registry.on(
        "GET", "/summary$", 1, status(200, "{\"quota\":{\"hard\":{\"storage\":" + bytes + "}}}"));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void namesAllThatAnAdministratorHasToCreate(int refusal) {
    registry.on("POST", "/projects$", 1, status(201, ""));
    registry.on("POST", "/projects$", status(refusal, ""));

    assertThatThrownBy(() -> create(creation(NewProjects.PRIVATE, NO_QUOTA), "a", "b", "c"))
        .isInstanceOf(TransferException.class)
        .hasMessageStartingWith(
            "at "
                + registry.name()
                + " the projects b, c are missing, and user ann may not create projects: let an"
                + " administrator create what is missing, then run the same command again")
        .extracting(e -> ((TransferException) e).reason())
        .isEqualTo(FailureKind.DENIED);
    assertThat(said).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"400, OPTION", "404, NETWORK"})
  void saysWhatHarborDoesNotTake(int refusal, FailureKind reason) {
    registry.on(
        "POST",
        "/projects$",
        status(refusal, "{\"errors\":[{\"code\":\"X\",\"message\":\"bad name\"}]}"));

    assertThatThrownBy(() -> create(creation(NewProjects.PRIVATE, NO_QUOTA), "a"))
        .isInstanceOf(TransferException.class)
        .hasMessageStartingWith(registry.name() + " does not create project a: ")
        .hasMessageContaining("bad name")
        .extracting(e -> ((TransferException) e).reason())
        .isEqualTo(reason);
  }

  @Test
  void createsNoneIfThatIsWanted() throws IOException {
    ProjectCreation never = creation(NewProjects.NEVER, NO_QUOTA);

    never.check(List.of());
    create(never);
    assertThatThrownBy(() -> create(never, "a"))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("the project a is missing, and {setting create-projects}=never");
    creation(NewProjects.PUBLIC, NO_QUOTA).check(List.of("a"));
    assertThat(registry.seen("POST", "/projects")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PERSON, true, 'only administrators create projects there, and user ann is none'",
    "ROBOT, false, 'and a robot only if it was given project:create: if ann was not'",
    "UNKNOWN, false, 'only administrators create projects there: if user ann is none'",
    "PROJECT_ROBOT, true, 'and a robot of a project can''t create any'"
  })
  void foreseesARefusal(RequesterKind asker, boolean certain, String text) throws IOException {
    registry.on(
        "GET", "/systeminfo$", status(200, "{\"project_creation_restriction\":\"adminonly\"}"));
    ProjectCreation creation = creation(NewProjects.PRIVATE, NO_QUOTA);

    ProjectCreation.Doubt doubt = creation.doubt(List.of("a"), asker).orElseThrow();

    assertThat(doubt.certain()).isEqualTo(certain);
    assertThat(doubt.text())
        .startsWith("at " + registry.name() + " the project a is missing, and")
        .contains(text);
    assertThat(creation.doubt(List.of(), asker)).isEmpty();
    assertThat(creation.doubt(List.of("a"), RequesterKind.ADMINISTRATOR)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"PERSON", "ROBOT", "UNKNOWN", "ADMINISTRATOR"})
  void foreseesNoneWhereAnybodyCreates(RequesterKind asker) throws IOException {
    registry.on("GET", "/systeminfo$", status(200, "{}"));

    assertThat(creation(NewProjects.PRIVATE, NO_QUOTA).doubt(List.of("a"), asker)).isEmpty();
  }

  @Test
  void describesWhatItWouldCreate() {
    assertThat(creation(NewProjects.PUBLIC, TEN).describe("a"))
        .isEqualTo("project a (public, quota 10737418240)");
    assertThat(creation(NewProjects.PRIVATE, NO_QUOTA).describe("a"))
        .isEqualTo("project a (private)");
    assertThat(creation(NewProjects.PUBLIC, TEN).quota()).isEqualTo(TEN);
    assertThat(NewProjects.NEVER).hasToString("never");
  }
}
