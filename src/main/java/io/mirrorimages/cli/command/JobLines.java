package io.mirrorimages.cli.command;

import io.mirrorimages.job.JobListener;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import java.io.PrintStream;

/**
 * Prints what a job tells.
 *
 * @param images takes what the engine tells
 * @param out where notes go
 * @param err where hints go
 * @param quiet whether created projects are left out
 * @param finished called when only the end of the work is left
 */
record JobLines(
    RunListener images, PrintStream out, PrintStream err, boolean quiet, Runnable finished)
    implements JobListener {
  @Override
  public void on(RunEvent event) {
    images.on(event);
  }

  @Override
  public void note(String line) {
    out.println(line);
  }

  @Override
  public void hint(String line) {
    err.println("mirror-images: " + line);
  }

  @Override
  public void projectCreated(String line) {
    if (!quiet) {
      out.println(line);
    }
  }

  @Override
  public void finishing() {
    finished.run();
  }
}
