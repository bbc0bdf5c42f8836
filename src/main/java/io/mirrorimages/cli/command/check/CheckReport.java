package io.mirrorimages.cli.command.check;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.job.check.CheckedImage;
import io.mirrorimages.nodes.check.ConfigFinding;
import io.mirrorimages.nodes.check.FindingKind;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that a check found.
 *
 * @param images each image once for each reader
 * @param findings by file and line
 * @param nodeVersion by whose rules a registries.yaml was read; empty if there is none
 */
record CheckReport(
    List<CheckedImage> images, List<ConfigFinding> findings, Optional<String> nodeVersion) {

  /** How many findings are that bad. */
  long count(FindingKind.Severity severity) {
    return findings.stream().filter(f -> f.kind().severity() == severity).count();
  }

  /** Whether an error is in a file, and not in what servers answer. */
  boolean hasWrongFile() {
    Set<FindingKind> answers = Set.of(FindingKind.PRIVATE_PROJECT, FindingKind.INCOMPLETE_MIRROR);
    return findings.stream()
        .map(ConfigFinding::kind)
        .anyMatch(kind -> kind.severity() == FindingKind.Severity.ERROR && !answers.contains(kind));
  }

  /** How many images end so, over all readers. */
  long count(CheckedImage.CheckOutcome outcome) {
    return images.stream().filter(image -> image.outcome() == outcome).count();
  }

  /** How many images there are. */
  long names() {
    return images.stream().map(image -> image.resolution().image()).distinct().count();
  }

  /** How many readers there are. */
  long readers() {
    return images.stream().map(image -> image.resolution().reader()).distinct().count();
  }

  /** Whether no server could be asked for it; one that refuses a login was asked. */
  static boolean isUnreachable(CheckedImage image) {
    return image.outcome() == CheckedImage.CheckOutcome.NOT_FOUND
        && !image.answers().isEmpty()
        && image.answers().stream()
            .allMatch(answer -> answer.reason().filter(FailureKind.NETWORK::equals).isPresent());
  }
}
