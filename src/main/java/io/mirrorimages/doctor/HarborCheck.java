package io.mirrorimages.doctor;

import io.mirrorimages.harbor.Settings;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Asks a Harbor for its version, and whether it takes anything at all. */
final class HarborCheck implements Check {
  private final Site site;

  HarborCheck(Site site) {
    this.site = site;
  }

  @Override
  public Subject subject() {
    return Subject.HARBOR;
  }

  @Override
  public Set<Subject> needs() {
    return Set.of(Subject.LOGIN);
  }

  @Override
  public List<Diagnosis> look() throws IOException {
    if (site.harbor().isEmpty()) {
      return List.of();
    }
    Settings settings = site.harbor().get().settings();
    return List.of(
        settings.readOnly()
            ? Diagnosis.failure(
                subject(),
                "it is in read-only mode",
                "let an administrator end that (Configuration, System Settings)")
            : Diagnosis.ok(
                subject(),
                (settings.version().isEmpty()
                        ? "it does not tell its version"
                        : "version " + settings.version())
                    + ", not in read-only mode"));
  }
}
