package io.mirrorimages.doctor;

import io.mirrorimages.failure.Failure;
import io.mirrorimages.image.InvalidContentException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** All checks of a registry, one after the other. */
public final class DoctorRun {
  private final List<Check> checks;
  private final Map<CheckId, CheckId> broken = new EnumMap<>(CheckId.class);

  /** One of {@code site}. */
  public DoctorRun(DoctorContext site) {
    this(
        List.of(
            new NameCheck(site),
            new ConnectionCheck(site),
            new TlsCheck(site),
            new RegistryCheck(site),
            new ClockCheck(site),
            new TokensCheck(site),
            new LoginCheck(site),
            new HarborCheck(site),
            new ProjectCheck(site),
            new QuotaCheck(site),
            new ImagesCheck(site),
            new UploadCheck(site),
            new VolumeCheck(site),
            new StateCheck(site)));
  }

  /** One of these checks, in an order where each comes after what it needs. */
  DoctorRun(List<Check> checks) {
    this.checks = checks;
  }

  /**
   * Runs the checks; may take minutes where a host does not answer.
   *
   * @param tell receives each result as it comes
   * @return all of them
   * @throws InterruptedIOException if the thread is interrupted
   */
  public List<CheckResult> run(Consumer<CheckResult> tell) throws InterruptedIOException {
    List<CheckResult> all = new ArrayList<>();
    for (Check check : checks) {
      List<CheckResult> made = diagnoses(check);
      made.forEach(tell);
      all.addAll(made);
    }
    return all;
  }

  private List<CheckResult> diagnoses(Check check) throws InterruptedIOException {
    Optional<CheckId> cause =
        check.needs().stream().filter(broken::containsKey).findFirst().map(broken::get);
    if (cause.isPresent()) {
      broken.put(check.subject(), cause.get());
      return List.of(
          CheckResult.skipped(
              check.subject(), "not looked at after the failure of " + cause.get().label(), ""));
    }
    List<CheckResult> made = look(check);
    if (made.stream().anyMatch(d -> d.verdict() == Verdict.FAILURE)) {
      broken.put(check.subject(), check.subject());
    }
    return made;
  }

  private static List<CheckResult> look(Check check) throws InterruptedIOException {
    try {
      return check.look();
    } catch (SocketTimeoutException e) {
      return List.of(failure(check, e));
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException | InvalidContentException e) {
      return List.of(failure(check, e));
    }
  }

  /** The messages of both kinds say what to do. */
  private static CheckResult failure(Check check, Exception e) {
    return CheckResult.failure(check.subject(), Failure.of(e).message(), "");
  }
}
