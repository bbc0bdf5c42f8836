package io.mirrorimages.doctor;

/**
 * One thing that was found. Holds no secret.
 *
 * @param verdict how it came out
 * @param subject what it is about
 * @param finding one line, what there is or what is wrong
 * @param remedy what to do about it; empty where there is nothing to do, or the finding says it
 */
public record CheckResult(Verdict verdict, CheckId subject, String finding, String remedy) {

  static CheckResult ok(CheckId subject, String finding) {
    return new CheckResult(Verdict.OK, subject, finding, "");
  }

  static CheckResult warning(CheckId subject, String finding, String remedy) {
    return new CheckResult(Verdict.WARNING, subject, finding, remedy);
  }

  static CheckResult failure(CheckId subject, String finding, String remedy) {
    return new CheckResult(Verdict.FAILURE, subject, finding, remedy);
  }

  static CheckResult skipped(CheckId subject, String why, String remedy) {
    return new CheckResult(Verdict.SKIPPED, subject, why, remedy);
  }

  /** Finding and remedy in one line. */
  public String text() {
    return remedy.isEmpty() ? finding : finding + ": " + remedy;
  }
}
