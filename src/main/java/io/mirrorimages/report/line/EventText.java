package io.mirrorimages.report.line;

import io.mirrorimages.image.Text;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.report.FamiliarName;
import io.mirrorimages.report.PlanText;
import io.mirrorimages.report.PullLines;
import io.mirrorimages.report.Summary;
import io.mirrorimages.report.Units;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Events for people. What begins with the name of the program is said by it; the other lines are
 * what became of the images. Each object counts the images of one run.
 */
public final class EventText implements EventFormat {
  /** Smaller archives are unpacked within seconds. */
  private static final long LARGE = 50_000_000;

  private static final Duration STANDSTILL = Duration.ofSeconds(10);

  private final Clock clock;
  private final AtomicInteger ended = new AtomicInteger();

  /** Said where they change: most runs have the same ones for all images. */
  private final AtomicReference<List<String>> servedBy = new AtomicReference<>(List.of());

  private volatile int images;

  /** By this machine's clock and time zone. */
  public EventText() {
    this(Clock.system(ZoneId.systemDefault()));
  }

  EventText(Clock clock) {
    this.clock = clock;
  }

  @Override
  public List<String> lines(RunEvent event) {
    return switch (event) {
      case RunEvent.ImagesEnded end -> summary(end);
      default -> line(event).stream().toList();
    };
  }

  private Optional<String> line(RunEvent event) {
    return Optional.ofNullable(
        switch (event) {
          case RunEvent.RunStarted started -> {
            images = started.images();
            yield null;
          }
          case RunEvent.PullsForeseen foreseen -> PullLines.text(foreseen.forecast());
          case RunEvent.Unpacking unpacking ->
              unpacking.size() < LARGE ? null : said(unpacking(unpacking));
          case RunEvent.Note note -> note.text();
          case RunEvent.ProjectCreated created -> created.text();
          case RunEvent.PlanMade made ->
              isOfFailuresOnly(made.plan()) ? null : PlanText.oneLine(made.plan());
          case RunEvent.ImageEnded end -> ended(end.result()).orElse(null);
          case RunEvent.Progressed progress -> progress(progress);
          case RunEvent.Waiting(Wait wait) -> said(wait.registry() + ": " + text(wait));
          case RunEvent.Hint hint -> said(hint.text());
          case RunEvent.Interrupted stop -> said(stop.text());
          default -> null;
        });
  }

  private static String unpacking(RunEvent.Unpacking event) {
    return "unpacking %s into %s: %s of %s (%d %%)"
        .formatted(
            Text.line(event.archive()),
            Text.line(event.copy()),
            Units.bytes(event.bytes()),
            Units.bytes(event.size()),
            event.bytes() * 100 / Math.max(1, event.size()));
  }

  /** Sums of nothing would only stand before the failures. */
  private static boolean isOfFailuresOnly(Plan plan) {
    return plan.images().isEmpty()
        && plan.settled().stream().noneMatch(result -> result.status() == Status.UNCHANGED);
  }

  /** As the program says it. */
  static String said(String line) {
    return "mirror-images: " + line;
  }

  private Optional<String> ended(ImageResult result) {
    int number = ended.incrementAndGet();
    // Those that were not begun, or wait for others, are one line at the end.
    return result.status() == Status.WAITING || result.status() == Status.UNFINISHED
        ? Optional.empty()
        : Optional.of(image(number, result));
  }

  private String image(int number, ImageResult result) {
    StringBuilder line =
        new StringBuilder(
            String.format(
                "[%d/%d] %-10s %s",
                number,
                images,
                result.replaced().isPresent() ? "replaced" : result.status().label(),
                FamiliarName.of(result.request().source())));
    if (result.status() == Status.COPIED
        || (result.status() == Status.VERIFIED && result.bytes() > 0)) {
      line.append("  ")
          .append(Units.bytes(result.bytes()))
          .append("  ")
          .append(Units.time(result.duration()));
    }
    List<String> endpoints = result.provenance().servedBy();
    if (!endpoints.isEmpty() && !endpoints.equals(servedBy.getAndSet(endpoints))) {
      line.append("  from ").append(Text.line(String.join(", ", endpoints)));
    }
    result.reason().ifPresent(reason -> line.append("  ").append(reason.label()).append(": "));
    if (!result.message().isEmpty()) {
      line.append(result.reason().isPresent() ? "" : "  ").append(Text.line(result.message()));
    }
    return line.toString();
  }

  private static List<String> summary(RunEvent.ImagesEnded end) {
    List<String> lines = new ArrayList<>(List.of(Summary.of(end.images(), end.time())));
    lines.addAll(end.closing());
    return lines;
  }

  private static String progress(RunEvent.Progressed progress) {
    String images = progress.ended() + " of " + Units.count(progress.images(), "image");
    if (progress.total() == 0 && progress.bytes() == 0) {
      return images;
    }
    String bytes =
        Units.bytes(progress.bytes())
            + (progress.total() > 0
                ? " of "
                    + Units.bytes(progress.total())
                    + " ("
                    + Math.min(100, progress.bytes() * 100 / progress.total())
                    + " %)"
                : "");
    return images + ", " + bytes + ", " + speed(progress);
  }

  private static String speed(RunEvent.Progressed progress) {
    return progress.standstill().compareTo(STANDSTILL) >= 0
        ? "stalled for " + Units.time(progress.standstill())
        : Units.bytes(progress.rate())
            + "/s"
            + progress.left().map(left -> ", about " + Units.roughly(left) + " left").orElse("");
  }

  private String text(Wait wait) {
    return switch (wait.kind()) {
      case LIMIT -> wait.cause() + until("; waiting until ", wait);
      case OUTAGE -> wait.cause() + until("; trying again until ", wait);
      case BACK -> "answers again, after " + Units.time(wait.time());
      case GIVEN_UP -> wait.cause() + "; given up after " + Units.time(wait.time());
    };
  }

  /** Nothing where no end is known, or it has passed. */
  private String until(String words, Wait wait) {
    if (!wait.time().isPositive()) {
      return "";
    }
    ZonedDateTime now = ZonedDateTime.now(clock);
    // Rounded up: nothing is tried again before the time that is printed.
    Duration time = Duration.ofSeconds(wait.time().plusNanos(999_999_999).toSeconds());
    ZonedDateTime end = now.plus(time);
    return words + Units.clock(end, now) + " (" + Units.time(time) + ")";
  }
}
