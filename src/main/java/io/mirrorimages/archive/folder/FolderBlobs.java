package io.mirrorimages.archive.folder;

import io.mirrorimages.archive.file.DiskFull;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The blobs of a folder, whole ones and others. What is there from an earlier run counts when it
 * has been hashed, once for each digest. Thread-safe; a digest is written by the thread that holds
 * its lock.
 */
final class FolderBlobs {
  private static final int BUFFER = 256 * 1024;

  private final Path folder;
  private final boolean hashing;
  private final Set<Digest> whole = ConcurrentHashMap.newKeySet();
  private final Set<Digest> damaged = ConcurrentHashMap.newKeySet();
  private final Map<Digest, ReentrantLock> locks = new ConcurrentHashMap<>();

  /**
   * @param hashing whether blobs are hashed before they count; for a plan their size is enough
   */
  FolderBlobs(Path folder, boolean hashing) {
    this.folder = folder;
    this.hashing = hashing;
  }

  /** Held by the one thread that writes the blob. */
  ReentrantLock lock(Digest digest) {
    return locks.computeIfAbsent(digest, d -> new ReentrantLock());
  }

  /** Where the blob is when it is whole. */
  Path file(Digest digest) {
    return folder.resolve(LayoutNames.blob(digest));
  }

  /** Where it is until then. */
  Path incomplete(Digest digest) {
    return folder.resolve(LayoutNames.incomplete(digest));
  }

  /** Whether there is a regular file of this size; what is in it is not looked at. */
  boolean isThere(Descriptor blob) throws IOException {
    return size(file(blob.digest())).filter(size -> size == blob.size()).isPresent();
  }

  /** The size of a regular file; empty if there is none. */
  static Optional<Long> size(Path file) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isRegularFile() ? Optional.of(attributes.size()) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Whether the blob is there to its last byte, with the right ones. */
  boolean has(Descriptor blob) throws IOException {
    if (!isThere(blob)) {
      return false;
    }
    if (!hashing || whole.contains(blob.digest())) {
      return true;
    }
    ReentrantLock lock = lock(blob.digest());
    lock.lock();
    try {
      if (!whole.contains(blob.digest()) && !damaged.contains(blob.digest())) {
        (isRight(blob.digest()) ? whole : damaged).add(blob.digest());
      }
      return whole.contains(blob.digest());
    } finally {
      lock.unlock();
    }
  }

  private boolean isRight(Digest digest) throws IOException {
    MessageDigest hash = digest.newHasher();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file(digest), LinkOption.NOFOLLOW_LINKS)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        hash.update(buffer, 0, read);
      }
    } catch (ClosedByInterruptException e) {
      throw interrupted(e);
    }
    return HexFormat.of().formatHex(hash.digest()).equals(digest.hex());
  }

  static InterruptedIOException interrupted(ClosedByInterruptException e) {
    InterruptedIOException interrupted = new InterruptedIOException("interrupted");
    interrupted.initCause(e);
    return interrupted;
  }

  /** The manifest with this digest; empty if it is not there, or damaged. */
  Optional<Manifest> manifest(Digest digest, String mediaType) throws IOException {
    Optional<Long> size = size(file(digest));
    if (size.isEmpty() || size.get() > Manifest.LARGEST) {
      return Optional.empty();
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file(digest), LinkOption.NOFOLLOW_LINKS)) {
      bytes = in.readNBytes(Manifest.LARGEST);
    }
    return digest.ofSameAlgorithm(bytes).equals(digest)
        ? Optional.of(Manifest.parse(bytes, mediaType, digest))
        : Optional.empty();
  }

  /** Stores a manifest, unless it is there. */
  void put(Manifest manifest) throws IOException {
    ReentrantLock lock = lock(manifest.digest());
    lock.lock();
    try {
      if (!has(manifest.descriptor())) {
        createFolder(file(manifest.digest()));
        OwnFiles.replaceAlone(file(manifest.digest()), out -> out.write(manifest.bytes()));
        isWhole(manifest.digest());
      }
    } catch (IOException e) {
      throw DiskFull.explain(e, folder);
    } finally {
      lock.unlock();
    }
  }

  /** Gives what was incomplete its name, now that all of it is there and on the disk. */
  void publish(Digest digest) throws IOException {
    createFolder(file(digest));
    OwnFiles.move(incomplete(digest), file(digest));
    isWhole(digest);
  }

  private void isWhole(Digest digest) {
    damaged.remove(digest);
    whole.add(digest);
  }

  /** Makes the folder that {@code file} lies in. */
  void createFolder(Path file) throws IOException {
    Path parent = Objects.requireNonNull(file.getParent());
    if (!parent.equals(folder)) {
      createFolder(parent);
      OwnFiles.createFolder(parent);
    }
  }

  /** Brings the names of whole blobs to the disk. */
  void force() throws IOException {
    Path blobs = folder.resolve(LayoutNames.BLOBS);
    if (Files.isDirectory(blobs)) {
      try (DirectoryStream<Path> algorithms = Files.newDirectoryStream(blobs)) {
        algorithms.forEach(OwnFiles::forceFolder);
      }
      OwnFiles.forceFolder(blobs);
    }
  }

  /** Removes what was begun; for a run after which nothing is to be continued. */
  void deleteIncomplete() throws IOException {
    Path begun = folder.resolve(LayoutNames.INCOMPLETE);
    if (Files.isDirectory(begun, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(begun)) {
        for (Path file : files) {
          OwnFiles.delete(file);
        }
      }
      OwnFiles.deleteEmptyFolder(begun);
    }
  }

  /** How many bytes are there of blobs that are not whole. */
  long incompleteBytes() throws IOException {
    Path begun = folder.resolve(LayoutNames.INCOMPLETE);
    long bytes = 0;
    if (Files.isDirectory(begun, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(begun)) {
        for (Path file : files) {
          bytes += size(file).orElse(0L);
        }
      }
    }
    return bytes;
  }
}
