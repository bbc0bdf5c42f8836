package io.mirrorimages.cli;

import io.mirrorimages.archive.ArchiveReader;
import io.mirrorimages.archive.ArchiveSpec;
import io.mirrorimages.archive.UnfinishedArchive;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.BlobPart;
import io.mirrorimages.mirror.ImageSource;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Provenance;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The archive that a save is about to replace, as a source of what it has. Thread-safe. */
final class EarlierArchive implements Closeable {
  private final Optional<ArchiveReader> archive;
  private final Set<Digest> opened = ConcurrentHashMap.newKeySet();
  private final Set<Digest> distrusted = ConcurrentHashMap.newKeySet();

  private EarlierArchive(Optional<ArchiveReader> archive) {
    this.archive = archive;
  }

  /** Opens it, if there is one that can be read and is not itself being gone on with. */
  static EarlierArchive of(ArchiveSpec spec, Optional<UnfinishedArchive> unfinished)
      throws IOException {
    boolean replaced = spec.overwrite() && (unfinished.isEmpty() || spec.isBegun());
    if (!replaced || spec.finished().isEmpty()) {
      return new EarlierArchive(Optional.empty());
    }
    try {
      return new EarlierArchive(Optional.of(ArchiveReader.open(spec.finished())));
    } catch (IOException e) {
      // Damaged: all the more reason to replace it.
      return new EarlierArchive(Optional.empty());
    }
  }

  /**
   * {@code source}, with whatever this archive has taken from here. Tags are asked for at the
   * source.
   */
  ImageSource before(ImageSource source) {
    return archive.isEmpty() ? source : new Preferring(archive.get(), source);
  }

  @Override
  public void close() throws IOException {
    if (archive.isPresent()) {
      archive.get().close();
    }
  }

  private final class Preferring implements ImageSource {
    private final ArchiveReader old;
    private final ImageSource source;
    private final Set<Reference> names = new HashSet<>();

    Preferring(ArchiveReader old, ImageSource source) {
      this.old = old;
      old.images().forEach(known -> names.add(known.name()));
      this.source = source;
    }

    @Override
    public Optional<Digest> digest(Reference image) throws IOException {
      return source.digest(image);
    }

    @Override
    public Manifest manifest(Reference image) throws IOException {
      // A HEAD costs less than the content, and nothing of Docker Hub's quota.
      Optional<Digest> digest =
          image.digest().isEmpty() && names.contains(image) ? source.digest(image) : image.digest();
      if (digest.isPresent() && old.size(digest.get()).isPresent()) {
        try {
          return old.manifest(digest.get(), "");
        } catch (IOException | RuntimeException e) {
          // Damaged there, or no manifest: the source has the right one.
        }
      }
      return source.manifest(image);
    }

    @Override
    public boolean has(Repository repository, Descriptor blob) throws IOException {
      return old.has(repository, blob) || source.has(repository, blob);
    }

    @Override
    public boolean hasOther(Repository repository, Descriptor blob) {
      return source.hasOther(repository, blob);
    }

    @Override
    public void wasDamaged(Descriptor blob) {
      source.wasDamaged(blob);
    }

    @Override
    public Provenance provenance(PlannedImage image) {
      return source.provenance(image);
    }

    @Override
    public InputStream open(Repository repository, Descriptor blob, long offset)
        throws IOException {
      return isHere(repository, blob, offset)
          ? old.open(repository, blob, offset)
          : source.open(repository, blob, offset);
    }

    @Override
    public Optional<BlobPart> part(Repository repository, Descriptor blob, long from, long to)
        throws IOException {
      // Read in one stream here: one connection more would make no disk faster.
      return isHere(repository, blob, from)
          ? old.part(repository, blob, from, to)
          : source.part(repository, blob, from, to);
    }

    private boolean isHere(Repository repository, Descriptor blob, long offset) {
      // Begun a second time, it was not what its digest says.
      if (offset == 0 && !opened.add(blob.digest())) {
        distrusted.add(blob.digest());
      }
      return old.has(repository, blob) && !distrusted.contains(blob.digest());
    }
  }
}
