package io.mirrorimages.report;

import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.SettingNames;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.image.Text;
import io.mirrorimages.lock.LockedException;
import io.mirrorimages.lock.RunLock;
import io.mirrorimages.mirror.ImageResult;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The name of the list of what a run has not done, locked for that run until it is closed. While
 * another run has the name that is wanted, this one gets a number in it, as {@code failed-2.txt}:
 * two runs at once, as cron's, don't overwrite each other's lists. Thread-safe.
 */
public final class FailedList implements Closeable {
  private static final int MOST_RUNS = 100;

  private final Path file;
  private final Optional<RunLock> lock;
  private final Optional<String> holder;

  private FailedList(Path file, Optional<RunLock> lock, Optional<String> holder) {
    this.file = file;
    this.lock = lock;
    this.holder = holder;
  }

  /**
   * Takes the name, or the first numbered one that is free. Where no lock can be made, the name is
   * taken without one: whether the list itself can be written is not judged here.
   *
   * @throws TransferException if a hundred runs have such names
   */
  public static FailedList take(Path wanted) throws TransferException {
    String holder = "";
    for (int number = 1; number <= MOST_RUNS; number++) {
      Path file = number == 1 ? wanted : numbered(wanted, number);
      try {
        if (number > 1 && !isFree(file)) {
          continue;
        }
        RunLock lock = RunLock.take(beside(file), file + " is being written");
        return new FailedList(
            file, Optional.of(lock), Optional.of(holder).filter(name -> !name.isEmpty()));
      } catch (LockedException e) {
        holder = holder.isEmpty() ? e.getMessage() : holder;
      } catch (IOException e) {
        return unlocked(file);
      }
    }
    throw new TransferException(
        FailureKind.EXISTS,
        holder + ", and so are all such names: name another file with " + Setting.FAILED);
  }

  /** One in a file system without locks. */
  static FailedList unlocked(Path file) {
    return new FailedList(file, Optional.empty(), Optional.empty());
  }

  /** Whether nothing is there, or the list of an earlier run. */
  private static boolean isFree(Path file) throws IOException {
    return OwnFiles.obstacle(file).isEmpty() && OutcomeKinds.isFailedList(file);
  }

  private static Path beside(Path file) {
    return file.resolveSibling(file.getFileName() + ".lock");
  }

  private static Path numbered(Path file, int number) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    int end = dot > 0 ? dot : name.length();
    return file.resolveSibling(name.substring(0, end) + "-" + number + name.substring(end));
  }

  /** Where this run's list goes. */
  public Path file() {
    return file;
  }

  /** The run that has the name that was wanted, as one line; empty if this one has it. */
  public Optional<String> holder() {
    return holder;
  }

  /**
   * Replaces the list, or removes it where nothing is left.
   *
   * @param left what is not done, with the reasons that are known
   * @param naming how the reader gives a setting that a reason advises
   */
  void write(List<ImageResult> left, SettingNames naming) throws IOException {
    try {
      if (!left.isEmpty()) {
        OwnFiles.replace(file, out -> write(left, naming, out));
      } else if (OutcomeKinds.isFailedList(file)) {
        OwnFiles.delete(file);
      }
    } catch (IOException e) {
      throw new IOException(
          "the list of what is not done, " + file + " (" + ErrorWords.withoutFile(e) + ")", e);
    }
  }

  private static void write(List<ImageResult> left, SettingNames naming, OutputStream out)
      throws IOException {
    out.write((OutcomeKinds.HEADER + "\n").getBytes(StandardCharsets.UTF_8));
    for (ImageResult image : left) {
      String why =
          image
              .reason()
              .map(
                  r ->
                      "# "
                          + r.label()
                          + ": "
                          + Text.line(Setting.named(image.message(), naming))
                          + "\n")
              .orElse("");
      out.write((why + image.request().source() + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Refuses a file that can't be written, or that no run has written. */
  void check() throws TransferException {
    OutcomeKinds.checkFolder(Setting.FAILED, file);
    OutcomeKinds.checkKind(
        Setting.FAILED, file, OutcomeKinds::isFailedList, "list of what is not done");
  }

  /**
   * Leaves no list beside that of another run: this run was refused, since the other one is at work
   * on the same.
   */
  public void withdraw() throws IOException {
    if (holder.isPresent()) {
      OwnFiles.delete(file);
    }
  }

  /** Gives the name back. A lock's file that can't be removed stays, and is in nobody's way. */
  @Override
  public void close() {
    try {
      if (lock.isPresent()) {
        lock.get().close();
      }
    } catch (IOException e) {
      // As said.
    }
  }
}
