package io.mirrorimages.doctor;

import io.mirrorimages.disk.FreeSpace;
import io.mirrorimages.failure.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Looks whether the state of uploads can be kept on this machine: a few kB, and nothing else is.
 */
final class StateCheck implements Check {
  private static final long ENOUGH = 1024 * 1024;

  private final DoctorContext site;

  StateCheck(DoctorContext site) {
    this.site = site;
  }

  @Override
  public CheckId subject() {
    return CheckId.STATE;
  }

  @Override
  public Set<CheckId> needs() {
    return Set.of();
  }

  @Override
  public List<CheckResult> look() throws IOException {
    Path folder = site.wish().state();
    Path there = folder.toAbsolutePath();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    String problem = "";
    if (!Files.isDirectory(there)) {
      problem = there + " is no folder";
    } else if (!Files.isWritable(there)) {
      problem = there + " may not be written to";
    } else if (FreeSpace.of(there) < ENOUGH) {
      problem = "the disk of " + there + " is full";
    }
    if (problem.isEmpty()) {
      return List.of(CheckResult.ok(subject(), "how far uploads are can be kept in " + folder));
    }
    return List.of(
        site.wish().stateAsked()
            ? CheckResult.failure(subject(), problem, "name another folder with " + Setting.STATE)
            : CheckResult.warning(
                subject(),
                problem + ", so large layers begin again after an interruption",
                "name another folder with " + Setting.STATE));
  }
}
