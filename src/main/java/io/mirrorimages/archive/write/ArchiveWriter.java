package io.mirrorimages.archive.write;

import io.mirrorimages.archive.design.ArchiveDesign;
import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.design.Stages;
import io.mirrorimages.archive.file.DiskFull;
import io.mirrorimages.archive.file.PartialFile;
import io.mirrorimages.archive.layout.NamedImage;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.port.LocalTarget;
import io.mirrorimages.mirror.port.ResumableUpload;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes an archive in place: every blob has its region in a file before its first byte arrives.
 * The same plan, carried out whole, gives the same bytes.
 *
 * <p>A file is {@code <name>.partial} until {@link #finish} gives it its name. A region's tar
 * header calls it {@code incomplete/...} until the blob is there to its last byte, so a file claims
 * nothing that it does not have, whenever its writer dies.
 *
 * <p>Thread-safe: blobs and manifests come in any order from any number of threads; {@link #finish}
 * and {@link #close} when these are done. Memory: a few hundred bytes per blob, and one buffer per
 * running upload.
 */
public final class ArchiveWriter implements ImageTarget, LocalTarget, Closeable {
  private final ArchiveDesign design;
  private final ArchiveFiles files;
  private final boolean allPlanned;
  // A manifest can be in several volumes.
  private final Map<Digest, List<BlobRegion>> slots = new HashMap<>();

  /**
   * @param allPlanned whether every image that was wanted has a place
   */
  private ArchiveWriter(ArchiveDesign design, ArchiveFiles files, boolean allPlanned) {
    this.design = design;
    this.allPlanned = allPlanned;
    this.files = files;
    for (VolumeWriter volume : files.volumes()) {
      volume
          .contents()
          .blobs()
          .forEach(
              (digest, region) ->
                  slots.merge(
                      digest,
                      List.of(new BlobRegion(digest, volume, region, files.kept(volume, digest))),
                      ArchiveWriter::both));
    }
  }

  private static List<BlobRegion> both(List<BlobRegion> first, List<BlobRegion> next) {
    return Stream.concat(first.stream(), next.stream()).toList();
  }

  /** As {@link #sizeOf(List, ArchiveSpec)}, for one file with everything. */
  public static long sizeOf(List<PlannedImage> images) throws TransferException {
    return sizeOf(images, ArchiveSpec.of(Path.of("")));
  }

  /**
   * The exact size in bytes of the finished archive of {@code images}, all volumes together.
   *
   * @throws TransferException {@link FailureKind#CORRUPT} if two manifests give one blob different
   *     sizes; {@link FailureKind#UNSUPPORTED} if a blob does not fit into a volume
   */
  public static long sizeOf(List<PlannedImage> images, ArchiveSpec spec) throws TransferException {
    return new ArchiveDesign(images, spec).size();
  }

  /** As {@link #sizeOf(List, ArchiveSpec)}, with room for the images of a plan that failed. */
  public static long sizeOf(Plan plan, ArchiveSpec spec) throws TransferException {
    return new ArchiveDesign(plan.images(), spec, Stages.first(plan)).size();
  }

  /** How many volumes the archive of {@code images} will have; fails as {@link #sizeOf}. */
  public static int volumesOf(List<PlannedImage> images, ArchiveSpec spec)
      throws TransferException {
    return new ArchiveDesign(images, spec).volumes().size();
  }

  /**
   * Refuses an output whose disk has less room than {@code size} bytes ({@link FailureKind#SPACE})
   * or whose folder does not exist ({@link FailureKind#FILE_MISSING}).
   */
  public static void checkSpace(Path output, long size) throws IOException {
    checkFolder(output);
    DiskFull.check(output, size);
  }

  /** Refuses an output whose folder does not exist ({@link FailureKind#FILE_MISSING}). */
  public static void checkFolder(Path output) throws IOException {
    PartialFile.checkFolder(output);
  }

  /**
   * Lays out {@code <output>.partial} for exactly these images; what an earlier run left there is
   * replaced. Closed unfinished, it is deleted. The caller closes the writer.
   *
   * @param images the plan; its order is the order in the file
   * @throws TransferException if the output exists, another process is writing it, the disk is
   *     full, or two manifests give one blob different sizes
   */
  public static ArchiveWriter create(Path output, List<PlannedImage> images) throws IOException {
    ArchiveSpec spec = ArchiveSpec.of(output);
    ArchiveDesign design = new ArchiveDesign(images, spec);
    return new ArchiveWriter(design, ArchiveFiles.create(spec, design), true);
  }

  /**
   * As {@link #create(Path, List)}, but closed unfinished, or killed, it stays, with a journal
   * beside it, and can be resumed.
   *
   * @param key what the plan was made for; a later run recognises its own work by it
   */
  public static ArchiveWriter create(ArchiveSpec spec, Plan plan, String key) throws IOException {
    Stages stages = Stages.first(plan);
    ArchiveDesign design = new ArchiveDesign(plan.images(), spec, stages);
    JournalPlan noted = new JournalPlan(key, plan, spec.overwrite(), stages);
    return new ArchiveWriter(design, ArchiveFiles.create(spec, design, noted), plan.isComplete());
  }

  /**
   * Goes on with what an earlier run left, made with the same spec, or grown since; of what has
   * grown the journal is the first to say so. Its bytes are offered by the uploads' {@link
   * ResumableUpload#kept}; none of them counts before it has been hashed again.
   */
  public static ArchiveWriter resume(ArchiveSpec spec, UnfinishedArchive earlier)
      throws IOException {
    ArchiveDesign design = earlier.design(spec);
    return new ArchiveWriter(
        design, ArchiveFiles.resume(spec, design, earlier), earlier.plan().isComplete());
  }

  /** Always empty: what the archive will show is decided by {@link #finish}. */
  @Override
  public Optional<Digest> resolve(Reference image) {
    return Optional.empty();
  }

  /**
   * Whether the blob is in the archive to its last byte, or left to its base; all repositories
   * share it. A manifest that a finished part has is still to be put where others need it.
   */
  @Override
  public boolean has(Repository repository, Descriptor blob) {
    return design.isInBase(blob.digest())
        || isFinished(blob.digest())
        || slots(blob).getFirst().isComplete();
  }

  /**
   * Begins to write a blob. Waits while another thread writes the same one; if that succeeds, the
   * blob counts as mounted.
   */
  @Override
  public BlobUpload begin(Repository repository, Descriptor blob, Optional<Repository> mountFrom) {
    return new RegionUpload(this, slots(blob).getFirst());
  }

  /** Writes the manifest's bytes wherever they belong. */
  @Override
  public void put(Reference image, Manifest manifest) throws IOException {
    if (isFinished(manifest.digest())) {
      return;
    }
    for (BlobRegion slot : slots(manifest.descriptor())) {
      slot.lock().lock();
      try {
        if (!slot.isComplete()) {
          slot.write(manifest.bytes(), manifest.bytes().length, 0);
          slot.complete();
        }
      } finally {
        slot.lock().unlock();
      }
    }
  }

  /**
   * Makes the archive whole with exactly the images that completed, brings it to the disk, and
   * gives it its name. To be called once, when all uploads have ended. If images are missing, or
   * could not be planned, the journal stays, so that the same run, done again, can add them.
   *
   * @param completed images of the plan, beside those of {@link #isFinished() finished} volumes;
   *     all their blobs and manifests must have been written
   * @throws IllegalStateException if one of them lacks a blob or manifest
   */
  public void finish(Collection<PlannedImage> completed) throws IOException {
    Set<PlannedImage> wanted = new HashSet<>(completed);
    List<NamedImage> shown =
        design.images().stream()
            .filter(i -> wanted.remove(i.image()) || files.finished().hasImage(i))
            .toList();
    if (!wanted.isEmpty()) {
      throw new IllegalStateException(
          "not in this archive's plan: " + wanted.iterator().next().request().source());
    }
    for (NamedImage image : shown) {
      if (!files.finished().hasImage(image)) {
        checkComplete(image.image());
      }
    }
    files.publish(design, shown, allPlanned && shown.size() == design.images().size());
  }

  /**
   * How many bytes of blobs are there, as {@link UnfinishedArchive#keptBytes} will say; to be asked
   * when all uploads have ended.
   */
  public long writtenBytes() {
    return slots.values().stream()
        .map(List::getFirst)
        .mapToLong(slot -> slot.extents().bytes())
        .sum();
  }

  /** The size of all files that are being written when they are finished, in bytes. */
  public long size() {
    return files.volumes().stream().mapToLong(volume -> volume.contents().size()).sum();
  }

  /** Whether an earlier run has finished all volumes: none of them is written to. */
  public boolean isFinished() {
    return files.volumes().isEmpty();
  }

  /** The number of the first volume that is being written; 1 if none is. */
  public int firstVolume() {
    return files.volumes().stream().mapToInt(VolumeWriter::number).min().orElse(1);
  }

  private boolean isFinished(Digest digest) {
    return !slots.containsKey(digest) && files.finished().hasBlob(digest);
  }

  /** Ends the writing; an archive without journal that was not finished is deleted. */
  @Override
  public void close() throws IOException {
    files.close();
  }

  /** Notes how many bytes of a blob have been written. */
  void note(Digest digest, long bytes) throws IOException {
    files.note(digest, bytes);
  }

  /** Notes which bytes of a blob have been written behind a gap. */
  void notePart(Digest digest, long from, long to) throws IOException {
    files.notePart(digest, from, to);
  }

  private void checkComplete(PlannedImage image) {
    for (Manifest manifest : image.manifests()) {
      checkComplete(image, manifest.digest());
    }
    for (Descriptor blob : image.blobs()) {
      if (!design.isInBase(blob.digest()) && !isFinished(blob.digest())) {
        checkComplete(image, blob.digest());
      }
    }
  }

  private void checkComplete(PlannedImage image, Digest digest) {
    if (!Objects.requireNonNull(slots.get(digest)).stream().allMatch(BlobRegion::isComplete)) {
      throw new IllegalStateException(
          image.request().source() + " counts as complete, but the archive lacks " + digest);
    }
  }

  private List<BlobRegion> slots(Descriptor blob) {
    List<BlobRegion> found = slots.getOrDefault(blob.digest(), List.of());
    if (found.isEmpty() || found.getFirst().size() != blob.size()) {
      throw new IllegalArgumentException(
          "not in this archive's plan: " + blob.digest() + " of " + blob.size() + " bytes");
    }
    return found;
  }
}
