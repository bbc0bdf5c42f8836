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
class DoctorRunTest {
  private final List<Check> checks = new ArrayList<>();
  private final List<CheckId> looked = new ArrayList<>();

  private interface Look {
    List<CheckResult> look() throws IOException;
  }

  private void check(CheckId subject, Set<CheckId> needs, Look look) {
    checks.add(
        new Check() {
          @Override
          public CheckId subject() {
            return subject;
          }

          @Override
          public Set<CheckId> needs() {
            return needs;
          }

          @Override
          public List<CheckResult> look() throws IOException {
            looked.add(subject);
            return look.look();
          }
        });
  }

  private void fine(CheckId subject, CheckId... needs) {
    check(subject, Set.of(needs), () -> List.of(CheckResult.ok(subject, "fine")));
  }

  private List<CheckResult> run() throws InterruptedIOException {
    List<CheckResult> told = new ArrayList<>();
    List<CheckResult> all = new DoctorRun(checks).run(told::add);
    assertThat(told).isEqualTo(all);
    return all;
  }

  @Test
  void makesAllChecksInTheirOrder() throws InterruptedIOException {
    fine(CheckId.DNS);
    check(
        CheckId.TLS,
        Set.of(CheckId.DNS),
        () ->
            List.of(
                CheckResult.warning(CheckId.TLS, "old", "renew it"),
                CheckResult.skipped(CheckId.TLS, "unknown", "")));
    check(CheckId.HARBOR, Set.of(), List::of);
    fine(CheckId.STATE, CheckId.TLS, CheckId.HARBOR);

    assertThat(run())
        .extracting(CheckResult::subject)
        .containsExactly(CheckId.DNS, CheckId.TLS, CheckId.TLS, CheckId.STATE);
  }

  @Test
  void skipsWhatDependsOnAFailureAndNamesThat() throws InterruptedIOException {
    check(
        CheckId.DNS,
        Set.of(),
        () ->
            List.of(
                CheckResult.ok(CheckId.DNS, "a part"),
                CheckResult.failure(CheckId.DNS, "unknown", "check it")));
    fine(CheckId.CONNECTION, CheckId.DNS);
    fine(CheckId.TLS, CheckId.CONNECTION);
    fine(CheckId.STATE);

    assertThat(run().subList(2, 5))
        .containsExactly(
            CheckResult.skipped(CheckId.CONNECTION, "not looked at after the failure of DNS", ""),
            CheckResult.skipped(CheckId.TLS, "not looked at after the failure of DNS", ""),
            CheckResult.ok(CheckId.STATE, "fine"));
    assertThat(looked).containsExactly(CheckId.DNS, CheckId.STATE);
  }

  @Test
  void whatIsThrownIsAFailureInItsOwnWords() throws InterruptedIOException {
    check(
        CheckId.DNS,
        Set.of(),
        () -> {
          throw new IOException("no route to host");
        });
    check(
        CheckId.LOGIN,
        Set.of(),
        () -> {
          throw new SocketTimeoutException("no answer in 60 s");
        });
    check(
        CheckId.PROJECT,
        Set.of(),
        () -> {
          throw new InvalidContentException("no project");
        });
    check(
        CheckId.QUOTA,
        Set.of(),
        () -> {
          throw new IOException((String) null);
        });
    fine(CheckId.CONNECTION, CheckId.DNS);

    assertThat(run().subList(0, 4))
        .containsExactly(
            CheckResult.failure(CheckId.DNS, "no route to host", ""),
            CheckResult.failure(CheckId.LOGIN, "no answer in 60 s", ""),
            CheckResult.failure(CheckId.PROJECT, "no project", ""),
            CheckResult.failure(CheckId.QUOTA, "an error of which nothing more is known", ""));
    assertThat(looked).doesNotContain(CheckId.CONNECTION);
  }

  @Test
  void endsWhenItIsInterrupted() {
    check(
        CheckId.DNS,
        Set.of(),
        () -> {
          throw new InterruptedIOException("stopped");
        });
    fine(CheckId.STATE);

    assertThatThrownBy(this::run).isInstanceOf(InterruptedIOException.class).hasMessage("stopped");
    assertThat(looked).containsExactly(CheckId.DNS);
  }

  @Test
  void whereNothingListensOnlyThisMachineIsLookedAt(@TempDir Path folder) throws IOException {
    try (TestSite site = new TestSite()) {
      site.state = folder;
      site.registry.close();

      List<CheckResult> found = new DoctorRun(site.site()).run(diagnosis -> {});

      assertThat(found).extracting(CheckResult::subject).containsExactly(CheckId.values());
      assertThat(found)
          .extracting(CheckResult::verdict)
          .startsWith(Verdict.OK, Verdict.FAILURE, Verdict.SKIPPED)
          .endsWith(Verdict.SKIPPED, Verdict.OK)
          .filteredOn(Verdict.SKIPPED::equals)
          .hasSize(CheckId.values().length - 3);
    }
  }

  @Test
  void aDiagnosisIsOneLine() {
    assertThat(CheckResult.ok(CheckId.DNS, "fine").text()).isEqualTo("fine");
    assertThat(CheckResult.warning(CheckId.DNS, "old", "renew it").text())
        .isEqualTo("old: renew it");
    assertThat(Verdict.FAILURE.label()).isEqualTo("failure");
    assertThat(CheckId.HARBOR.label()).isEqualTo("Harbor");
  }
}
