package io.mirrorimages.report;

import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.Set;

/**
 * One line on standard output for each note, for the plan, for each project that is created, and
 * for each image as it ends. Thread-safe: lines do not mix.
 */
public final class ConsoleLines implements RunListener {
  private static final Set<Status> QUIET = EnumSet.of(Status.FAILED, Status.UNFINISHED);

  private final PrintStream out;
  private final int images;
  private final boolean quiet;
  private int ended;

  /**
   * Prints to {@code out}, which is not closed here.
   *
   * @param images how many images the run has
   * @param quiet whether only images that are not done get a line
   */
  public ConsoleLines(PrintStream out, int images, boolean quiet) {
    this.out = out;
    this.images = images;
    this.quiet = quiet;
  }

  @Override
  public void on(RunEvent event) {
    switch (event) {
      case RunEvent.PullsForeseen foreseen -> print(PullLines.text(foreseen.forecast()));
      case RunEvent.Note(String text) -> out.println(text);
      case RunEvent.ProjectCreated created -> print(created.text());
      case RunEvent.PlanMade made -> print(PlanText.oneLine(made.plan()));
      case RunEvent.ImageEnded end -> ended(end.result());
      default -> {
        // No line of its own.
      }
    }
  }

  private void print(String line) {
    if (!quiet) {
      out.println(line);
    }
  }

  private synchronized void ended(ImageResult result) {
    ended++;
    if (result.status() == Status.WAITING) {
      // All of them are told in one line at the end.
      return;
    }
    if (!quiet || QUIET.contains(result.status())) {
      out.println(line(ended, result));
    }
  }

  private String line(int number, ImageResult result) {
    StringBuilder line =
        new StringBuilder(
            String.format(
                "[%d/%d] %-10s %s",
                number, images, label(result), familiar(result.request().source())));
    if (result.status() == Status.COPIED
        || (result.status() == Status.VERIFIED && result.bytes() > 0)) {
      line.append("  ")
          .append(Units.bytes(result.bytes()))
          .append("  ")
          .append(Units.time(result.duration()));
    }
    if (!result.provenance().servedBy().isEmpty()) {
      line.append("  from ").append(Text.line(String.join(", ", result.provenance().servedBy())));
    }
    result.reason().ifPresent(reason -> line.append("  ").append(reason.label()).append(": "));
    if (!result.message().isEmpty()) {
      line.append(result.reason().isPresent() ? "" : "  ").append(Text.line(result.message()));
    }
    return line.toString();
  }

  private static String label(ImageResult result) {
    return result.replaced().isPresent() ? "replaced" : result.status().label();
  }

  /**
   * The name as lists have it: without {@code docker.io/} and {@code library/}, and without the
   * digest beside a tag.
   */
  public static String familiar(Reference reference) {
    String name =
        reference.repository()
            + reference
                .tag()
                .map(t -> ":" + t)
                .orElseGet(() -> "@" + reference.digest().orElseThrow());
    for (String implied : new String[] {"docker.io/library/", "docker.io/"}) {
      if (name.startsWith(implied)) {
        return name.substring(implied.length());
      }
    }
    return name;
  }
}
