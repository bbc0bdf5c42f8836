package io.mirrorimages.disk;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Steps on files whose names the tool made up, such as {@code a.tar.partial}: in a folder that
 * others can write, a link, a pipe or a second name of a file of theirs can be waiting there. Links
 * are not followed, and nothing but a regular file of one name is opened.
 *
 * <p>Every step that gives, takes or replaces a name, or brings a file to the disk, is announced to
 * a {@link Watcher} first. Thread-safe.
 */
public final class OwnFiles {
  private static final String DRAFT = ".new";

  private static volatile Watcher watcher = (step, file) -> {};

  private OwnFiles() {}

  /** Is told of each step before it is done; what it throws keeps the step from being done. */
  @FunctionalInterface
  public interface Watcher {
    /** The step is about to be done on {@code file}. */
    void before(String step, Path file);
  }

  /** What a file is to have. */
  @FunctionalInterface
  public interface ContentWriter {
    /** Writes it; {@code out} may be closed. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Sets the one watcher of this process: for tests that end a run at a step. */
  public static void watch(Watcher who) {
    watcher = who;
  }

  /**
   * The absolute path of the folder that a file lies in; a root, which lies in none, is no file.
   */
  public static Path folderOf(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent());
  }

  /** Tells the watcher of a step that is done elsewhere. */
  public static void step(String step, Path file) {
    watcher.before(step, file);
  }

  /**
   * What is in the way under this name, in words; empty if there is nothing, or a regular file that
   * has no other name.
   */
  public static Optional<String> obstacle(Path file) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (attributes.isSymbolicLink()) {
      return Optional.of("is a symbolic link");
    } else if (attributes.isDirectory()) {
      return Optional.of("is a folder");
    } else if (!attributes.isRegularFile()) {
      return Optional.of("is a pipe or a device, no regular file");
    }
    return names(file) > 1
        ? Optional.of("is a file with a second name (a hard link)")
        : Optional.empty();
  }

  private static int names(Path file) throws IOException {
    try {
      return (Integer) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException | UnsupportedOperationException | IllegalArgumentException e) {
      // It has gone meanwhile, or the system does not count them.
      return 1;
    }
  }

  /** {@link ForeignFileException} if something else than a regular file of one name is there. */
  public static void check(Path file) throws IOException {
    Optional<String> obstacle = obstacle(file);
    if (obstacle.isPresent()) {
      throw new ForeignFileException(
          file + " " + obstacle.get() + ", and is not written through: remove it first");
    }
  }

  /**
   * Opens a file; {@code options} as of {@link FileChannel#open}. The caller closes it.
   *
   * @throws ForeignFileException as {@link #check}
   */
  public static FileChannel open(Path file, OpenOption... options) throws IOException {
    check(file);
    Set<OpenOption> all = new HashSet<>(Set.of(options));
    all.add(LinkOption.NOFOLLOW_LINKS);
    if (all.contains(StandardOpenOption.CREATE) && !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      step("create", file);
    }
    return FileChannel.open(file, all);
  }

  /**
   * Opens a file to write it from its start; an interrupt of a thread that writes does not close
   * it. The caller closes it.
   *
   * @throws ForeignFileException as {@link #check}
   */
  public static OutputStream overwrite(Path file) throws IOException {
    check(file);
    return Files.newOutputStream(
        file,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Opens a file that exists to write behind its end; an interrupt of a thread that writes does not
   * close it. The caller closes it.
   *
   * @throws ForeignFileException as {@link #check}
   */
  public static OutputStream append(Path file) throws IOException {
    check(file);
    return Files.newOutputStream(
        file, StandardOpenOption.WRITE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
  }

  /** Reads a file; empty if there is none, or something that only looks like one. */
  public static Optional<InputStream> read(Path file) throws IOException {
    try {
      return obstacle(file).isPresent()
          ? Optional.empty()
          : Optional.of(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Gives a file another name, in one step; one of that name is replaced, be it a link. */
  public static void move(Path from, Path to) throws IOException {
    step("rename", to);
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Removes a name, if it is there; what a link leads to stays.
   *
   * @throws ForeignFileException if it is a folder
   */
  public static void delete(Path file) throws IOException {
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new ForeignFileException(file + " is a folder: rename it first");
    }
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      step("delete", file);
      Files.deleteIfExists(file);
    }
  }

  /** As {@link #replaceAlone}, while others may replace the same file; not brought to the disk. */
  public static void replace(Path file, ContentWriter content) throws IOException {
    replace(file, draftOfOne(file), content, false);
  }

  /** As {@link #replaceAlone}, while others may replace the same file. */
  public static void replaceForced(Path file, ContentWriter content) throws IOException {
    replace(file, draftOfOne(file), content, true);
  }

  private static Path draftOfOne(Path file) {
    return file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + DRAFT);
  }

  /**
   * Replaces a file as a whole, never half written, by one run at a time; what a killed one left is
   * removed. Returns when the content, though perhaps not its name, is on the disk.
   */
  public static void replaceAlone(Path file, ContentWriter content) throws IOException {
    Path draft = draft(file);
    delete(draft);
    replace(file, draft, content, true);
  }

  /** Where {@link #replaceAlone} writes the new content of a file before it replaces the file. */
  public static Path draft(Path file) {
    return file.resolveSibling(file.getFileName() + DRAFT);
  }

  private static void replace(Path file, Path draft, ContentWriter content, boolean force)
      throws IOException {
    try {
      try (FileChannel channel =
          FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        OutputStream out = new Unclosed(Channels.newOutputStream(channel));
        content.writeTo(out);
        out.flush();
        if (force) {
          step("force", draft);
          Fsync.force(channel, true);
        }
      }
      move(draft, file);
    } finally {
      delete(draft);
    }
  }

  /** Stays open for what comes after the content. */
  private static final class Unclosed extends BufferedOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  /**
   * Makes a folder, if it is not there; the one it lies in exists.
   *
   * @throws ForeignFileException if something else is there, be it a link to a folder
   */
  public static void createFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    step("create", folder);
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      // Another thread was first, or there is something else.
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw new ForeignFileException(
            folder + " is no folder, and nothing is written through it: remove it first");
      }
    }
  }

  /** Removes a folder, if it is there and empty. */
  public static void deleteEmptyFolder(Path folder) throws IOException {
    step("delete", folder);
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException e) {
      // Something of somebody else.
    }
  }

  /** Brings the names in a folder to the disk, where the system lets a folder be opened. */
  public static void forceFolder(Path folder) {
    step("force", folder);
    try (FileChannel opened = FileChannel.open(folder, StandardOpenOption.READ)) {
      Fsync.force(opened, true);
    } catch (IOException e) {
      // The content of the files is on the disk already.
    }
  }
}
