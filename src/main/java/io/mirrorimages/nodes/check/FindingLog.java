package io.mirrorimages.nodes.check;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects findings, each once. Not thread-safe. */
public final class FindingLog {
  private final Set<ConfigFinding> findings = new LinkedHashSet<>();
  private final Set<GivenCertificate> certificates = new LinkedHashSet<>();

  /** Notes a finding; see {@link ConfigFinding}. */
  public void add(FindingKind kind, String file, int line, String text) {
    findings.add(new ConfigFinding(kind, file, line, text));
  }

  /** Keeps a client certificate, to be compared with what servers present. */
  void given(GivenCertificate certificate) {
    certificates.add(certificate);
  }

  /** The client certificates that may be of clients, by what is in them. */
  public List<GivenCertificate> certificates() {
    return List.copyOf(certificates);
  }

  /** All, by file and line. */
  public List<ConfigFinding> all() {
    return findings.stream()
        .sorted(Comparator.comparing(ConfigFinding::file).thenComparingInt(ConfigFinding::line))
        .toList();
  }
}
