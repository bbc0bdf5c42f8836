package io.mirrorimages.archive.folder;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.archive.layout.EditableIndex;
import io.mirrorimages.archive.layout.JsonText;
import io.mirrorimages.archive.layout.LayoutJson;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The {@code index.json} of a folder. It is replaced as a whole, at most once a second: with
 * thousands of images it is large, and a run that is killed names again what it had copied. A name
 * is in the file at most a second after {@link #put}, also if no other one follows. Thread-safe;
 * whoever opened it closes it.
 */
final class FolderIndex {
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  private final Path folder;

  @GuardedBy("this")
  private final EditableIndex index;

  @GuardedBy("this")
  private boolean changed;

  @GuardedBy("this")
  private long written = System.nanoTime() - BETWEEN.toNanos();

  @GuardedBy("this")
  private boolean scheduled;

  @GuardedBy("this")
  private boolean closed;

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("index.json").factory());

  private FolderIndex(Path folder, EditableIndex index) {
    this.folder = folder;
    this.index = index;
  }

  /** What has to be on the disk before an index may name it. */
  @FunctionalInterface
  interface Before {
    void force() throws IOException;
  }

  /** The index of a layout, or an empty one, not written. */
  static FolderIndex look(Path folder) throws IOException {
    Path file = folder.resolve(LayoutNames.INDEX);
    return new FolderIndex(
        folder,
        Files.exists(file) ? EditableIndex.parse(Files.readAllBytes(file)) : new EditableIndex());
  }

  /** The index of a layout; what it lacks to be one is added. */
  static FolderIndex open(Path folder) throws IOException {
    FolderIndex index = look(folder);
    if (!Files.exists(folder.resolve(LayoutNames.LAYOUT))) {
      index.write(LayoutNames.LAYOUT, LayoutJson.layout());
    }
    if (!Files.exists(folder.resolve(LayoutNames.INDEX))) {
      index.replace();
      OwnFiles.forceFolder(folder);
    }
    return index;
  }

  synchronized Optional<Descriptor> find(Reference image) {
    return index.find(image);
  }

  /** Gives a name to an image all of which is there. */
  synchronized void put(Reference name, Descriptor image, Before before) throws IOException {
    if (index.find(name).filter(image::equals).isPresent()) {
      return;
    }
    index.put(name, image);
    changed = true;
    long early = BETWEEN.toNanos() - (System.nanoTime() - written);
    if (early <= 0) {
      write(before);
    } else if (!scheduled) {
      scheduled = true;
      Future<?> _ = clock.schedule(() -> writeLate(before), early, TimeUnit.NANOSECONDS);
    }
  }

  /** A failure is no single image's: {@link #close} tries again, and reports it. */
  private synchronized void writeLate(Before before) {
    scheduled = false;
    if (!closed) {
      try {
        write(before);
      } catch (IOException e) {
        return;
      }
    }
  }

  /** Writes what has changed, and nothing after that. */
  synchronized void close(Before before) throws IOException {
    closed = true;
    clock.shutdownNow();
    write(before);
  }

  @GuardedBy("this")
  private void write(Before before) throws IOException {
    if (changed) {
      before.force();
      replace();
      OwnFiles.forceFolder(folder);
      changed = false;
      written = System.nanoTime();
    }
  }

  private synchronized void replace() throws IOException {
    write(LayoutNames.INDEX, index.text());
  }

  /** As bytes: what fails on the way to the disk is the disk's failure, and none of JSON. */
  private void write(String name, JsonText text) throws IOException {
    byte[] bytes = text.bytes();
    OwnFiles.replaceAlone(folder.resolve(name), out -> out.write(bytes));
  }
}
