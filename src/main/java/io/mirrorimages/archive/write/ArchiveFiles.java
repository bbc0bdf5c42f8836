package io.mirrorimages.archive.write;

import io.mirrorimages.archive.design.ArchiveDesign;
import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.design.VolumeContents;
import io.mirrorimages.archive.file.ArchiveLock;
import io.mirrorimages.archive.file.Checksums;
import io.mirrorimages.archive.file.PartialFile;
import io.mirrorimages.archive.layout.NamedImage;
import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.image.Digest;
import io.mirrorimages.lock.RunLock;
import io.mirrorimages.mirror.ByteRanges;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files of an archive that is being written: its volumes, and the journal beside them. How they
 * begin, go on after a run that was interrupted, and get their names.
 */
final class ArchiveFiles implements Closeable {
  private final ArchiveSpec spec;
  private final RunLock lock;
  private final List<VolumeWriter> volumes = new ArrayList<>();
  private final Set<VolumeWriter> takenUp = new HashSet<>();
  private FinishedParts finished = FinishedParts.NONE;
  private Map<Digest, ByteRanges> kept = Map.of();
  private Optional<Journal> journal = Optional.empty();
  private Optional<String> key = Optional.empty();

  private ArchiveFiles(ArchiveSpec spec, ArchiveDesign design) throws IOException {
    this.spec = spec;
    this.lock = ArchiveLock.take(spec.names(), design.size());
  }

  /** What is done to files before anybody gets them; if that fails they are closed. */
  @FunctionalInterface
  private interface FileStep {
    void run() throws IOException;
  }

  private ArchiveFiles after(FileStep step) throws IOException {
    boolean done = false;
    try {
      step.run();
      done = true;
      return this;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  /** Begins files that are deleted if they are closed unfinished. */
  static ArchiveFiles create(ArchiveSpec spec, ArchiveDesign design) throws IOException {
    spec.check();
    ArchiveFiles files = new ArchiveFiles(spec, design);
    // For no run to recognise; readers see that all that was wanted is there.
    files.key = Optional.of("");
    return files.after(
        () -> {
          files.open(design);
          files.empty();
          files.layOut();
        });
  }

  /** Begins files that stay, with a journal of {@code plan}. */
  static ArchiveFiles create(ArchiveSpec spec, ArchiveDesign design, JournalPlan plan)
      throws IOException {
    spec.check();
    ArchiveFiles files = new ArchiveFiles(spec, design);
    return files.after(
        () -> {
          files.open(design);
          files.note(plan);
          try {
            files.empty();
            files.layOut();
          } catch (IOException e) {
            if (!spec.overwrite()) {
              OwnFiles.delete(spec.names().journal());
            }
            throw e;
          }
          files.volumes.forEach(VolumeWriter::keep);
        });
  }

  private void open(ArchiveDesign design) throws IOException {
    // Again, with the lock: its previous holder may just have finished.
    spec.check();
    for (int i = 0; i < design.volumes().size(); i++) {
      VolumeContents contents = design.volumes().get(i);
      PartialFile file = PartialFile.create(spec.file(i + 1), contents.size(), spec.overwrite());
      volumes.add(new VolumeWriter(i + 1, contents, file));
    }
  }

  /**
   * Before anything of the files: it says what they are, and that an archive of that name, or what
   * another plan left of one, is only to be replaced.
   */
  private void note(JournalPlan plan) throws IOException {
    journal =
        Optional.of(Journal.begin(spec.names().journal(), new Journal.Content(plan, Map.of())));
    key = Optional.of(plan.key());
  }

  private void empty() throws IOException {
    for (VolumeWriter volume : volumes) {
      volume.empty();
    }
  }

  /** Goes on with the files of an earlier run; see {@link #kept}. */
  static ArchiveFiles resume(ArchiveSpec spec, ArchiveDesign design, UnfinishedArchive earlier)
      throws IOException {
    ArchiveFiles files = new ArchiveFiles(spec, design);
    files.kept = earlier.content().kept();
    files.key = Optional.of(earlier.key());
    return files.after(() -> files.takeUp(design, earlier));
  }

  private void takeUp(ArchiveDesign design, UnfinishedArchive earlier) throws IOException {
    finished = FinishedParts.of(design, spec);
    List<PartialFile> opened = new ArrayList<>();
    for (int i = 0; i < design.volumes().size(); i++) {
      if (finished.hasVolume(i + 1)) {
        continue;
      }
      VolumeContents contents = design.volumes().get(i);
      Path output = spec.file(i + 1);
      boolean named = FinishedVolume.of(design, i, output).isPresent();
      PartialFile file = PartialFile.reopen(output, contents.sizes(), spec.overwrite(), named);
      volumes.add(new VolumeWriter(i + 1, contents, file));
      opened.add(file);
    }
    // Only now, with the locks: their previous holder may have finished and removed the journal.
    if (!Files.exists(spec.names().journal())) {
      spec.check();
    }
    // Before a file changes: the old plan does not describe it any more.
    journal =
        Optional.of(
            earlier.hasGrown()
                ? Journal.begin(spec.names().journal(), earlier.content())
                : Journal.append(spec.names().journal()));
    // They are about to change.
    Checksums.remove(
        spec.names().checksums(),
        volumes.stream().map(volume -> spec.file(volume.number())).toList());
    for (int i = 0; i < opened.size(); i++) {
      if (opened.get(i).takeUp()) {
        takenUp.add(volumes.get(i));
      }
    }
    layOut();
  }

  /** The volumes that are being written: those of finished parts are not among them. */
  List<VolumeWriter> volumes() {
    return volumes;
  }

  /** What an earlier run has finished; it is not touched. */
  FinishedParts finished() {
    return finished;
  }

  /** Which bytes of a blob an earlier run left in a volume. */
  ByteRanges kept(VolumeWriter volume, Digest blob) {
    ByteRanges there = takenUp.contains(volume) ? kept.get(blob) : null;
    return there == null ? new ByteRanges() : new ByteRanges(there);
  }

  /** Notes how many bytes of a blob have been written. */
  void note(Digest digest, long bytes) throws IOException {
    if (journal.isPresent()) {
      journal.get().have(digest, bytes);
    }
  }

  /** Notes which bytes of a blob have been written behind a gap. */
  void notePart(Digest digest, long from, long to) throws IOException {
    if (journal.isPresent()) {
      journal.get().havePart(digest, from, to);
    }
  }

  /**
   * Makes the files show exactly these images, brings them to the disk and gives them their names.
   *
   * @param whole whether these are all that are wanted: then the journal goes, after all else
   */
  void publish(ArchiveDesign design, List<NamedImage> shown, boolean whole) throws IOException {
    new Publication(spec, design, finished).publish(volumes, shown, whole ? key : Optional.empty());
    if (journal.isPresent() && whole) {
      journal.get().delete();
    }
  }

  @Override
  public void close() throws IOException {
    List<Closeable> all = new ArrayList<>(volumes);
    journal.ifPresent(all::addFirst);
    all.addLast(lock);
    closeAll(all);
  }

  private static void closeAll(List<Closeable> all) throws IOException {
    int closed = 0;
    try {
      for (Closeable one : all) {
        closed++;
        one.close();
      }
    } finally {
      if (closed < all.size()) {
        closeAll(all.subList(closed, all.size()));
      }
    }
  }

  private void layOut() throws IOException {
    for (VolumeWriter volume : volumes) {
      volume.layOut();
    }
  }
}
