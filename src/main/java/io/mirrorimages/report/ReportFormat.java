package io.mirrorimages.report;

import io.mirrorimages.failure.Setting;
import java.io.IOException;
import java.io.OutputStream;

/** A form in which a {@link RunReport} is written. Immutable. */
public interface ReportFormat {
  /** Writes the whole report; {@code out} may be closed. */
  void write(RunReport report, OutputStream out) throws IOException;

  /**
   * Whether a file is a report of this form, so that it may be replaced.
   *
   * @param head the first 64 KiB of it, a character per byte; never empty
   */
  boolean isReport(String head);

  /**
   * The form for a run that follows the one that wrote {@code earlier}: some figures go on from
   * there.
   *
   * @param earlier the first 64 KiB of its file, a character per byte; empty if there is none
   */
  default ReportFormat after(String earlier) {
    return this;
  }

  /** What names the file. */
  Setting setting();

  /** What the file is called in messages. */
  String noun();

  /**
   * Whether the file of an earlier run says nothing wrong while a later run can't replace it; else
   * it is removed then.
   */
  boolean staysTrue();
}
