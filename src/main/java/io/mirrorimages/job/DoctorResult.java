package io.mirrorimages.job;

import io.mirrorimages.doctor.CheckResult;
import io.mirrorimages.doctor.Verdict;
import java.util.List;

/**
 * What a {@link DoctorJob} found.
 *
 * @param checks the results, in the order of the checks
 */
public record DoctorResult(List<CheckResult> checks) {
  /** A copy of the results. */
  public DoctorResult {
    checks = List.copyOf(checks);
  }

  /** How many checks ended with this verdict. */
  public long count(Verdict verdict) {
    return checks.stream().filter(check -> check.verdict() == verdict).count();
  }

  /** Whether nothing would stop a transfer; there may be warnings. */
  public boolean isHealthy() {
    return count(Verdict.FAILURE) == 0;
  }
}
