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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The list of what a run has not done, locked for that run until it is closed. The file belongs to
 * a job, which its first line names: only that job replaces or removes it. While another job's list
 * has the name that is wanted, or another run writes it, this one gets a number in it, as {@code
 * failed-2.txt}. Thread-safe.
 */
public final class FailedList implements Closeable {
  private static final int MOST_RUNS = 100;

  private final Path file;
  private final Optional<RunLock> lock;
  private final Optional<String> holder;
  private final Optional<String> other;
  private final Optional<String> owner;
  private final List<Path> others;
  private final boolean fresh;

  private FailedList(
      Path file,
      Optional<RunLock> lock,
      Optional<String> holder,
      Optional<String> other,
      Optional<String> owner,
      List<Path> others) {
    this.file = file;
    this.others = List.copyOf(others);
    this.fresh = !Files.exists(file);
    this.lock = lock;
    this.holder = holder;
    this.other = other;
    this.owner = owner;
  }

  /**
   * Whose list it is.
   *
   * @param words the command and what it works on, as {@code load --archive a.tar --registry h}
   * @param lists the image lists that the run reads: of another job's list among these, this run
   *     does the rest for that job
   */
  public record ListOwner(String words, Set<Path> lists) {
    /** Makes the words one line, and the paths absolute. */
    public ListOwner {
      words = Text.line(words);
      lists = lists.stream().map(ListOwner::absolute).collect(Collectors.toUnmodifiableSet());
    }

    private static Path absolute(Path file) {
      return file.toAbsolutePath().normalize();
    }

    private boolean has(Path list) throws IOException {
      return Files.exists(list)
          && isList(list)
          && (OutcomeKinds.ownerOf(list).equals(Optional.of(words))
              || lists.contains(absolute(list)));
    }
  }

  /** As {@link #take(Path, Optional)} for a file that belongs to whichever run names it. */
  public static FailedList take(Path wanted) throws TransferException {
    return take(wanted, Optional.empty());
  }

  /**
   * Takes the name that the job's list has already, else the name that is wanted, or the first
   * numbered one that is free. Where all are lists of other jobs, the oldest one is replaced. Where
   * no lock can be made, the name is taken without one: whether the list itself can be written is
   * not judged here.
   *
   * @param job whose list it is; empty if it belongs to whichever run names the file
   * @throws TransferException if a hundred runs have such names
   */
  public static FailedList take(Path wanted, Optional<ListOwner> job) throws TransferException {
    List<Path> all =
        Stream.iterate(1, n -> n + 1).limit(MOST_RUNS).map(n -> numbered(wanted, n)).toList();
    String holder = "";
    for (Supplier<FreeName> next : candidates(all, job)) {
      FreeName candidate = next.get();
      for (Path file : all) {
        try {
          // Of the name that is wanted, a run that has it is to be named.
          if (!file.equals(wanted) && !candidate.accepts(file)) {
            continue;
          }
          RunLock lock = RunLock.take(beside(file), file + " is being written");
          if (candidate.accepts(file)) {
            return new FailedList(
                file,
                Optional.of(lock),
                Optional.of(holder).filter(name -> !name.isEmpty()),
                jobOf(wanted, file),
                owner(file, job),
                ofJob(all, file, job));
          }
          lock.close();
        } catch (LockedException e) {
          holder = holder.isEmpty() ? e.getMessage() : holder;
        } catch (IOException e) {
          return new FailedList(
              file,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              job.map(ListOwner::words),
              List.of());
        }
      }
    }
    throw new TransferException(
        FailureKind.EXISTS,
        holder + ", and so are all such names: name another file with " + Setting.FAILED);
  }

  @FunctionalInterface
  private interface FreeName {
    boolean accepts(Path file) throws IOException;
  }

  /**
   * Which names are free, the best first; the last one is rarely needed, and looks at all files.
   */
  private static List<Supplier<FreeName>> candidates(List<Path> all, Optional<ListOwner> job) {
    Path wanted = all.getFirst();
    FreeName free =
        file ->
            (file.equals(wanted) && (job.isEmpty() || !isList(file)))
                || (isList(file) && OutcomeKinds.ownerOf(file).isEmpty());
    return List.of(
        () -> file -> job.isPresent() && job.get().has(file),
        () -> free,
        () -> oldest(all)::equals);
  }

  /** The list that was written the longest ago; the last name if none can be told. */
  private static Path oldest(List<Path> all) {
    return all.stream().min(Comparator.comparing(FailedList::written)).orElseThrow();
  }

  private static Instant written(Path file) {
    try {
      return isList(file) ? Files.getLastModifiedTime(file).toInstant() : Instant.MAX;
    } catch (IOException e) {
      return Instant.MAX;
    }
  }

  /** Why the name that is wanted is not taken, if another job's list has it. */
  private static Optional<String> jobOf(Path wanted, Path taken) throws IOException {
    return taken.equals(wanted)
        ? Optional.empty()
        : OutcomeKinds.ownerOf(wanted)
            .map(words -> wanted + " is the list of another job (" + words + ")");
  }

  /** Of a list that the run was given, the job remains the same. */
  private static Optional<String> owner(Path file, Optional<ListOwner> job) throws IOException {
    return job.isPresent() && job.get().has(file)
        ? OutcomeKinds.ownerOf(file)
        : job.map(ListOwner::words);
  }

  /** The job's lists under other names: earlier runs left them while others had the first name. */
  private static List<Path> ofJob(List<Path> all, Path taken, Optional<ListOwner> job)
      throws IOException {
    List<Path> lists = new ArrayList<>();
    for (Path file : all) {
      if (job.isPresent() && !file.equals(taken) && job.get().has(file)) {
        lists.add(file);
      }
    }
    return lists;
  }

  /** One in a file system without locks. */
  static FailedList unlocked(Path file) {
    return new FailedList(
        file, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());
  }

  /** Whether nothing is there, or the list of an earlier run. */
  private static boolean isList(Path file) throws IOException {
    return OwnFiles.obstacle(file).isEmpty() && OutcomeKinds.isFailedList(file);
  }

  private static Path beside(Path file) {
    return file.resolveSibling(file.getFileName() + ".lock");
  }

  private static Path numbered(Path file, int number) {
    if (number == 1) {
      return file;
    }
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    int end = dot > 0 ? dot : name.length();
    return file.resolveSibling(name.substring(0, end) + "-" + number + name.substring(end));
  }

  /** Where this run's list goes. */
  public Path file() {
    return file;
  }

  /** The run that has the name that this one would have had, as one line; empty if none has. */
  public Optional<String> holder() {
    return holder;
  }

  /** Why this list has another name than the one that is wanted; empty if it has that. */
  public Optional<String> whyElsewhere() {
    return holder.or(() -> other);
  }

  /**
   * Replaces the list, or removes it, and the job's lists under other names, where nothing is left.
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
      if (left.isEmpty()) {
        removeOthers();
      }
    } catch (IOException e) {
      throw new IOException(
          "the list of what is not done, " + file + " (" + ErrorWords.withoutFile(e) + ")", e);
    }
  }

  private void removeOthers() throws IOException {
    for (Path other : others) {
      try (RunLock _ = RunLock.take(beside(other), other + " is being removed")) {
        if (isList(other)) {
          OwnFiles.delete(other);
        }
      } catch (LockedException e) {
        // Another run writes it, and removes it when nothing is left.
      }
    }
  }

  private void write(List<ImageResult> left, SettingNames naming, OutputStream out)
      throws IOException {
    out.write((OutcomeKinds.header(owner) + "\n").getBytes(StandardCharsets.UTF_8));
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
   * Leaves no list where none was: this run was refused, since another one is at work on the same.
   */
  public void withdraw() throws IOException {
    if (whyElsewhere().isPresent() && fresh) {
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
