package io.mirrorimages.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.harbor.QuotaForecast;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.report.Units;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The quota of a project against what is to go there. */
class QuotaCheckTest {
  private final TestImages content = new TestImages();
  private final Manifest one = content.image(TestImages.AMD64, content.layer("one", 5000));
  private final Manifest two = content.image(TestImages.AMD64, content.layer("two", 3000));
  private TestSite there;
  private long all;
  private long second;

  @BeforeEach
  void start() throws IOException {
    there = TestSite.ofUser();
    PlannedImage first = content.plan(there.registry.name() + "/a/x:1", one);
    PlannedImage next = content.plan(there.registry.name() + "/a/y:1", two);
    PlannedImage other = content.plan(there.registry.name() + "/b/x:1", content.index(one));
    all = QuotaForecast.bytes(List.of(first, next));
    second = QuotaForecast.bytes(List.of(next));
    there.plan = Optional.of(new Plan(List.of(first, next, other), List.of(), null));
  }

  @AfterEach
  void stop() {
    there.close();
  }

  private CheckResult room(long limit, long used) throws IOException {
    there
        .answering(
            "/projects/a/summary",
            200,
            "{\"quota\":{\"hard\":{\"storage\":%d},\"used\":{\"storage\":%d}}}"
                .formatted(limit, used))
        .asHarbor();
    there.site().isOpen("a");
    return only();
  }

  private CheckResult only() throws IOException {
    List<CheckResult> found = new QuotaCheck(there.site()).look();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private void shown(String path, Manifest manifest) {
    there.registry.addManifest("a/" + path, "1", manifest.bytes(), manifest.mediaType());
  }

  @Test
  void aProjectWithoutQuotaHasRoom() throws IOException {
    assertThat(room(-1, 7)).isEqualTo(CheckResult.ok(CheckId.QUOTA, "a has 7 B and no quota"));
  }

  @Test
  void whatFitsWithoutLookingFits() throws IOException {
    CheckResult found = room(all + 7, 7);

    assertThat(found.verdict()).isEqualTo(Verdict.OK);
    assertThat(found.finding()).endsWith("; at most " + Units.bytes(all) + " will be added");
    assertThat(there.registry.seen("HEAD", "/manifests/")).isEmpty();
  }

  @Test
  void whatIsThereAlreadyIsNotAdded() throws IOException {
    shown("x", one);
    shown("y", one);

    CheckResult found = room(all + 6, 7);

    assertThat(found.verdict()).isEqualTo(Verdict.OK);
    assertThat(found.finding()).endsWith("; at most " + Units.bytes(second) + " will be added");
  }

  @Test
  void whatMayNotFitIsAWarning() throws IOException {
    CheckResult found = room(all, 1);

    assertThat(found.verdict()).isEqualTo(Verdict.WARNING);
    assertThat(found.text())
        .contains("and up to " + Units.bytes(all) + " are to be added: it may not do")
        .endsWith("let an administrator raise the quota, or make room");
  }

  @Test
  void imagesThatAloneAreTooLargeAreAFailure() throws IOException {
    CheckResult found = room(all - 1, 0);

    assertThat(found.verdict()).isEqualTo(Verdict.FAILURE);
    assertThat(found.finding()).endsWith(", and its images alone have " + Units.bytes(all));
  }

  @Test
  void aFullProjectIsAFailureWhateverIsToGoThere() throws IOException {
    there.plan = Optional.empty();

    CheckResult found = room(10, 10);

    assertThat(found.verdict()).isEqualTo(Verdict.FAILURE);
    assertThat(found.finding()).isEqualTo("a has 10 B of 10 B: it is full");
  }

  @Test
  void whatIsNeededIsKnownWithThePlanOnly() throws IOException {
    there.plan = Optional.empty();

    assertThat(room(10, 9))
        .isEqualTo(
            CheckResult.ok(
                CheckId.QUOTA,
                "a has 9 B of 10 B; what the images need is known with {setting archive} only"));
  }

  @ParameterizedTest
  @CsvSource({"200, ask one of its members", "412, give the robot project:read"})
  void aQuotaThatMayNotBeSeenIsSkipped(int current, String remedy) throws IOException {
    there
        .answering("/projects/a/summary", 403, "")
        .answering("/users/current", current, "{}")
        .asHarbor();
    there.site().isOpen("a");

    CheckResult found = only();

    assertThat(found.verdict()).isEqualTo(Verdict.SKIPPED);
    assertThat(found.remedy()).startsWith(remedy);
  }

  @Test
  void aQuotaThatAProjectWillGetIsComparedToo() throws IOException {
    there.site().willHave("a", all);
    assertThat(only())
        .isEqualTo(
            CheckResult.ok(
                CheckId.QUOTA,
                "a will get a quota of "
                    + Units.bytes(all)
                    + ", and its images have "
                    + Units.bytes(all)));
    there.site().willHave("a", all - 1);
    assertThat(only().verdict()).isEqualTo(Verdict.FAILURE);
    assertThat(only().remedy()).isEqualTo("give a larger {setting project-quota}");
    assertThat(Set.copyOf(there.site().limited().keySet())).containsExactly("a");
  }
}
