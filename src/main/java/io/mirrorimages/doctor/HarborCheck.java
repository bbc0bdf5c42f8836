package io.mirrorimages.doctor;

import io.mirrorimages.harbor.Settings;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Asks a Harbor for its version, and whether it takes anything at all. */
final class HarborCheck implements Check {
  private final DoctorContext site;

  HarborCheck(DoctorContext site) {
    this.site = site;
  }

  @Override
  public CheckId subject() {
    return CheckId.HARBOR;
  }

  @Override
  public Set<CheckId> needs() {
    return Set.of(CheckId.LOGIN);
  }

  @Override
  public List<CheckResult> look() throws IOException {
    if (site.harbor().isEmpty()) {
      return List.of();
    }
    Settings settings = site.harbor().get().settings();
    return List.of(
        settings.readOnly()
            ? CheckResult.failure(
                subject(),
                "it is in read-only mode",
                "let an administrator end that (Configuration, System Settings)")
            : CheckResult.ok(
                subject(),
                (settings.version().isEmpty()
                        ? "it does not tell its version"
                        : "version " + settings.version())
                    + ", not in read-only mode"));
  }
}
