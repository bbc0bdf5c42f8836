package io.mirrorimages.job.carry;

import java.io.IOException;
import java.io.OutputStream;

/** This tool as one file that is carried with an archive: a gzipped tar with one folder. */
public sealed interface CarriedTool permits Distribution, ToolTarball {
  /** What the file is called, for example {@code mirror-images-0.1.0-linux-amd64.tar.gz}. */
  String fileName();

  /** The folder that it unpacks to, which has {@code bin/mirror-images}. */
  String folder();

  /** Whether it has a Java of its own; otherwise the far side needs one. */
  boolean hasJava();

  /** The bytes of the file at most. */
  long largestSize() throws IOException;

  /** Writes the file; {@code out} stays open. The same tool gives the same bytes. */
  void writeTo(OutputStream out) throws IOException;
}
