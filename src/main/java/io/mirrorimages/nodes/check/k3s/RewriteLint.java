package io.mirrorimages.nodes.check.k3s;

import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.k3s.K3sRegistries.K3sMirror;
import io.mirrorimages.nodes.check.k3s.K3sRegistries.RewriteRule;
import io.mirrorimages.route.EndpointAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is odd about the rewrites of a {@code registries.yaml}, alone and for a list of images. */
final class RewriteLint {
  private final K3sRegistries file;
  private final Collection<Reference> images;
  private final FindingLog findings;

  RewriteLint(K3sRegistries file, Collection<Reference> images, FindingLog findings) {
    this.file = file;
    this.images = images;
    this.findings = findings;
  }

  void run() {
    file.mirrors().forEach(this::mirror);
  }

  private static boolean isWholeName(String pattern) {
    return pattern.matches("\\^([a-z0-9/_-]|\\[[.]])+\\$");
  }

  private void mirror(String name, K3sMirror mirror) {
    mirror.rewrites().forEach(this::rule);
    if (mirror.rewrites().isEmpty()) {
      return;
    }
    onDefault(name, mirror);
    List<String> paths =
        images.stream()
            .filter(image -> isFor(name, image))
            .map(image -> image.repository().path())
            .distinct()
            .toList();
    Set<RewriteRule> used = new HashSet<>();
    Set<List<RewriteRule>> overlaps = new HashSet<>();
    int unmatched = 0;
    Optional<String> example = Optional.empty();
    for (String path : paths) {
      List<RewriteResult> results = RewriteResult.of(path, mirror.rewrites());
      results.forEach(result -> used.add(result.rule()));
      overlap(path, results, overlaps);
      results.forEach(result -> result(path, result));
      if (mirror.rewrites().stream().noneMatch(rule -> fits(path, rule))) {
        unmatched++;
        example = example.or(() -> Optional.of(path));
      }
    }
    // Rewrites of whole names are for these alone; the others stay as they are.
    boolean patterns = !mirror.rewrites().stream().allMatch(rule -> isWholeName(rule.pattern()));
    if (patterns && example.isPresent()) {
      find(
          FindingKind.NOT_COVERED,
          mirror.line(),
          "no rewrite fits "
              + example.get()
              + (unmatched > 1 ? " and " + (unmatched - 1) + " more" : "")
              + ": asked for at the mirror by their original names");
    }
    if (!paths.isEmpty()) {
      mirror.rewrites().stream()
          .filter(rule -> rule.compiled().isPresent() && !used.contains(rule))
          .forEach(
              rule ->
                  find(
                      FindingKind.REWRITE_NEVER_MATCHES,
                      rule.line(),
                      Text.quote(rule.pattern()) + " changes no image of the list"));
    }
  }

  /** Also where the result is the path itself. */
  private static boolean fits(String path, RewriteRule rule) {
    return rule.compiled().filter(go -> !go.replaceAll(path, "\n").equals(path)).isPresent();
  }

  private boolean isFor(String name, Reference image) {
    String registry = image.repository().registry();
    return name.equals(K3sRegistries.ANY)
        ? !file.mirrors().containsKey(registry)
        : registry.equals(name);
  }

  private void rule(RewriteRule rule) {
    if (rule.breaksToml()) {
      find(
          FindingKind.REWRITE_UNSAFE,
          rule.line(),
          "a backslash or quote makes the agent write a file that containerd can't read, and all"
              + " of this mirror is lost: write [.] for \\. and [0-9] for \\d");
    }
    rule.compiled()
        .flatMap(go -> go.missingGroup(rule.replacement()))
        .ifPresent(
            group ->
                find(
                    FindingKind.REWRITE_GROUP,
                    rule.line(),
                    "$"
                        + group
                        + " is a group that "
                        + Text.quote(rule.pattern())
                        + " does not have, and is empty"
                        + (group.matches("[0-9]+[A-Za-z_].*")
                            ? ": write ${" + group.replaceAll("^([0-9]+).*", "$1") + "}"
                            : "")));
  }

  private void onDefault(String name, K3sMirror mirror) {
    Optional<String> registry =
        KubeletPulls.parse(name).map(EndpointAddress::key).filter(key -> !name.equals("*"));
    if (mirror.endpoints().isEmpty() || registry.isEmpty()) {
      return;
    }
    K3sRegistries.WrittenEndpoint last = mirror.endpoints().getLast();
    boolean same = KubeletPulls.parse(last.text()).map(EndpointAddress::key).equals(registry);
    if (same) {
      find(
          FindingKind.REWRITE_ON_DEFAULT,
          last.line(),
          "this endpoint is the registry itself, which is never asked with rewrites: write"
              + " https://"
              + DockerHub.serverOf(name)
              + ":443 (and the same host below \"configs\")");
    }
  }

  private void overlap(String path, List<RewriteResult> results, Set<List<RewriteRule>> known) {
    List<String> different = results.stream().map(RewriteResult::path).distinct().toList();
    List<RewriteRule> rules = results.stream().map(RewriteResult::rule).toList();
    if (different.size() > 1 && known.add(rules)) {
      find(
          FindingKind.REWRITE_OVERLAP,
          rules.get(1).line(),
          "two rewrites fit "
              + path
              + " (lines "
              + rules.get(0).line()
              + " and "
              + rules.get(1).line()
              + "), one is taken at random: "
              + String.join(" or ", different));
    }
  }

  private void result(String path, RewriteResult result) {
    try {
      Reference.checkPath(EndpointAddress.clean(result.path()).substring(1));
    } catch (InvalidContentException e) {
      find(
          FindingKind.REWRITE_RESULT,
          result.rule().line(),
          "the rewrite makes "
              + Text.quote(result.path())
              + " of "
              + path
              + ", which is no repository's name");
    }
  }

  private void find(FindingKind kind, int line, String text) {
    findings.add(kind, file.name(), line, text);
  }
}
