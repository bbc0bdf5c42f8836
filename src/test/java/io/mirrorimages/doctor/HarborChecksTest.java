package io.mirrorimages.doctor;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.harbor.NewProjects;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.report.Units;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a Harbor and of its projects. */
class HarborChecksTest {
  private TestSite there;

  @BeforeEach
  void start() throws IOException {
    there = TestSite.ofUser();
  }

  @AfterEach
  void stop() {
    there.close();
  }

  private List<CheckResult> project(String... projects) throws IOException {
    there.images = there.named(projects);
    there.asHarbor();
    return new ProjectCheck(there.site()).look();
  }

  @Test
  void anotherRegistryHasNothingOfHarbor() throws IOException {
    assertThat(new HarborCheck(there.site()).look()).isEmpty();
    assertThat(new ProjectCheck(there.site()).look()).isEmpty();
    assertThat(new VolumeCheck(there.site()).look()).isEmpty();
    assertThat(new QuotaCheck(there.site()).look()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"harbor_version\":\"v2.15.2\"} | OK | version v2.15.2, not in read-only mode",
        "{} | OK | it does not tell its version, not in read-only mode",
        "{\"read_only\":true} | FAILURE | it is in read-only mode: let an administrator end that",
      })
  void looksAtTheWholeHarbor(String settings, Verdict verdict, String text) throws IOException {
    there.answering("/systeminfo", 200, settings).asHarbor();

    assertThat(new HarborCheck(there.site()).look())
        .singleElement()
        .matches(found -> found.verdict() == verdict && found.text().startsWith(text));
  }

  @Test
  void aProjectHasToBeKnown() throws IOException {
    assertThat(project())
        .singleElement()
        .matches(found -> found.verdict() == Verdict.SKIPPED)
        .matches(
            found ->
                found
                    .text()
                    .contains(
                        "give {setting archive} or {setting list}, or {setting registry} HOST/"));
  }

  @Test
  void aProjectThatMayBeFilledIsFine() throws IOException {
    assertThat(project("a/x", "a/y", "b/x"))
        .containsExactly(
            CheckResult.ok(CheckId.PROJECT, "a is there, and may be pushed to and pulled from"),
            CheckResult.ok(CheckId.PROJECT, "b is there, and may be pushed to and pulled from"));
    assertThat(there.site().hasProject()).isTrue();
    assertThat(there.site().open()).containsExactly("a", "b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"metadata\":{\"prevent_vul\":\"true\"}} | a lets only images be pulled that were"
            + " scanned",
        "{\"metadata\":{\"enable_content_trust\":\"true\"}} | a lets only images be pulled that"
            + " are",
        "{\"metadata\":{\"retention_id\":\"7\"}} | a has a retention policy",
      })
  void warnsOfPolicies(String json, String text) throws IOException {
    there.answering("/projects/a", 200, json);

    assertThat(project("a/x"))
        .hasSize(2)
        .last()
        .matches(found -> found.verdict() == Verdict.WARNING && found.text().startsWith(text));
    assertThat(there.site().open()).containsExactly("a");
  }

  @Test
  void warnsOfImmutableTags() throws IOException {
    there.answering("/projects/a/immutabletagrules", 200, "[{}]");

    assertThat(project("a/x"))
        .hasSize(2)
        .last()
        .matches(found -> found.finding().startsWith("a has rules that make tags immutable"));
  }

  @Test
  void nothingGoesIntoAProxyCache() throws IOException {
    there.answering("/projects/a", 200, "{\"registry_id\":1}");

    assertThat(project("a/x"))
        .singleElement()
        .matches(found -> found.verdict() == Verdict.FAILURE)
        .matches(found -> found.text().startsWith("a is a proxy cache"));
    assertThat(there.site().open()).isEmpty();
    assertThat(there.site().hasProject()).isTrue();
  }

  @Test
  void rightsThatAreMissingAreAFailure() throws IOException {
    String claims =
        "{\"access\":[{\"type\":\"repository\",\"name\":\"a/x\",\"actions\":[\"pull\"]}]}";
    String payload = Base64.getUrlEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8));
    there
        .registry
        .on("GET", "^/token", status(200, "{\"token\":\"e30." + payload + ".x\"}"))
        .on(
            "GET",
            "^/v2/$",
            status(401, "", "WWW-Authenticate: Bearer realm=\"" + there.registry.url("/token\"")));
    there.images = there.named("a/x");
    there.site().registries().check(there.registry.name());
    there.asHarbor();

    assertThat(new ProjectCheck(there.site()).look())
        .singleElement()
        .matches(found -> found.verdict() == Verdict.FAILURE)
        .matches(found -> found.finding().contains("user ann may not push to project a"));
    assertThat(there.site().open()).isEmpty();
  }

  /** What is wrong with the token service is no matter of rights. */
  @Test
  void whatElseIsWrongIsThrown() throws IOException {
    there
        .registry
        .on("GET", "^/token", 1, status(200, "{\"token\":\"t\"}"))
        .on("GET", "^/token", status(503, ""))
        .on(
            "GET",
            "^/v2/$",
            status(401, "", "WWW-Authenticate: Bearer realm=\"" + there.registry.url("/token\"")));
    there.images = there.named("a/x");
    there.site().registries().check(there.registry.name());
    there.asHarbor();

    assertThatThrownBy(() -> new ProjectCheck(there.site()).look())
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("503");
  }

  private void without(String project) {
    there.registry.on("HEAD", "project_name=" + project + "$", status(404, ""));
  }

  @Test
  void aMissingProjectWillBeCreated() throws IOException {
    without("a");
    there.creation = harbor -> harbor.creation(NewProjects.PUBLIC, OptionalLong.of(7));

    assertThat(project("a/x", "b/x").getFirst())
        .isEqualTo(
            CheckResult.ok(
                CheckId.PROJECT, "load and sync will create project a (public, quota 7)"));
    assertThat(there.site().limited()).containsEntry("a", 7L).hasSize(1);
    assertThat(there.site().open()).containsExactly("b");
  }

  @Test
  void aMissingProjectThatIsNotToBeCreatedIsAFailure() throws IOException {
    without("a");
    there.creation = harbor -> harbor.creation(NewProjects.NEVER, OptionalLong.of(7));

    assertThat(project("a/x"))
        .singleElement()
        .matches(found -> found.verdict() == Verdict.FAILURE)
        .matches(found -> found.finding().contains("{setting create-projects}=never"));
    assertThat(there.site().limited()).isEmpty();
    assertThat(there.site().hasProject()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"200, FAILURE, user ann is none", "412, WARNING, a robot only if it was given"})
  void foreseesThatAProjectMayNotBeCreated(int current, Verdict verdict, String text)
      throws IOException {
    without("a");
    there
        .answering("/systeminfo", 200, "{\"project_creation_restriction\":\"adminonly\"}")
        .answering("/users/current", current, "{}");

    assertThat(project("a/x"))
        .singleElement()
        .matches(found -> found.verdict() == verdict && found.finding().contains(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403 | {} | SKIPPED | Harbor tells only its administrators how full its disk is: ask one",
        "200 | {} | SKIPPED | this Harbor does not know how full its disk is: ask its"
            + " administrator",
        "200 | {\"storage\":[{\"total\":9}]} | FAILURE | Harbor's disk has 0 B of 9 B free: it is",
        "200 | {\"storage\":[{\"total\":9,\"free\":1}]} | OK | Harbor's disk has 1 B of 9 B free",
      })
  void looksAtTheDisk(int status, String body, Verdict verdict, String text) throws IOException {
    there.answering("/systeminfo/volumes", status, body).asHarbor();

    assertThat(new VolumeCheck(there.site()).look())
        .singleElement()
        .matches(found -> found.verdict() == verdict)
        .matches(found -> found.text().startsWith(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403 | {} | SKIPPED | ask one, for N",
        "200 | {\"storage\":[{\"total\":99999,\"free\":99998}]} | OK | free (in Kubernetes",
        "200 | {\"storage\":[{\"total\":9,\"free\":1}]} | WARNING | free, the images have up to N:"
            + " make",
      })
  void comparesTheDiskWithTheImages(int status, String body, Verdict verdict, String text)
      throws IOException {
    TestImages content = new TestImages();
    Manifest image = content.image(TestImages.AMD64, content.layer("x", 5000));
    Plan plan =
        new Plan(List.of(content.plan(there.registry.name() + "/a/x:1", image)), List.of(), null)
            .having(Set.of());
    there.plan = Optional.of(plan);
    there.answering("/systeminfo/volumes", status, body).asHarbor();

    assertThat(new VolumeCheck(there.site()).look())
        .singleElement()
        .matches(found -> found.verdict() == verdict)
        .matches(
            found -> found.text().contains(text.replace("N", Units.bytes(plan.totals().toMove()))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "p"})
  void oneImageStandsForThoseThatAreNotKnown(String project) {
    there.project = project;
    DoctorContext site = there.site();

    assertThat(site.images()).hasSize(project.isEmpty() ? 0 : 1);
    assertThat(site.imagesAnywhere())
        .singleElement()
        .hasToString(
            there.registry.name()
                + (project.isEmpty() ? "/" : "/p/")
                + "mirror-images-doctor:latest");
    assertThat(site.imagesOf("p")).hasSize(project.isEmpty() ? 0 : 1);
    assertThat(site.imagesOf("q")).isEmpty();
  }

  @Test
  void knownImagesStandForThemselves() {
    there.project = "p";
    there.images = there.named("p/x", "q/x");

    assertThat(there.site().images()).isEqualTo(there.images);
    assertThat(there.site().imagesAnywhere()).isEqualTo(there.images);
    assertThat(there.site().imagesOf("q")).isEqualTo(there.named("q/x"));
  }
}
