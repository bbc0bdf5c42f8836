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
import io.mirrorimages.mirror.Extents;
import io.mirrorimages.mirror.Plan;
import java.io.Closeable;
import java.io.IOException;
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
  private Map<Digest, Extents> kept = Map.of();
  private Optional<Journal> journal = Optional.empty();

  private ArchiveFiles(ArchiveSpec spec, ArchiveDesign design) throws IOException {
    this.spec = spec;
    this.lock = ArchiveLock.take(spec.output(), design.size());
  }

  /** Begins files that are deleted if they are closed unfinished. */
  static ArchiveFiles create(ArchiveSpec spec, ArchiveDesign design) throws IOException {
    ArchiveFiles files = begin(spec, design);
    try {
      files.layOut();
      return files;
    } catch (IOException e) {
      files.close();
      throw e;
    }
  }

  /** Begins files that stay, with a journal of {@code plan}. */
  static ArchiveFiles create(ArchiveSpec spec, ArchiveDesign design, Plan plan, String key)
      throws IOException {
    ArchiveFiles files = begin(spec, design);
    try {
      // The journal goes first and comes last: in between there is nothing to go on with.
      Journal.deleteOld(spec.output());
      files.layOut();
      files.journal =
          Optional.of(Journal.begin(spec.output(), new JournalPlan(key, plan, spec.overwrite())));
      files.volumes.forEach(VolumeWriter::keep);
      return files;
    } catch (IOException e) {
      files.close();
      throw e;
    }
  }

  private static ArchiveFiles begin(ArchiveSpec spec, ArchiveDesign design) throws IOException {
    spec.check();
    ArchiveFiles files = new ArchiveFiles(spec, design);
    try {
      // Again, now that the lock is ours: the one who had it may just have finished.
      spec.check();
      for (int i = 0; i < design.volumes().size(); i++) {
        VolumeContents contents = design.volumes().get(i);
        PartialFile file = PartialFile.create(spec.file(i + 1), contents.size(), spec.overwrite());
        files.volumes.add(new VolumeWriter(contents, file));
      }
      return files;
    } catch (IOException e) {
      files.close();
      throw e;
    }
  }

  /** Goes on with the files of an earlier run; see {@link #kept}. */
  static ArchiveFiles resume(ArchiveSpec spec, ArchiveDesign design, Map<Digest, Extents> kept)
      throws IOException {
    ArchiveFiles files = new ArchiveFiles(spec, design);
    files.kept = kept;
    try {
      List<PartialFile> opened = new ArrayList<>();
      for (int i = 0; i < design.volumes().size(); i++) {
        VolumeContents contents = design.volumes().get(i);
        PartialFile file = PartialFile.reopen(spec.file(i + 1), contents.size(), spec.overwrite());
        files.volumes.add(new VolumeWriter(contents, file));
        opened.add(file);
      }
      // Only now, with the locks: who had them may have finished, and taken the journal away.
      if (!Journal.exists(spec.output())) {
        spec.check();
      }
      for (int i = 0; i < opened.size(); i++) {
        if (opened.get(i).takeUp()) {
          files.takenUp.add(files.volumes.get(i));
        }
      }
      files.journal = Optional.of(Journal.append(spec.output()));
      files.layOut();
      return files;
    } catch (IOException e) {
      files.close();
      throw e;
    }
  }

  List<VolumeWriter> volumes() {
    return volumes;
  }

  /** Which bytes of a blob an earlier run left in a volume. */
  Extents kept(VolumeWriter volume, Digest blob) {
    Extents there = takenUp.contains(volume) ? kept.get(blob) : null;
    return there == null ? new Extents() : new Extents(there);
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
   */
  void publish(ArchiveDesign design, List<NamedImage> shown, boolean whole) throws IOException {
    Set<NamedImage> all = new HashSet<>(shown);
    for (int i = 0; i < volumes.size(); i++) {
      VolumeWriter volume = volumes.get(i);
      volume.show(
          volume.contents().images().stream().filter(all::contains).toList(),
          design.inventory(shown, i + 1));
    }
    Set<Path> surplus = new HashSet<>(spec.finished());
    List<Path> published = new ArrayList<>();
    for (VolumeWriter volume : volumes) {
      volume.publish();
      published.add(spec.file(published.size() + 1));
    }
    published.forEach(surplus::remove);
    if (spec.overwrite()) {
      // Volumes of the archive that was replaced, beyond those of the new one.
      for (Path file : surplus) {
        OwnFiles.delete(file);
      }
    }
    if (spec.volumeSize().isPresent()) {
      Checksums.write(spec.output().toAbsolutePath().getParent(), published);
    }
    if (journal.isPresent() && whole) {
      journal.get().delete();
    }
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    List<Closeable> all = new ArrayList<>(volumes);
    journal.ifPresent(all::addFirst);
    all.addLast(lock);
    for (Closeable one : all) {
      try {
        one.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void layOut() throws IOException {
    for (VolumeWriter volume : volumes) {
      volume.layOut();
    }
  }
}
