package io.mirrorimages.report.live;

import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.report.Units;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The lines of the block: phase and images, bytes and rate, what is waited for, the largest blobs
 * in flight. None is as wide as the terminal, and two rows of it stay free for what scrolls above.
 */
final class StatusBlock {
  private static final int MOST_WAITS = 3;
  private static final int MOST_BLOBS = 5;

  /** Bars stand below each other, and not far from the names. */
  private static final int MOST_OF_A_NAME = 70;

  private final LiveState state;
  private final Pace pace;
  private final Glyphs glyphs;
  private final UnaryOperator<String> clean;
  private final ZoneId zone;

  /**
   * @param clean makes text that comes from elsewhere fit to be printed
   * @param zone in which times are shown
   */
  StatusBlock(LiveState state, Pace pace, Glyphs glyphs, UnaryOperator<String> clean, ZoneId zone) {
    this.state = state;
    this.pace = pace;
    this.glyphs = glyphs;
    this.clean = clean;
    this.zone = zone;
  }

  /** What is to be shown in a terminal of that size at that time; 1 line or more. */
  List<String> lines(TerminalSize size, Instant now) {
    int columns = Math.max(1, size.columns() - 1);
    int rows = Math.max(1, size.rows() - 2);
    List<String> lines = new ArrayList<>();
    lines.add(head(columns));
    if (state.total() > 0 || state.read() > 0) {
      lines.add(bytes(columns));
    }
    waits(lines, columns, now);
    int left = Math.min(MOST_BLOBS, rows - lines.size());
    if (left > 0) {
      state.blobs().largest(left).forEach(blob -> lines.add(blob(blob, columns)));
    }
    return lines.stream().limit(rows).map(line -> Cells.cut(line, columns, glyphs.cut())).toList();
  }

  private String head(int columns) {
    Optional<String> phase = state.phases().current();
    LiveState.Stage stage = state.stage();
    boolean preparing = stage == LiveState.Stage.PREPARING;
    List<String> parts = new ArrayList<>();
    if (state.unpacking().isPresent()) {
      parts.add(clean.apply("unpacking " + state.unpacking().get().archive()));
    } else if (preparing && phase.isPresent()) {
      parts.add(phase.get());
    } else {
      parts.add(
          stage.label()
              + ": "
              + state.images().ended()
              + " of "
              + Units.count(state.all(), "image"));
    }
    if (state.images().failed() > 0) {
      parts.add(state.images().failed() + " failed");
    }
    if (state.images().waiting() > 0) {
      parts.add(state.images().waiting() + " waiting");
    }
    if (!preparing) {
      phase.ifPresent(parts::add);
    }
    parts.add(Units.time(pace.elapsed()));
    return fitting(parts, columns);
  }

  private String bytes(int columns) {
    long total = state.unpacking().map(RunEvent.UnpackingAdvanced::size).orElse(state.total());
    if (total <= 0) {
      return fitting(List.of(Units.bytes(state.read()), pace.speed()), columns);
    }
    long done =
        Math.min(total, state.unpacking().isPresent() ? state.read() : state.blobs().done());
    String share = 100 * done / total + "%";
    String bytes = Units.bytes(done) + " of " + Units.bytes(total);
    Optional<Duration> left = pace.left(total - done);
    List<String> parts = new ArrayList<>(List.of(share, bytes, pace.speed()));
    left.ifPresent(time -> parts.add(Units.roughly(time) + " left"));
    String all = String.join("  ", parts);
    if (Cells.count(all) > columns) {
      List<String> few =
          new ArrayList<>(List.of(share + " of " + Units.bytes(total), pace.speed()));
      left.ifPresent(time -> few.add(Units.roughly(time)));
      return fitting(few, columns);
    }
    int bar = Math.min(30, columns - Cells.count(all) - 2);
    return bar < 8 ? all : glyphs.bar(bar, done, total) + "  " + all;
  }

  private void waits(List<String> lines, int columns, Instant now) {
    List<CurrentWaits.Pending> pending = state.waits().all();
    int shown = pending.size() > MOST_WAITS ? MOST_WAITS - 1 : pending.size();
    pending.stream().limit(shown).forEach(wait -> lines.add(wait(wait, columns, now)));
    if (shown < pending.size()) {
      lines.add("and " + (pending.size() - shown) + " more hosts are waited for");
    }
  }

  /** Until when it lasts is never cut. */
  private String wait(CurrentWaits.Pending pending, int columns, Instant now) {
    String what =
        clean.apply(
            "waiting for " + pending.details().registry() + ": " + pending.details().cause());
    String until = pending.isBounded() ? until(pending.end(), now) : "";
    return Cells.cut(what, columns - Cells.count(until), glyphs.cut()) + until;
  }

  private String until(Instant end, Instant now) {
    return ", until " + Units.clock(end.atZone(zone), now.atZone(zone));
  }

  private String blob(BlobsInFlight.Moving blob, int columns) {
    int bar = columns >= 100 ? 30 : columns >= 70 ? 20 : columns >= 50 ? 10 : 0;
    String share =
        String.format(
            "%s %3d%% of %-6s",
            bar == 0 ? "" : " " + glyphs.bar(bar, blob.done(), blob.size()),
            100 * blob.done() / Math.max(1, blob.size()),
            Units.bytes(blob.size()));
    int room = Math.clamp(columns - 2 - Cells.count(share), 0, MOST_OF_A_NAME);
    String name =
        Cells.squeezeName(clean.apply(state.images().name(blob.target())), room, glyphs.cut());
    return "  " + Cells.pad(name, room) + share;
  }

  /** As many of the parts, from the first one on, as fit. */
  private static String fitting(List<String> parts, int columns) {
    StringBuilder line = new StringBuilder(parts.getFirst());
    for (String part : parts.subList(1, parts.size())) {
      if (Cells.count(line.toString()) + 2 + Cells.count(part) <= columns) {
        line.append(", ").append(part);
      }
    }
    return line.toString();
  }
}
