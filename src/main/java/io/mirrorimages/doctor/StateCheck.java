package io.mirrorimages.doctor;

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

  private final Site site;

  StateCheck(Site site) {
    this.site = site;
  }

  @Override
  public Subject subject() {
    return Subject.STATE;
  }

  @Override
  public Set<Subject> needs() {
    return Set.of();
  }

  @Override
  public List<Diagnosis> look() throws IOException {
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
    } else if (Files.getFileStore(there).getUsableSpace() < ENOUGH) {
      problem = "the disk of " + there + " is full";
    }
    if (problem.isEmpty()) {
      return List.of(Diagnosis.ok(subject(), "how far uploads are can be kept in " + folder));
    }
    return List.of(
        site.wish().stateAsked()
            ? Diagnosis.failure(subject(), problem, "name another folder with " + Setting.STATE)
            : Diagnosis.warning(
                subject(),
                problem + ", so large layers begin again after an interruption",
                "name another folder with " + Setting.STATE));
  }
}
