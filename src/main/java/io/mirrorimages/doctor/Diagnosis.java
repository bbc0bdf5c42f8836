package io.mirrorimages.doctor;

/**
 * One thing that was found. Holds no secret.
 *
 * @param verdict how it came out
 * @param subject what it is about
 * @param finding one line, what there is or what is wrong
 * @param remedy what to do about it; empty where there is nothing to do, or the finding says it
 */
public record Diagnosis(Verdict verdict, Subject subject, String finding, String remedy) {

  static Diagnosis ok(Subject subject, String finding) {
    return new Diagnosis(Verdict.OK, subject, finding, "");
  }

  static Diagnosis warning(Subject subject, String finding, String remedy) {
    return new Diagnosis(Verdict.WARNING, subject, finding, remedy);
  }

  static Diagnosis failure(Subject subject, String finding, String remedy) {
    return new Diagnosis(Verdict.FAILURE, subject, finding, remedy);
  }

  static Diagnosis skipped(Subject subject, String why, String remedy) {
    return new Diagnosis(Verdict.SKIPPED, subject, why, remedy);
  }

  /** Finding and remedy in one line. */
  public String text() {
    return remedy.isEmpty() ? finding : finding + ": " + remedy;
  }
}
