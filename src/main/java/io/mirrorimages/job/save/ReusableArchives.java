package io.mirrorimages.job.save;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.write.UnfinishedArchive;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.RateLimitStatus;
import io.mirrorimages.mirror.port.BlobPart;
import io.mirrorimages.mirror.port.ForwardingImageSource;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.LocalManifests;
import io.mirrorimages.mirror.port.RangeSource;
import io.mirrorimages.mirror.port.RateLimitedSource;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What a save has on this machine already: the archive that it is about to replace, as a source of
 * what that has, and the one it leaves out, for its manifests. Thread-safe.
 */
final class ReusableArchives implements Closeable {
  private final Optional<ArchiveReader> archive;
  private final Optional<ArchiveReader> base;
  private final Set<Digest> opened = ConcurrentHashMap.newKeySet();
  private final Set<Digest> distrusted = ConcurrentHashMap.newKeySet();

  private ReusableArchives(Optional<ArchiveReader> archive, Optional<ArchiveReader> base) {
    this.archive = archive;
    this.base = base;
  }

  /**
   * Opens the archive to be replaced, if there is one that can be read and is not itself being gone
   * on with, and the base.
   *
   * @param base the file or folder that is the base; an inventory has no manifests
   */
  public static ReusableArchives of(
      ArchiveSpec spec, Optional<UnfinishedArchive> unfinished, Optional<ImageLocation.Local> base)
      throws IOException {
    boolean replaced =
        spec.overwrite() && (unfinished.isEmpty() || !unfinished.get().isFinished(spec));
    return new ReusableArchives(
        replaced
            ? open(spec.finished().stream().map(ImageLocation.OciArchive::new).toList())
            : Optional.empty(),
        base.flatMap(place -> open(List.of(place))));
  }

  private static Optional<ArchiveReader> open(List<? extends ImageLocation.Local> places) {
    try {
      return places.isEmpty() ? Optional.empty() : Optional.of(ArchiveReader.openAll(places));
    } catch (IOException e) {
      // Damaged: all the more reason to replace it.
      return Optional.empty();
    }
  }

  /**
   * {@code source}, with whatever is here already taken from here. Tags are asked for at the
   * source.
   */
  public ImageSource before(ImageSource source) {
    return archive.isEmpty() && base.isEmpty() ? source : new Preferring(source);
  }

  @Override
  public void close() throws IOException {
    try {
      close(archive);
    } finally {
      close(base);
    }
  }

  private static void close(Optional<ArchiveReader> reader) throws IOException {
    if (reader.isPresent()) {
      reader.get().close();
    }
  }

  private final class Preferring extends ForwardingImageSource
      implements RateLimitedSource, LocalManifests, RangeSource {
    private final List<ArchiveReader> archives =
        Stream.of(archive, base).flatMap(Optional::stream).toList();
    private final ImageSource source;
    private final RateLimitedSource limited;
    private final RangeSource ranges;
    private final Set<Reference> names = new HashSet<>();

    Preferring(ImageSource source) {
      super(source);
      archives.forEach(known -> known.images().forEach(image -> names.add(image.name())));
      this.source = source;
      this.limited = RateLimitedSource.of(source);
      this.ranges = RangeSource.of(source);
    }

    private boolean has(Descriptor blob, Repository repository) {
      return archive.filter(old -> old.has(repository, blob)).isPresent();
    }

    @Override
    public Optional<Digest> pin(Reference image) throws IOException {
      return names.contains(image) ? source.resolve(image) : limited.pin(image);
    }

    @Override
    public List<RateLimitStatus> pulls(Reference image) throws IOException {
      return limited.pulls(image);
    }

    @Override
    public Optional<Manifest> localManifest(Digest digest) {
      for (ArchiveReader known : archives) {
        if (known.size(digest).isPresent()) {
          try {
            return Optional.of(known.manifest(digest, ""));
          } catch (IOException | RuntimeException e) {
            // Damaged there, or no manifest: the source has the right one.
          }
        }
      }
      return LocalManifests.of(source).localManifest(digest);
    }

    @Override
    public Manifest manifest(Reference image) throws IOException {
      // A HEAD costs less than the content, and nothing of Docker Hub's quota.
      Optional<Digest> digest = image.digest().isPresent() ? image.digest() : pin(image);
      Optional<Manifest> here = digest.flatMap(this::localManifest);
      return here.isPresent() ? here.get() : source.manifest(image);
    }

    @Override
    public boolean has(Repository repository, Descriptor blob) throws IOException {
      return has(blob, repository) || source.has(repository, blob);
    }

    @Override
    public void wasDamaged(Descriptor blob) {
      ranges.wasDamaged(blob);
    }

    @Override
    public InputStream open(Repository repository, Descriptor blob, long offset)
        throws IOException {
      return isHere(repository, blob, offset)
          ? archive.orElseThrow().open(repository, blob, offset)
          : source.open(repository, blob, offset);
    }

    @Override
    public Optional<BlobPart> part(Repository repository, Descriptor blob, long from, long to)
        throws IOException {
      // Read in one stream here: one connection more would make no disk faster.
      return isHere(repository, blob, from)
          ? RangeSource.whole(archive.orElseThrow(), repository, blob, from)
          : ranges.part(repository, blob, from, to);
    }

    private boolean isHere(Repository repository, Descriptor blob, long offset) {
      // Begun a second time, it was not what its digest says.
      if (offset == 0 && !opened.add(blob.digest())) {
        distrusted.add(blob.digest());
      }
      return has(blob, repository) && !distrusted.contains(blob.digest());
    }
  }
}
