package io.mirrorimages.nodes.check;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects findings, each once. Not thread-safe. */
public final class FindingLog {
  private final Set<ConfigFinding> findings = new LinkedHashSet<>();

  /** Notes a finding; see {@link ConfigFinding}. */
  public void add(FindingKind kind, String file, int line, String text) {
    findings.add(new ConfigFinding(kind, file, line, text));
  }

  /** All, by file and line. */
  public List<ConfigFinding> all() {
    return findings.stream()
        .sorted(Comparator.comparing(ConfigFinding::file).thenComparingInt(ConfigFinding::line))
        .toList();
  }
}
