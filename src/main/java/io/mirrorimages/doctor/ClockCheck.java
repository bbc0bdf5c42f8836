package io.mirrorimages.doctor;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compares this machine's clock with the Date of an answer. Harbor and distribution bear a minute
 * of difference between the clocks that make and check a token; those are not ours, but
 * certificates are judged by ours.
 */
final class ClockCheck implements Check {
  /** What registries bear themselves. */
  static final Duration BORNE = Duration.ofSeconds(60);

  private final DoctorContext site;

  ClockCheck(DoctorContext site) {
    this.site = site;
  }

  @Override
  public CheckId subject() {
    return CheckId.CLOCK;
  }

  @Override
  public Set<CheckId> needs() {
    return Set.of(CheckId.REGISTRY);
  }

  @Override
  public List<CheckResult> look() throws IOException {
    Optional<Duration> ahead = site.hello().ahead();
    if (ahead.isEmpty()) {
      return List.of(
          CheckResult.skipped(subject(), "the registry does not say what time it is", ""));
    }
    Duration off = ahead.get();
    String found = off.abs().toSeconds() < 2 ? "the same as here" : words(off) + " this machine's";
    return List.of(
        off.abs().compareTo(BORNE) <= 0
            ? CheckResult.ok(subject(), "the registry's is " + found)
            : CheckResult.warning(
                subject(),
                "the registry's is " + found,
                "set the wrong one (NTP): certificates are judged by the clock, and logs of both"
                    + " sides do not match"));
  }

  /** As in "90 s ahead of". */
  static String words(Duration ahead) {
    long seconds = ahead.abs().toSeconds();
    String amount =
        seconds < 120
            ? seconds + " s"
            : seconds < 7200
                ? seconds / 60 + " min"
                : seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " days";
    return amount + (ahead.isNegative() ? " behind" : " ahead of");
  }
}
