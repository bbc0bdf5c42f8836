package io.mirrorimages.archive.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files that are read as one, each as long as it was when it was opened. */
final class JoinedFile extends PositionalFile {
  /** Those behind the first one, which this is itself. */
  private final List<PositionalFile> others = new ArrayList<>();

  /** Where each ends, the first one too, and the next one begins. */
  private final long[] ends;

  /** Opens all, at least one, or none. */
  JoinedFile(List<Path> files) throws IOException {
    super(files.getFirst(), false);
    ends = new long[files.size()];
    boolean opened = false;
    try {
      ends[0] = super.size();
      for (int i = 1; i < ends.length; i++) {
        PositionalFile other = PositionalFile.forReading(files.get(i));
        others.add(other);
        ends[i] = ends[i - 1] + other.size();
      }
      opened = true;
    } finally {
      if (!opened) {
        close();
      }
    }
  }

  @Override
  public long size() {
    return ends[ends.length - 1];
  }

  @Override
  public int read(byte[] buffer, int offset, int length, long position) throws IOException {
    int part = 0;
    while (part < ends.length && position >= ends[part]) {
      part++;
    }
    if (part == ends.length) {
      return -1;
    }
    int wanted = (int) Math.min(length, ends[part] - position);
    return part == 0
        ? super.read(buffer, offset, wanted, position)
        : others.get(part - 1).read(buffer, offset, wanted, position - ends[part - 1]);
  }

  @Override
  public synchronized void close() throws IOException {
    super.close();
    for (PositionalFile other : others) {
      other.close();
    }
  }
}
