package io.mirrorimages.archive;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageSource;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads an archive in place: one of ours, or any other tar that is an OCI image layout (OCI
 * image-spec, image-layout.md), for example of {@code skopeo copy ... oci-archive:}.
 *
 * <p>Manifests are hashed whenever they are read; the bytes of other blobs are for the reader to
 * hash. Names, sizes and order in the file are claims: what contradicts itself, or has no place in
 * an image archive, is refused when it is opened, with {@link Reason#CORRUPT}.
 *
 * <p>Thread-safe; any number of streams can be open. Memory: about 200 bytes per blob. The caller
 * closes the reader, after its streams.
 */
public final class ArchiveReader implements ImageSource, Closeable {
  private final PositionalFile file;
  private final ArchiveErrors errors;
  private final Map<Digest, TarEntry> blobs;
  private final List<ArchivedImage> images;
  private final List<Descriptor> unnamed;
  private final Map<String, Descriptor> byName = new HashMap<>();

  private ArchiveReader(PositionalFile file, ArchiveErrors errors, LayoutScan scan) {
    this.file = file;
    this.errors = errors;
    this.blobs = scan.blobs();
    this.images = scan.index().named();
    this.unnamed = scan.index().unnamed();
    for (ArchivedImage image : images) {
      byName.put(key(image.name()), image.descriptor());
    }
  }

  /**
   * Opens an archive and reads its headers and its index.
   *
   * @throws MirrorException {@link Reason#MISSING} if there is no such file, {@link Reason#DENIED}
   *     if it may not be read, {@link Reason#CORRUPT} if it is no complete, well-formed archive
   */
  public static ArchiveReader open(Path path) throws IOException {
    ArchiveErrors errors = new ArchiveErrors(path);
    PositionalFile file = ArchiveFile.open(path, errors);
    boolean opened = false;
    try {
      ArchiveReader reader = new ArchiveReader(file, errors, LayoutScan.of(file, errors));
      opened = true;
      return reader;
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }

  /** All named images in the order of the index, each name once. */
  public List<ArchivedImage> images() {
    return images;
  }

  /**
   * What the index holds without a full name, as tools write it that were told a bare tag or
   * nothing. It can be read by digest; nobody can say what it should be called elsewhere.
   */
  public List<Descriptor> unnamed() {
    return unnamed;
  }

  /** The pinned digest if the archive has it, else what the index says. */
  @Override
  public Optional<Digest> digest(Reference image) throws IOException {
    Digest digest = image.digest().orElseGet(() -> named(image));
    if (digest == null || !blobs.containsKey(digest)) {
      throw errors.missing("image " + image);
    }
    return Optional.of(digest);
  }

  @Override
  public Manifest manifest(Reference image) throws IOException {
    Descriptor named = byName.get(key(image));
    if (image.digest().isEmpty()) {
      if (named == null) {
        throw errors.missing("image " + image);
      }
      return manifest(named.digest(), named.mediaType());
    }
    Digest pinned = image.digest().get();
    boolean known = named != null && named.digest().equals(pinned);
    return manifest(pinned, known ? named.mediaType() : "");
  }

  /**
   * The manifest with this digest, whatever image it belongs to.
   *
   * @param mediaType what refers to it says it is; empty if that is not known
   * @throws MirrorException {@link Reason#MISSING} if it is not in the archive, {@link
   *     Reason#CORRUPT} if its bytes do not have this digest
   */
  public Manifest manifest(Digest digest, String mediaType) throws IOException {
    TarEntry entry = blobs.get(digest);
    if (entry == null) {
      throw errors.missing("manifest " + digest);
    }
    if (entry.size() > Manifest.LARGEST) {
      throw errors.hostile(entry.name(), "is too large for a manifest: " + entry.size() + " bytes");
    }
    byte[] bytes = file.readFully(entry.data(), (int) entry.size());
    if (!digest.ofSameAlgorithm(bytes).equals(digest)) {
      throw errors.damaged(entry.name());
    }
    return Manifest.parse(bytes, mediaType, digest);
  }

  /** The number of bytes the archive holds under a digest; empty if it has no such blob. */
  public Optional<Long> size(Digest digest) {
    return Optional.ofNullable(blobs.get(digest)).map(TarEntry::size);
  }

  /** Whether the archive has the blob with the descriptor's size; all repositories share it. */
  @Override
  public boolean has(Repository repository, Descriptor blob) {
    TarEntry entry = blobs.get(blob.digest());
    return entry != null && entry.size() == blob.size();
  }

  @Override
  public InputStream open(Repository repository, Descriptor blob, long offset) throws IOException {
    TarEntry entry = blobs.get(blob.digest());
    if (entry == null) {
      throw errors.missing("blob " + blob.digest());
    }
    if (entry.size() != blob.size()) {
      throw errors.corrupt(
          "has %d bytes as %s, its manifest says %d: save the image again"
              .formatted(entry.size(), blob.digest(), blob.size()));
    }
    if (offset < 0 || offset > entry.size()) {
      throw new IllegalArgumentException("no byte " + offset + " in " + blob.digest());
    }
    return new RegionInputStream(file, entry, offset, errors);
  }

  /** It is a file here. */
  @Override
  public boolean isLocal() {
    return true;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private Digest named(Reference image) {
    Descriptor named = byName.get(key(image));
    return named == null ? null : named.digest();
  }

  /** Under one key there is one image, with or without a digest beside the tag. */
  private static String key(Reference image) {
    return image.repository() + " " + image.storeName();
  }
}
