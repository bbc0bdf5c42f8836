package io.mirrorimages.archive;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageTarget;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes an archive in place: every blob has its region in the file before its first byte arrives.
 * The same plan, carried out whole, gives the same bytes.
 *
 * <p>The file is {@code <output>.partial} until {@link #finish} gives it its name. A region's tar
 * header calls it {@code incomplete/...} until the blob is there to its last byte, so the file
 * claims nothing that it does not have, whenever its writer dies.
 *
 * <p>Thread-safe: blobs and manifests come in any order from any number of threads; {@link #finish}
 * and {@link #close} when these are done. Memory: a few hundred bytes per blob, and one buffer per
 * running upload.
 */
public final class ArchiveWriter implements ImageTarget, Closeable {
  private final ArchiveContents contents;
  private final Map<Digest, Slot> slots;
  private final PartialFile file;
  private final LayoutWriter layout;
  private final Optional<Journal> journal;

  private ArchiveWriter(
      ArchiveContents contents,
      PartialFile file,
      Optional<Journal> journal,
      Map<Digest, Long> kept) {
    this.contents = contents;
    this.file = file;
    this.layout = new LayoutWriter(contents, file);
    this.journal = journal;
    this.slots = HashMap.newHashMap(contents.blobs().size());
    contents
        .blobs()
        .forEach(
            (digest, region) -> slots.put(digest, new Slot(region, kept.getOrDefault(digest, 0L))));
  }

  /**
   * The exact size in bytes of the finished archive of {@code images}.
   *
   * @throws MirrorException {@link Reason#CORRUPT} if two manifests give one blob different sizes
   */
  public static long sizeOf(List<PlannedImage> images) throws MirrorException {
    return new ArchiveContents(images).size();
  }

  /**
   * Refuses, before any work, an output that exists (a finished archive is never written over), has
   * no folder, or may not be written.
   */
  public static void checkOutput(Path output) throws MirrorException {
    PartialFile.checkAbsent(output);
    PartialFile.checkFolder(output);
  }

  /**
   * Refuses an output whose disk has less room than {@code size} bytes ({@link Reason#SPACE}) or
   * whose folder does not exist ({@link Reason#MISSING}).
   */
  public static void checkSpace(Path output, long size) throws IOException {
    PartialFile.checkFolder(output);
    DiskFull.check(output, size);
  }

  /**
   * Lays out {@code <output>.partial} for exactly these images; what an earlier run left there is
   * replaced. Closed unfinished, it is deleted. The caller closes the writer.
   *
   * @param images the plan; its order is the order in the file
   * @throws MirrorException if the output exists, another process is writing it, the disk is full,
   *     or two manifests give one blob different sizes
   */
  public static ArchiveWriter create(Path output, List<PlannedImage> images) throws IOException {
    ArchiveContents contents = new ArchiveContents(images);
    PartialFile file = PartialFile.create(output, contents.size());
    return laidOut(new ArchiveWriter(contents, file, Optional.empty(), Map.of()));
  }

  /**
   * As {@link #create(Path, List)}, but closed unfinished, or killed, it stays, with a journal
   * beside it, and can be gone on with.
   *
   * @param key what the plan was made for; a later run recognises its own work by it
   */
  public static ArchiveWriter create(Path output, Plan plan, String key) throws IOException {
    ArchiveContents contents = new ArchiveContents(plan.images());
    PartialFile file = PartialFile.create(output, contents.size());
    try {
      // The journal goes first and comes last: in between there is nothing to go on with.
      Journal.deleteOld(output);
      laidOut(new ArchiveWriter(contents, file, Optional.empty(), Map.of()));
      Journal journal = Journal.begin(output, key, plan);
      file.keep();
      return new ArchiveWriter(contents, file, Optional.of(journal), Map.of());
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Goes on with what an earlier run left. Its bytes are offered by the uploads' {@link
   * BlobUpload#kept}; none of them counts before it has been hashed again.
   */
  public static ArchiveWriter resume(UnfinishedArchive earlier) throws IOException {
    Path output = earlier.output();
    ArchiveContents contents = new ArchiveContents(earlier.plan().images());
    PartialFile file = PartialFile.reopen(output, contents.size());
    try {
      // Only now, with the lock: who had it may have finished, and taken the journal away.
      if (!Journal.exists(output)) {
        PartialFile.checkAbsent(output);
      }
      Map<Digest, Long> kept = file.takeUp() ? earlier.kept() : Map.of();
      Optional<Journal> journal = Optional.of(Journal.append(output));
      return laidOut(new ArchiveWriter(contents, file, journal, kept));
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static ArchiveWriter laidOut(ArchiveWriter writer) throws IOException {
    try {
      writer.layout.layOut();
    } catch (IOException e) {
      writer.close();
      throw e;
    }
    return writer;
  }

  /** Always empty: what the archive will show is decided by {@link #finish}. */
  @Override
  public Optional<Digest> digest(Reference image) {
    return Optional.empty();
  }

  /** Always empty, as {@link #digest}. */
  @Override
  public Optional<Manifest> manifest(Reference image) {
    return Optional.empty();
  }

  /** Whether the blob is in the archive to its last byte; all repositories share it. */
  @Override
  public boolean has(Repository repository, Descriptor blob) {
    return slot(blob).isComplete();
  }

  /**
   * Begins to write a blob. Waits while another thread writes the same one; if that succeeds, the
   * blob counts as mounted.
   */
  @Override
  public BlobUpload begin(Repository repository, Descriptor blob, Optional<Repository> mountFrom) {
    return new RegionUpload(this, blob.digest(), slot(blob));
  }

  /** Writes the manifest's bytes into its region. */
  @Override
  public void put(Reference image, Manifest manifest) throws IOException {
    Slot slot = slot(manifest.descriptor());
    slot.lock().lock();
    try {
      if (!slot.isComplete()) {
        write(manifest.bytes(), manifest.bytes().length, slot.region().data());
        complete(manifest.digest(), slot);
      }
    } finally {
      slot.lock().unlock();
    }
  }

  /**
   * Makes the archive whole with exactly the images that completed, brings it to the disk, and
   * gives it its name. To be called once, when all uploads have ended. If images of the plan are
   * missing, the journal stays, so that the same run, done again, can add them.
   *
   * @param completed images of the plan; all their blobs and manifests must have been written
   * @throws IllegalStateException if one of them lacks a blob or manifest
   */
  public void finish(Collection<PlannedImage> completed) throws IOException {
    Set<PlannedImage> wanted = new HashSet<>(completed);
    List<NamedImage> shown =
        contents.images().stream().filter(i -> wanted.remove(i.image())).toList();
    if (!wanted.isEmpty()) {
      throw new IllegalStateException(
          "not in this archive's plan: " + wanted.iterator().next().request().source());
    }
    for (NamedImage image : shown) {
      checkComplete(image.image());
    }
    layout.show(shown);
    file.publish();
    if (journal.isPresent() && shown.size() == contents.images().size()) {
      journal.get().delete();
    }
  }

  /** Ends the writing; an archive without journal that was not finished is deleted. */
  @Override
  public void close() throws IOException {
    try (file) {
      if (journal.isPresent()) {
        journal.get().close();
      }
    }
  }

  /** Notes how many bytes of a blob have been written. */
  void note(Digest digest, long bytes) throws IOException {
    if (journal.isPresent()) {
      journal.get().have(digest, bytes);
    }
  }

  /** Reads what was written; see {@link PositionalFile#read}. */
  int read(byte[] buffer, int offset, int length, long position) throws IOException {
    return file.read(buffer, offset, length, position);
  }

  /** Writes {@code length} bytes of {@code buffer} at {@code position}. */
  void write(byte[] buffer, int length, long position) throws IOException {
    file.write(buffer, length, position);
  }

  /** Gives a region, now that all of it is there, the name of its blob. */
  void complete(Digest digest, Slot slot) throws IOException {
    layout.complete(digest, slot.region());
    slot.completed();
  }

  private void checkComplete(PlannedImage image) {
    for (Manifest manifest : image.manifests()) {
      checkComplete(image, manifest.digest());
    }
    for (Descriptor blob : image.blobs()) {
      checkComplete(image, blob.digest());
    }
  }

  private void checkComplete(PlannedImage image, Digest digest) {
    if (!slots.get(digest).isComplete()) {
      throw new IllegalStateException(
          image.request().source() + " counts as complete, but the archive lacks " + digest);
    }
  }

  private Slot slot(Descriptor blob) {
    Slot slot = slots.get(blob.digest());
    if (slot == null || slot.region().size() != blob.size()) {
      throw new IllegalArgumentException(
          "not in this archive's plan: " + blob.digest() + " of " + blob.size() + " bytes");
    }
    return slot;
  }
}
