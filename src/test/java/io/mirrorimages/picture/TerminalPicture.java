package io.mirrorimages.picture;

import io.mirrorimages.testing.VirtualTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Draws a {@link Recording} as an animated SVG: all frames in one column, which a window passes in
 * steps. Each row that differs is there once. Without animation the last frame is seen. It needs
 * nothing from elsewhere: neither fonts nor scripts.
 */
final class TerminalPicture {
  private static final double CELL_WIDTH = 7.8;
  private static final int ROW_HEIGHT = 17;
  private static final int MARGIN = 14;
  private static final Duration AT_THE_END = Duration.ofSeconds(5);
  private static final Duration INTERVAL = Duration.ofMillis(400);
  private static final Duration STEP = Duration.ofMillis(50);

  /** A picture of a slower run is not larger: its frames are further apart. */
  private static final int MOST_FRAMES = 50;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private static final String STYLE =
      """
      svg{--b:#f6f8fa;--t:#1f2328;--d:#59636e;--c1:#cf222e;--c2:#116329;--c3:#7d4e00;--c4:#0550ae;--c5:#8250df;--c6:#1b7c83}
      @media (prefers-color-scheme:dark){svg{--b:#0d1117;--t:#e6edf3;--d:#9198a1;--c1:#ff7b72;--c2:#56d364;--c3:#e3b341;--c4:#79c0ff;--c5:#d2a8ff;--c6:#76e3ea}}
      text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:var(--t);white-space:pre}
      .b{font-weight:bold}.d{fill:var(--d)}.c1{fill:var(--c1)}.c2{fill:var(--c2)}.c3{fill:var(--c3)}.c4{fill:var(--c4)}.c5{fill:var(--c5)}.c6{fill:var(--c6)}
      """;

  private final int columns;
  private final int rows;
  private final Map<List<VirtualTerminal.Cell>, String> names = new HashMap<>();
  private final List<String> definitions = new ArrayList<>();

  TerminalPicture(int columns, int rows) {
    this.columns = columns;
    this.rows = rows;
  }

  /** {@code OUTPUT TIMING COLUMNS ROWS TITLE PICTURE COMMAND...}. */
  public static void main(String[] arguments) throws IOException {
    int columns = Integer.parseInt(arguments[2]);
    int rows = Integer.parseInt(arguments[3]);
    List<Recording.Frame> frames = List.of();
    for (Duration interval = INTERVAL;
        frames.isEmpty() || frames.size() > MOST_FRAMES;
        interval = interval.plus(STEP)) {
      frames =
          Recording.read(
              Path.of(arguments[0]),
              Path.of(arguments[1]),
              new VirtualTerminal(columns, rows),
              interval,
              LONGEST_PAUSE);
    }
    List<String> commands = List.of(arguments).subList(6, arguments.length);
    String picture = new TerminalPicture(columns, rows).draw(frames, arguments[4], commands);
    Files.writeString(Path.of(arguments[5]), picture);
    System.out.printf("%d frames, %d bytes%n", frames.size(), picture.length());
  }

  String draw(List<Recording.Frame> frames, String title, List<String> commands) {
    int width = (int) Math.ceil(columns * CELL_WIDTH) + 2 * MARGIN;
    int height = rows * ROW_HEIGHT + 2 * MARGIN;
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < frames.size(); i++) {
      shown.append(frame(frames.get(i), i));
    }
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img">
    <title>%3$s</title>
    <desc>%11$s</desc>
    <style>
    %4$s%5$s</style>
    <defs>
    %6$s</defs>
    <rect width="100%%" height="100%%" rx="8" style="fill:var(--b)"/>
    <svg x="%7$d" y="%7$d" width="%8$d" height="%9$d"><g class="f">
    %10$s</g></svg>
    </svg>
    """
        .formatted(
            width,
            height,
            escaped(title),
            STYLE,
            animation(frames),
            String.join("", definitions),
            MARGIN,
            width - 2 * MARGIN,
            rows * ROW_HEIGHT,
            shown,
            escaped(String.join("\n", commands)));
  }

  /** The window is at each frame as long as the frame was shown. */
  private String animation(List<Recording.Frame> frames) {
    Duration begin = frames.getFirst().at();
    double whole = seconds(frames.getLast().at().minus(begin).plus(AT_THE_END));
    StringBuilder steps = new StringBuilder();
    for (int i = 0; i < frames.size(); i++) {
      steps.append(
          String.format(
              Locale.ROOT,
              "%.2f%%{transform:translateY(-%dpx)}",
              100 * seconds(frames.get(i).at().minus(begin)) / whole,
              i * rows * ROW_HEIGHT));
    }
    int last = (frames.size() - 1) * rows * ROW_HEIGHT;
    return String.format(
        Locale.ROOT,
        """
        @keyframes run{%s}
        .f{transform:translateY(-%dpx);animation:run %.1fs step-end infinite}
        @media (prefers-reduced-motion:reduce){.f{animation:none}}
        """,
        steps,
        last,
        whole);
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }

  private String frame(Recording.Frame frame, int number) {
    StringBuilder uses = new StringBuilder();
    for (int i = 0; i < frame.rows().size(); i++) {
      List<VirtualTerminal.Cell> cells = withoutBlanksAtTheEnd(frame.rows().get(i));
      if (!cells.isEmpty()) {
        uses.append(
            String.format(
                "<use href=\"#%s\" y=\"%d\"/>%n", name(cells), (number * rows + i) * ROW_HEIGHT));
      }
    }
    return uses.toString();
  }

  private static List<VirtualTerminal.Cell> withoutBlanksAtTheEnd(List<VirtualTerminal.Cell> row) {
    int end = row.size();
    while (end > 0 && row.get(end - 1).text().equals(" ")) {
      end--;
    }
    return row.subList(0, end);
  }

  /** The name of its definition, which is made when the row is first seen. */
  private String name(List<VirtualTerminal.Cell> cells) {
    return names.computeIfAbsent(
        cells,
        row -> {
          String name = "r" + definitions.size();
          definitions.add(definition(name, row));
          return name;
        });
  }

  private static String definition(String name, List<VirtualTerminal.Cell> cells) {
    StringBuilder text = new StringBuilder("<g id=\"" + name + "\">");
    int begin = 0;
    for (int i = 1; i <= cells.size(); i++) {
      if (i == cells.size() || !cells.get(i).style().equals(cells.get(begin).style())) {
        text.append(run(begin, cells.subList(begin, i)));
        begin = i;
      }
    }
    return text.append("</g>\n").toString();
  }

  /** Cells of one style, stretched to their columns whatever the font. */
  private static String run(int column, List<VirtualTerminal.Cell> cells) {
    StringBuilder text = new StringBuilder();
    cells.forEach(cell -> text.append(cell.text()));
    if (text.toString().isBlank()) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "<text%s x=\"%.1f\" y=\"13\" textLength=\"%.1f\""
            + " lengthAdjust=\"spacingAndGlyphs\">%s</text>",
        styles(cells.getFirst().style()),
        column * CELL_WIDTH,
        cells.size() * CELL_WIDTH,
        escaped(text.toString()));
  }

  private static String styles(VirtualTerminal.Style style) {
    List<String> classes = new ArrayList<>();
    if (style.bold()) {
      classes.add("b");
    }
    if (style.dim()) {
      classes.add("d");
    }
    if (style.colour() >= 1 && style.colour() <= 6) {
      classes.add("c" + style.colour());
    }
    return classes.isEmpty() ? "" : " class=\"" + String.join(" ", classes) + "\"";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
