package io.mirrorimages.report;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Text;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The log of a run for who looks for a fault: a line for each request, retry and wait, and the
 * traces of exceptions. Secrets are masked here, whatever a line is made of. A line is in the file
 * when {@link #line} returns. If the file can't be written any more, the log ends and the run goes
 * on. Thread-safe.
 */
public final class DebugLog implements Closeable {
  private final Optional<OutputStream> file;
  private final String name;
  private final PrintStream err;

  @GuardedBy("this")
  private boolean broken;

  private DebugLog(Optional<OutputStream> file, String name, PrintStream err) {
    this.file = file;
    this.name = name;
    this.err = err;
  }

  /** A log on {@code err}, which is not closed here. */
  public static DebugLog on(PrintStream err) {
    return new DebugLog(Optional.empty(), "", err);
  }

  /**
   * A log in a file; one of an earlier run is replaced.
   *
   * @param err where it is said that the file can't be written any more
   * @throws TransferException if something else is there, or the file can't be written
   */
  public static DebugLog in(Path file, PrintStream err) throws TransferException {
    String problem = " can't be written: name another file";
    try {
      Optional<String> obstacle = OwnFiles.obstacle(file);
      if (obstacle.isEmpty() && !OutcomeKinds.isDebugLog(file)) {
        obstacle = Optional.of("exists and is no log of an earlier run");
      }
      if (obstacle.isPresent()) {
        throw new TransferException(
            FailureKind.EXISTS,
            file + " " + obstacle.get() + ", and is not replaced: name another file");
      }
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null && !Files.isDirectory(folder)) {
        problem = " can't be written, since its folder does not exist: create it first";
      }
      DebugLog log = new DebugLog(Optional.of(OwnFiles.overwrite(file)), file.toString(), err);
      log.write(OutcomeKinds.DEBUG_HEADER);
      return log;
    } catch (TransferException e) {
      throw e;
    } catch (IOException e) {
      throw new TransferException(FailureKind.FILE_DENIED, file + problem, e);
    }
  }

  /** Adds a line. */
  public void line(String text) {
    write(Text.line(text));
  }

  private synchronized void write(String line) {
    if (file.isEmpty()) {
      err.println(line);
    } else if (!broken) {
      try {
        file.get().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        broken = true;
        err.println("mirror-images: " + name + " can't be written any more, and ends here");
      }
    }
  }

  @Override
  public synchronized void close() {
    broken = true;
    file.ifPresent(
        out -> {
          try {
            out.close();
          } catch (IOException e) {
            // Every line was written when it came.
          }
        });
  }
}
