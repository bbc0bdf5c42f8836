package io.mirrorimages.cli.command.check;

import io.mirrorimages.image.Text;
import io.mirrorimages.job.check.AttemptAnswer;
import io.mirrorimages.job.check.AttemptAnswer.AttemptState;
import io.mirrorimages.job.check.CheckedImage;
import io.mirrorimages.job.check.CheckedImage.CheckOutcome;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.NodeAttempt;
import io.mirrorimages.report.Units;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a check found, for people: one block for all images in the same situation. */
final class CheckText {
  private static final int WIDTH = 80;
  private static final int MOST_NAMED = 5;

  private final PrintStream out;
  private final boolean all;

  /**
   * @param all whether every image is named
   */
  CheckText(PrintStream out, boolean all) {
    this.out = out;
    this.all = all;
  }

  /**
   * @param newest whether the rules of the newest version were taken since none was given
   */
  void print(CheckReport report, boolean newest) {
    report.findings().forEach(finding -> paragraph("", "  ", finding.toString()));
    if (!report.findings().isEmpty()) {
      out.println();
    }
    Map<List<String>, List<CheckedImage>> groups = new LinkedHashMap<>();
    for (CheckedImage image : report.images()) {
      groups.computeIfAbsent(situation(image), key -> new ArrayList<>()).add(image);
    }
    groups.values().forEach(this::block);
    summary(report);
    if (newest) {
      report
          .nodeVersion()
          .ifPresent(
              version ->
                  paragraph(
                      "",
                      "",
                      "registries.yaml was read as K3s and RKE2 "
                          + version
                          + " do; --node-version takes another one."));
    }
  }

  /** What images of one block have in common. */
  private static List<String> situation(CheckedImage image) {
    List<String> same = new ArrayList<>();
    same.add(image.resolution().reader());
    same.add(image.resolution().image().repository().registry());
    same.add(image.outcome().label());
    for (AttemptAnswer answer : image.answers()) {
      NodeAttempt attempt = answer.attempt();
      same.add(attempt.base() + " " + attempt.login() + " " + attempt.tls());
      // Each image may have a rewrite of its own.
      same.add(attempt.reason().replaceFirst(", rewritten by .*", ""));
      same.add(answer.state().label());
    }
    return same;
  }

  private void block(List<CheckedImage> images) {
    CheckedImage first = images.getFirst();
    out.println(first.resolution().reader());
    paragraph(
        "  ",
        "    ",
        Units.count(images.size(), "image")
            + " of "
            + first.resolution().image().repository().registry()
            + ": "
            + verdict(first));
    int number = 1;
    for (AttemptAnswer answer : first.answers()) {
      attempt(number++, answer, first);
    }
    if (!first.isGood() || all) {
      images.stream()
          .limit(all ? Long.MAX_VALUE : MOST_NAMED)
          .forEach(image -> out.println("  - " + image.resolution().image()));
      if (!all && images.size() > MOST_NAMED) {
        out.println("  - and " + (images.size() - MOST_NAMED) + " more: see --all");
      }
    }
    out.println();
  }

  private static String verdict(CheckedImage image) {
    ImageVerdict verdict = ImageVerdict.of(image);
    return verdict != ImageVerdict.OTHER_DIGEST
        ? verdict.words()
        : verdict.words()
            + " ("
            + image.found().flatMap(AttemptAnswer::digest).map(Object::toString).orElse("none")
            + ", not "
            + image.expected().map(Object::toString).orElse("")
            + ")";
  }

  private void attempt(int number, AttemptAnswer answer, CheckedImage example) {
    NodeAttempt attempt = answer.attempt();
    String url = attempt.url(example.resolution().image());
    out.println("  " + number + ". " + Text.line(url));
    paragraph(
        "     ",
        "     ",
        attempt.login()
            + ", "
            + (attempt.scheme().equals("http") ? "no TLS" : attempt.tls())
            + " ("
            + attempt.reason()
            + ")");
    if (answer.state() != AttemptState.NOT_ASKED) {
      String text = answer.text().isEmpty() ? "" : ": " + answer.text();
      String digest = answer.digest().map(found -> ", " + found).orElse("");
      String state = answer.state() == AttemptState.ABSENT ? "" : answer.state().label();
      paragraph("     = ", "       ", (state + text + digest).replaceFirst("^: ", ""));
    }
  }

  private void summary(CheckReport report) {
    List<String> parts = new ArrayList<>();
    add(parts, report.count(CheckOutcome.FOUND), "found");
    add(parts, report.count(CheckOutcome.RESOLVED), "resolved");
    Map<ImageVerdict, Long> failures =
        report.images().stream()
            .filter(image -> image.outcome() == CheckOutcome.NOT_FOUND)
            .collect(Collectors.groupingBy(ImageVerdict::of, TreeMap::new, Collectors.counting()));
    failures.forEach(
        (verdict, count) -> add(parts, count, verdict.words().toLowerCase(Locale.ROOT)));
    add(parts, report.count(CheckOutcome.OTHER_DIGEST), "with another digest");
    long errors = report.count(FindingKind.Severity.ERROR);
    paragraph(
        "",
        "",
        Units.count(report.names(), "image")
            + (report.readers() > 1 ? " for " + report.readers() + " readers" : "")
            + (parts.isEmpty() ? "" : ": " + String.join(", ", parts))
            + "; "
            + Units.count(errors, "error")
            + ", "
            + Units.count(report.count(FindingKind.Severity.WARNING), "warning"));
    paragraph("", "", advice(report));
  }

  private static void add(List<String> parts, long count, String what) {
    if (count > 0) {
      parts.add(count + " " + what);
    }
  }

  private static String advice(CheckReport report) {
    boolean bad = report.images().stream().anyMatch(image -> !image.isGood());
    if (report.hasWrongFile()) {
      return "Correct the lines with errors, restart the service that reads them on each node,"
          + " and run this again.";
    }
    if (bad) {
      return "Nodes can't pull some images: "
          + (report.images().stream().anyMatch(CheckText::isToBeLoaded)
              ? "load them at the place of the first attempt, or correct what the attempts say."
              : "correct what the attempts say, and run this again.");
    }
    return report.count(CheckOutcome.RESOLVED) > 0
        ? "Nothing was asked: without --offline this also tells whether the images are there."
        : "Nodes get every image.";
  }

  /** Whether a mirror has answered, and has not what is expected. */
  private static boolean isToBeLoaded(CheckedImage image) {
    return image.outcome() == CheckOutcome.OTHER_DIGEST
        || (!image.isGood()
            && image.answers().stream()
                .anyMatch(
                    answer ->
                        answer.state() == AttemptState.ABSENT && !answer.attempt().isDefault()));
  }

  /** Broken at blanks; a word that is too long, such as an address, stays whole. */
  private void paragraph(String indent, String further, String text) {
    StringBuilder line = new StringBuilder(indent);
    boolean blank = true;
    for (String word : Text.line(text).split(" ")) {
      if (!blank && line.length() + 1 + word.length() > WIDTH) {
        out.println(line);
        line = new StringBuilder(further);
        blank = true;
      }
      line.append(blank ? "" : " ").append(word);
      blank = false;
    }
    out.println(line);
  }
}
