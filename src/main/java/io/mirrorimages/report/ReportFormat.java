package io.mirrorimages.report;

import java.io.IOException;
import java.io.OutputStream;

/** A form in which a {@link RunReport} is written. Stateless. */
public interface ReportFormat {
  /** Writes the whole report; {@code out} may be closed. */
  void write(RunReport report, OutputStream out) throws IOException;

  /**
   * Whether a file is a report of this form, so that it may be replaced.
   *
   * @param head the first 64 KiB of it, a character per byte; never empty
   */
  boolean isReport(String head);
}
