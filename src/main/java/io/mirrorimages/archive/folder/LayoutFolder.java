package io.mirrorimages.archive.folder;

import io.mirrorimages.archive.file.DiskFull;
import io.mirrorimages.failure.MissingContentException;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.ManifestGraph;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.image.UnsupportedManifestException;
import io.mirrorimages.lock.RunLock;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.port.LocalTarget;
import io.mirrorimages.mirror.port.ReadableTarget;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A folder that is an OCI image layout, as a target (OCI image-spec, image-layout.md). Images are
 * added to those that are there; a name that another image has is given to the new one, whose blobs
 * stay. All repositories share the blobs.
 *
 * <p>A blob has its place when it is whole, hashed and on the disk, and an image its name when all
 * of it is there, at most a second later: others read it while the run continues, and whenever a
 * run dies, what is whole stays.
 *
 * <p>Thread-safe; {@link #finish} and {@link #close} when all uploads have ended. Memory: the text
 * of {@code index.json}.
 */
public final class LayoutFolder implements ImageTarget, LocalTarget, ReadableTarget, Closeable {
  private final Path folder;
  private final FolderBlobs blobs;
  private final FolderIndex index;
  private final Optional<RunLock> lock;
  private final Set<Reference> expected = ConcurrentHashMap.newKeySet();

  private LayoutFolder(Path folder, FolderIndex index, Optional<RunLock> lock) {
    this.folder = folder;
    this.blobs = new FolderBlobs(folder, lock.isPresent());
    this.index = index;
    this.lock = lock;
  }

  /**
   * Opens a folder to write into it, and makes it if it does not exist. The caller closes it.
   *
   * @throws TransferException if it is something else than an empty folder or a well-formed layout,
   *     may not be written, or another run writes it
   */
  public static LayoutFolder open(Path folder) throws IOException {
    RunLock lock = FolderState.take(folder);
    boolean opened = false;
    try {
      LayoutFolder target = new LayoutFolder(folder, FolderIndex.open(folder), Optional.of(lock));
      opened = true;
      return target;
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  /**
   * The folder as a target that is only planned for: it is not written, and need not exist; blobs
   * count by their size. Fails as {@link #open}.
   */
  public static LayoutFolder look(Path folder) throws IOException {
    FolderState.check(folder);
    return new LayoutFolder(folder, FolderIndex.look(folder), Optional.empty());
  }

  /**
   * The digest that the index gives to the name, if all manifests and blobs of that image are
   * there; whether the blobs have their digests is for a check to find out.
   */
  @Override
  public Optional<Digest> resolve(Reference image) throws IOException {
    Optional<Descriptor> named = index.find(image);
    return named.isPresent() && isWhole(named.get())
        ? named.map(Descriptor::digest)
        : Optional.empty();
  }

  private boolean isWhole(Descriptor top) throws IOException {
    try {
      new ManifestGraph(entry -> Optional.of(present(entry)))
          .walk(top, (entry, manifest) -> checkBlobs(manifest));
      return true;
    } catch (MissingContentException | InvalidContentException | UnsupportedManifestException e) {
      return false;
    }
  }

  private Manifest present(Descriptor entry) throws IOException {
    return blobs
        .manifest(entry.digest(), entry.mediaType())
        .orElseThrow(
            () -> new MissingContentException("manifest " + entry.digest() + " is not there"));
  }

  private void checkBlobs(Manifest manifest) throws IOException {
    Optional<Descriptor> missing = missing(manifest);
    if (missing.isPresent()) {
      throw new MissingContentException(
          "blob " + missing.get().digest() + " is not there any more");
    }
  }

  /** The first blob that is not there; layers which are kept from registries may be missing. */
  private Optional<Descriptor> missing(Manifest manifest) throws IOException {
    for (Descriptor blob : manifest.blobs()) {
      if (!blobs.isThere(blob) && !MediaTypes.isNonDistributable(blob.mediaType())) {
        return Optional.of(blob);
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<Manifest> manifest(Reference image) throws IOException {
    Optional<Descriptor> named = index.find(image);
    Optional<Digest> digest = image.digest().or(() -> named.map(Descriptor::digest));
    return digest.isEmpty()
        ? Optional.empty()
        : blobs.manifest(digest.get(), named.map(Descriptor::mediaType).orElse(""));
  }

  /** Whether the folder has the blob; what another run or tool left there is hashed. */
  @Override
  public boolean has(Repository repository, Descriptor blob) throws IOException {
    return blobs.has(blob);
  }

  /** Waits while another thread writes the same blob; if that succeeds, it counts as mounted. */
  @Override
  public BlobUpload begin(Repository repository, Descriptor blob, Optional<Repository> mountFrom)
      throws IOException {
    checkWriting();
    return new FolderUpload(blobs, blob);
  }

  /**
   * Stores a manifest, and names it in the index: by its tag, or by its digest if an {@link #expect
   * expected} image is called so. One with neither may be part of another image.
   */
  @Override
  public void put(Reference image, Manifest manifest) throws IOException {
    checkWriting();
    checkBlobs(manifest);
    blobs.put(manifest);
    if (image.tag().isPresent()) {
      name(new Reference(image.repository(), image.tag(), Optional.empty()), manifest.descriptor());
    } else if (expected.contains(image)) {
      name(image, manifest.descriptor());
    }
  }

  /** Images without a tag that will be {@link #put}; to be called before. */
  public void expect(Plan plan) {
    plan.images().stream()
        .filter(image -> image.request().target().tag().isEmpty())
        .map(image -> image.request().target().at(image.top().digest()))
        .forEach(expected::add);
  }

  private void name(Reference name, Descriptor top) throws IOException {
    try {
      index.put(name, top, blobs::force);
    } catch (IOException e) {
      throw DiskFull.explain(e, folder);
    }
  }

  /** How many bytes of unfinished blobs an earlier run left. */
  public long keptBytes() throws IOException {
    return blobs.incompleteBytes();
  }

  /** Removes unfinished blobs of earlier runs; called when everything of this run is there. */
  public void finish() throws IOException {
    checkWriting();
    blobs.deleteIncomplete();
  }

  private void checkWriting() {
    if (lock.isEmpty()) {
      throw new IllegalStateException("a plan writes nothing");
    }
  }

  /** Writes the names that are still to be written, and lets others write. */
  @Override
  public void close() throws IOException {
    if (lock.isEmpty()) {
      return;
    }
    try {
      index.close(blobs::force);
    } catch (IOException e) {
      throw DiskFull.explain(e, folder);
    } finally {
      lock.get().close();
    }
  }
}
