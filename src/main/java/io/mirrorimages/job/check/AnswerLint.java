package io.mirrorimages.job.check;

import io.mirrorimages.job.check.AttemptAnswer.AttemptState;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeAttempt;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the answers of servers say about a configuration. */
final class AnswerLint {
  private final Map<String, Integer> privateProjects = new LinkedHashMap<>();
  private final Map<String, Integer> incomplete = new LinkedHashMap<>();
  private final Map<String, Integer> fallBack = new LinkedHashMap<>();

  private AnswerLint() {}

  /** Notes what the answers of one reader show. */
  static void run(Collection<CheckedImage> images, FindingLog findings) {
    AnswerLint lint = new AnswerLint();
    images.forEach(lint::image);
    note(
        lint.privateProjects,
        FindingKind.PRIVATE_PROJECT,
        " refuses anonymous pulls of ",
        ": make the project public, or give the node a login (where a pod has imagePullSecrets, its"
            + " own login is sent instead)",
        findings);
    note(
        lint.incomplete,
        FindingKind.INCOMPLETE_MIRROR,
        " does not have ",
        ", and no default endpoint is left to ask: load them there",
        findings);
    note(
        lint.fallBack,
        FindingKind.FALLS_BACK,
        " does not give ",
        ", so nodes fetch from the registry itself: without internet they fail",
        findings);
  }

  private void image(CheckedImage image) {
    Set<String> refusing = new LinkedHashSet<>();
    for (AttemptAnswer answer : image.answers()) {
      NodeAttempt attempt = answer.attempt();
      boolean anonymous = attempt.login().credential().isEmpty();
      if (answer.state() == AttemptState.DENIED && anonymous && !attempt.isDefault()) {
        refusing.add(attempt.host() + "/" + project(attempt));
      }
    }
    refusing.forEach(place -> privateProjects.merge(place, 1, Integer::sum));
    Optional<AttemptAnswer> mirror =
        image.answers().stream()
            .filter(a -> !a.attempt().isDefault() && a.state() != AttemptState.IMPOSSIBLE)
            .findFirst();
    if (mirror.isEmpty()) {
      return;
    }
    boolean noDefault = image.answers().stream().noneMatch(a -> a.attempt().isDefault());
    boolean absent = image.answers().stream().anyMatch(a -> a.state() == AttemptState.ABSENT);
    if (noDefault && image.found().isEmpty() && absent) {
      incomplete.merge(mirror.get().attempt().base(), 1, Integer::sum);
    }
    if (image.found().filter(found -> found.attempt().isDefault()).isPresent()) {
      fallBack.merge(mirror.get().attempt().base(), 1, Integer::sum);
    }
  }

  /** The first component of the repository's full name there, which is Harbor's project. */
  private static String project(NodeAttempt attempt) {
    String full = (attempt.root() + "/" + attempt.path()).replaceFirst("^/v2/", "");
    return full.replaceFirst("^/", "").split("/")[0];
  }

  private static void note(
      Map<String, Integer> counted,
      FindingKind kind,
      String verb,
      String advice,
      FindingLog findings) {
    counted.forEach(
        (place, count) ->
            findings.add(
                kind, "", 0, place + verb + count + (count == 1 ? " image" : " images") + advice));
  }
}
