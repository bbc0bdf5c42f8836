package io.mirrorimages.report;

import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.lock.LockedException;
import io.mirrorimages.lock.RunLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
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
        return new FailedList(file, Optional.empty(), Optional.empty());
      }
    }
    throw new TransferException(
        FailureKind.EXISTS,
        holder + ", and so are all such names: name another file with " + Setting.FAILED);
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
