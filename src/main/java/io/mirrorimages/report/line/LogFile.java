package io.mirrorimages.report.line;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.SettingNames;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Text;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.report.OutcomeKinds;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A log to which each run appends its events; a line is in the file when {@link #on} returns. If it
 * can't be written any more, that is said once, and the run continues without it. Secrets are
 * masked. Thread-safe: lines do not mix, with those of other runs neither.
 */
public final class LogFile implements RunListener, Closeable {
  private final Path file;
  private final OutputStream out;
  private final EventFormat format;
  private final Stamp stamp;
  private final SettingNames naming;
  private final Consumer<String> warning;

  @GuardedBy("this")
  private boolean broken;

  private LogFile(
      Path file,
      OutputStream out,
      EventFormat format,
      Stamp stamp,
      SettingNames naming,
      Consumer<String> warning) {
    this.file = file;
    this.out = out;
    this.format = format;
    this.stamp = stamp;
    this.naming = naming;
    this.warning = warning;
  }

  /**
   * Opens the log, and creates it if it does not exist.
   *
   * @param naming how the reader gives a setting that a message advises
   * @param warning receives the line that says that it can't be written any more
   * @throws TransferException if it can't be written, or is a file that no run has written
   */
  public static LogFile append(
      Path file, EventFormat format, Stamp stamp, SettingNames naming, Consumer<String> warning)
      throws TransferException {
    try {
      Optional<String> obstacle = OwnFiles.obstacle(file);
      if (obstacle.isEmpty() && !OutcomeKinds.isLog(file)) {
        obstacle = Optional.of("exists and is no log of an earlier run");
      }
      if (obstacle.isPresent()) {
        throw new TransferException(
            FailureKind.EXISTS,
            file + " " + obstacle.get() + ", and is not written to: name another file");
      }
      if (!Files.exists(file)) {
        OwnFiles.overwrite(file).close();
      }
      return new LogFile(file, OwnFiles.append(file), format, stamp, naming, warning);
    } catch (TransferException e) {
      throw e;
    } catch (IOException e) {
      throw new TransferException(
          FailureKind.FILE_DENIED,
          file
              + (Files.isDirectory(OwnFiles.folderOf(file))
                  ? " can't be written: name another file"
                  : " can't be written, since its folder does not exist: create it first"),
          e);
    }
  }

  @Override
  public void on(RunEvent event) {
    write(format.lines(event));
  }

  /** Appends lines that are no events, as an error in words. */
  public void say(List<String> lines) {
    write(lines);
  }

  private synchronized void write(List<String> lines) {
    if (broken || lines.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      text.append(stamp.before(Text.line(Setting.named(line, naming)))).append('\n');
    }
    try {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      broken = true;
      warning.accept(file + " can't be written any more; the run continues without this log");
    }
  }

  @Override
  public synchronized void close() {
    broken = true;
    try {
      out.close();
    } catch (IOException e) {
      // Every line was written when it came.
    }
  }
}
