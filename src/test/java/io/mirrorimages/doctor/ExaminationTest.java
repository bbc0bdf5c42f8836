package io.mirrorimages.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.InvalidContentException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is looked at after what, and what becomes of failures. */
class ExaminationTest {
  private final List<Check> checks = new ArrayList<>();
  private final List<Subject> looked = new ArrayList<>();

  private interface Look {
    List<Diagnosis> look() throws IOException;
  }

  private void check(Subject subject, Set<Subject> needs, Look look) {
    checks.add(
        new Check() {
          @Override
          public Subject subject() {
            return subject;
          }

          @Override
          public Set<Subject> needs() {
            return needs;
          }

          @Override
          public List<Diagnosis> look() throws IOException {
            looked.add(subject);
            return look.look();
          }
        });
  }

  private void fine(Subject subject, Subject... needs) {
    check(subject, Set.of(needs), () -> List.of(Diagnosis.ok(subject, "fine")));
  }

  private List<Diagnosis> run() throws InterruptedIOException {
    List<Diagnosis> told = new ArrayList<>();
    List<Diagnosis> all = new Examination(checks).run(told::add);
    assertThat(told).isEqualTo(all);
    return all;
  }

  @Test
  void makesAllChecksInTheirOrder() throws InterruptedIOException {
    fine(Subject.DNS);
    check(
        Subject.TLS,
        Set.of(Subject.DNS),
        () ->
            List.of(
                Diagnosis.warning(Subject.TLS, "old", "renew it"),
                Diagnosis.skipped(Subject.TLS, "unknown", "")));
    check(Subject.HARBOR, Set.of(), List::of);
    fine(Subject.STATE, Subject.TLS, Subject.HARBOR);

    assertThat(run())
        .extracting(Diagnosis::subject)
        .containsExactly(Subject.DNS, Subject.TLS, Subject.TLS, Subject.STATE);
  }

  @Test
  void skipsWhatDependsOnAFailureAndNamesThat() throws InterruptedIOException {
    check(
        Subject.DNS,
        Set.of(),
        () ->
            List.of(
                Diagnosis.ok(Subject.DNS, "a part"),
                Diagnosis.failure(Subject.DNS, "unknown", "check it")));
    fine(Subject.CONNECTION, Subject.DNS);
    fine(Subject.TLS, Subject.CONNECTION);
    fine(Subject.STATE);

    assertThat(run().subList(2, 5))
        .containsExactly(
            Diagnosis.skipped(Subject.CONNECTION, "not looked at after the failure of DNS", ""),
            Diagnosis.skipped(Subject.TLS, "not looked at after the failure of DNS", ""),
            Diagnosis.ok(Subject.STATE, "fine"));
    assertThat(looked).containsExactly(Subject.DNS, Subject.STATE);
  }

  @Test
  void whatIsThrownIsAFailureInItsOwnWords() throws InterruptedIOException {
    check(
        Subject.DNS,
        Set.of(),
        () -> {
          throw new IOException("no route to host");
        });
    check(
        Subject.LOGIN,
        Set.of(),
        () -> {
          throw new SocketTimeoutException("no answer in 60 s");
        });
    check(
        Subject.PROJECT,
        Set.of(),
        () -> {
          throw new InvalidContentException("no project");
        });
    check(
        Subject.QUOTA,
        Set.of(),
        () -> {
          throw new IOException((String) null);
        });
    fine(Subject.CONNECTION, Subject.DNS);

    assertThat(run().subList(0, 4))
        .containsExactly(
            Diagnosis.failure(Subject.DNS, "no route to host", ""),
            Diagnosis.failure(Subject.LOGIN, "no answer in 60 s", ""),
            Diagnosis.failure(Subject.PROJECT, "no project", ""),
            Diagnosis.failure(Subject.QUOTA, "IOException", ""));
    assertThat(looked).doesNotContain(Subject.CONNECTION);
  }

  @Test
  void endsWhenItIsInterrupted() {
    check(
        Subject.DNS,
        Set.of(),
        () -> {
          throw new InterruptedIOException("stopped");
        });
    fine(Subject.STATE);

    assertThatThrownBy(this::run).isInstanceOf(InterruptedIOException.class).hasMessage("stopped");
    assertThat(looked).containsExactly(Subject.DNS);
  }

  @Test
  void whereNothingListensOnlyThisMachineIsLookedAt(@TempDir Path folder) throws IOException {
    try (TestSite site = new TestSite()) {
      site.state = folder;
      site.registry.close();

      List<Diagnosis> found = new Examination(site.site()).run(diagnosis -> {});

      assertThat(found).extracting(Diagnosis::subject).containsExactly(Subject.values());
      assertThat(found)
          .extracting(Diagnosis::verdict)
          .startsWith(Verdict.OK, Verdict.FAILURE, Verdict.SKIPPED)
          .endsWith(Verdict.SKIPPED, Verdict.OK)
          .filteredOn(Verdict.SKIPPED::equals)
          .hasSize(Subject.values().length - 3);
    }
  }

  @Test
  void aDiagnosisIsOneLine() {
    assertThat(Diagnosis.ok(Subject.DNS, "fine").text()).isEqualTo("fine");
    assertThat(Diagnosis.warning(Subject.DNS, "old", "renew it").text()).isEqualTo("old: renew it");
    assertThat(Verdict.FAILURE.label()).isEqualTo("failure");
    assertThat(Subject.HARBOR.label()).isEqualTo("Harbor");
  }
}
