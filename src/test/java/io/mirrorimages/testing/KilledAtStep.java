package io.mirrorimages.testing;

import io.mirrorimages.disk.OwnFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Ends what runs in this process at a certain step on the files of a folder, as a kill does: that
 * step is not done, and none after it, whatever is tried while the stack unwinds. The sequence of
 * steps is the same each time, so every one of them can be tried in turn. For one test at a time.
 */
public final class KilledAtStep {
  private final Path folder;
  private final int last;
  private final List<String> steps = new ArrayList<>();

  private KilledAtStep(Path folder, int last) {
    this.folder = folder;
    this.last = last;
  }

  /** What the killed one is ended by. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed(String step) {
      super(step);
    }
  }

  /**
   * Runs {@code work}, and ends it before step {@code number}, counted from 1.
   *
   * @return whether it got that far; if not, it did its work undisturbed
   */
  public static boolean run(Path folder, int number, Supplier<?> work) {
    KilledAtStep killer = new KilledAtStep(folder, number);
    OwnFiles.watch(killer::before);
    try {
      work.get();
      return false;
    } catch (Killed e) {
      System.out.println("killed at step " + number + ": " + killer.steps.getLast());
      return true;
    } finally {
      OwnFiles.watch((step, file) -> {});
    }
  }

  private synchronized void before(String step, Path file) {
    if (!file.toAbsolutePath().startsWith(folder)) {
      return;
    }
    if (steps.size() < last) {
      steps.add(step + " " + file.getFileName());
    }
    if (steps.size() >= last) {
      throw new Killed(steps.getLast());
    }
  }
}
