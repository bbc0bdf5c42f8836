package io.mirrorimages.cli.output;

import io.mirrorimages.cli.process.Terminal;
import io.mirrorimages.cli.process.TerminalWatch;
import io.mirrorimages.report.live.LiveView;
import java.io.PrintStream;
import picocli.CommandLine.Option;

/** How a run is shown to who watches it. */
public final class ViewOptions {
  /** How it shows how far it is. */
  enum Progress {
    AUTO,
    PLAIN,
    NONE
  }

  /** Whether it uses colours. */
  enum Colours {
    AUTO,
    ALWAYS,
    NEVER
  }

  @Option(
      names = "--progress",
      paramLabel = "auto|plain|none",
      defaultValue = "auto",
      description =
          "How to show how far the run is: auto (a live view on a terminal, lines elsewhere), plain"
              + " (lines), or none (default: ${DEFAULT-VALUE}).")
  private Progress progress = Progress.AUTO;

  @Option(
      names = "--color",
      paramLabel = "auto|always|never",
      defaultValue = "auto",
      description =
          "Whether to print failures in red: auto (on a terminal, unless NO_COLOR is set), always,"
              + " or never (default: ${DEFAULT-VALUE}).")
  private Colours colours = Colours.AUTO;

  /** Whether colours are used. */
  public boolean colours() {
    return colours == Colours.ALWAYS
        || (colours == Colours.AUTO && Terminal.ofProcess().hasColours());
  }

  /** Whether a live view is shown. */
  public boolean isLive() {
    return progress == Progress.AUTO && Terminal.ofProcess().isSteerable();
  }

  /** Whether anything shows how far a run is. */
  public boolean hasProgress() {
    return progress != Progress.NONE;
  }

  /**
   * Opens the live view; the caller closes it.
   *
   * @param images how many images the run has
   */
  public LiveView open(PrintStream out, PrintStream err, int images) {
    TerminalWatch watch = new TerminalWatch();
    LiveView view =
        new LiveView(
            out, err, images, new LiveView.TerminalUse(watch, Terminal.ofProcess().isUnicode()));
    watch.onSuspension(view::suspend);
    return view;
  }
}
