package io.mirrorimages.nodes.check.k3s;

import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.route.EndpointAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What of a configuration depends on the version of K3s or RKE2. */
final class VersionLint {
  private final K3sRegistries file;
  private final K3sSettings settings;
  private final FindingLog findings;

  VersionLint(K3sRegistries file, K3sSettings settings, FindingLog findings) {
    this.file = file;
    this.settings = settings;
    this.findings = findings;
  }

  void run() {
    path();
    settings.version().ifPresent(this::version);
  }

  private void path() {
    Optional<String> path =
        settings.systemDefaultRegistry().map(K3sSettings::host).filter(h -> h.contains("/"));
    if (path.isEmpty() || settings.version().filter(K3sVersion::isK3s).isPresent()) {
      return;
    }
    String rule =
        "RKE2 takes a path in system-default-registry from "
            + words(K3sVersion.DEFAULT_WITH_PATH)
            + " on, and does not start with one before";
    if (settings.version().isEmpty()) {
      find(FindingKind.VERSION_DEPENDENT, 0, rule);
    } else if (!settings.version().get().has(K3sVersion.DEFAULT_WITH_PATH)) {
      find(
          FindingKind.NEEDS_NEWER_VERSION,
          0,
          rule + ": at " + settings.version().get() + " write the host alone");
    }
  }

  private void version(K3sVersion version) {
    if (!version.has(K3sVersion.HOSTS_TOML)) {
      String since = " came with " + words(K3sVersion.HOSTS_TOML);
      if (settings.disableDefault()) {
        find(
            FindingKind.NEEDS_NEWER_VERSION,
            0,
            "disable-default-registry-endpoint" + since + ": " + version + " does not know it");
      }
      if (settings.embedded()) {
        find(
            FindingKind.NEEDS_NEWER_VERSION,
            0,
            "embedded-registry" + since + ": " + version + " does not know it");
      }
      find(
          FindingKind.VERSION_DEPENDENT,
          0,
          version
              + " writes mirrors to containerd's config.toml: rewrites also apply to the default"
              + " endpoint there, which is shown here as newer versions ask it");
    } else if (!version.has(K3sVersion.WILDCARD)) {
      wildcard(version);
      file.mirrors().values().forEach(mirror -> duplicates(mirror, version));
    }
  }

  private void wildcard(K3sVersion version) {
    K3sRegistries.K3sMirror any = file.mirrors().get(K3sRegistries.ANY);
    if (any != null) {
      find(
          FindingKind.VERSION_DEPENDENT,
          any.line(),
          "below \"*\" the default endpoint is asked from "
              + words(K3sVersion.WILDCARD)
              + " on: "
              + version
              + " asks the mirror alone");
    }
  }

  private void duplicates(K3sRegistries.K3sMirror mirror, K3sVersion version) {
    Set<String> seen = new HashSet<>();
    for (K3sRegistries.WrittenEndpoint endpoint : mirror.endpoints()) {
      Optional<String> key = KubeletPulls.parse(endpoint.text()).map(EndpointAddress::key);
      if (key.isPresent() && !seen.add(key.get())) {
        find(
            FindingKind.NEEDS_NEWER_VERSION,
            endpoint.line(),
            "because the endpoint is there twice, containerd drops all of this mirror before "
                + words(K3sVersion.WILDCARD)
                + ", as "
                + version
                + " is");
      }
    }
  }

  private static String words(List<String> versions) {
    return "v"
        + String.join(", v", versions.subList(0, versions.size() - 1))
        + " and v"
        + versions.getLast();
  }

  private void find(FindingKind kind, int line, String text) {
    findings.add(kind, line > 0 ? file.name() : "", line, text);
  }
}
