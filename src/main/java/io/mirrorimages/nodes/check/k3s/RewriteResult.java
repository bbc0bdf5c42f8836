package io.mirrorimages.nodes.check.k3s;

import io.mirrorimages.nodes.check.k3s.K3sRegistries.RewriteRule;
import java.util.List;

/**
 * What a rewrite makes of a repository path. Rewrites are tried in random order, and the first that
 * changes anything is used: more than one result is a matter of luck.
 *
 * @param rule which
 * @param path what it makes, as it comes out
 */
record RewriteResult(RewriteRule rule, String path) {

  /** All that change the path, in the file's order. */
  static List<RewriteResult> of(String path, List<RewriteRule> rules) {
    return rules.stream()
        .flatMap(
            rule ->
                rule.compiled().stream()
                    .map(go -> new RewriteResult(rule, go.replaceAll(path, rule.replacement()))))
        .filter(result -> !result.path().equals(path))
        .toList();
  }
}
