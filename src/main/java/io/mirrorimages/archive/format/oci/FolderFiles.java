package io.mirrorimages.archive.format.oci;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.file.FileEntry.EntryType;
import io.mirrorimages.archive.format.source.FolderFileStream;
import io.mirrorimages.archive.format.view.LayoutFiles;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The files in a folder. No link in it is followed: what is read lies in the folder itself. Files
 * that no layout has are passed over, among them blobs that are still being written, whatever tool
 * does it.
 *
 * @param path the folder
 * @param errors how to speak of it
 * @param bytes the size of the files that were visited
 */
record FolderFiles(Path path, ArchiveErrors errors, AtomicLong bytes) implements LayoutFiles {

  static FolderFiles open(Path path, ArchiveErrors errors) throws IOException {
    FolderFiles files = new FolderFiles(path, errors, new AtomicLong());
    if (files.isLocked() && !Files.exists(path.resolve(LayoutNames.INDEX))) {
      throw errors.corrupt("was not finished: run the command that fills it again, which resumes");
    }
    return files;
  }

  @Override
  public String format() {
    return OciFolderFormat.TITLE;
  }

  @Override
  public void visit(EntryVisitor visitor) throws IOException {
    bytes.set(0);
    for (Path child : children(path)) {
      String name = child.getFileName().toString();
      if (LayoutNames.top(name).isPresent()) {
        FileEntry entry = entry(child, name);
        show(entry, visitor);
        if (entry.kind() == EntryType.FOLDER && LayoutNames.BLOBS.equals(name + "/")) {
          visitBlobs(child, visitor);
        }
      }
    }
  }

  private void visitBlobs(Path blobs, EntryVisitor visitor) throws IOException {
    for (Path algorithm : children(blobs)) {
      String folder = LayoutNames.BLOBS + algorithm.getFileName();
      FileEntry entry = entry(algorithm, folder);
      if (entry.kind() == EntryType.FILE) {
        continue;
      }
      show(entry, visitor);
      for (Path blob : entry.kind() == EntryType.FOLDER ? children(algorithm) : List.<Path>of()) {
        String name = blob.getFileName().toString();
        if (isDigest(algorithm.getFileName().toString(), name)) {
          show(entry(blob, folder + "/" + name), visitor);
        }
      }
    }
  }

  private void show(FileEntry entry, EntryVisitor visitor) throws IOException {
    bytes.addAndGet(entry.size());
    visitor.visit(entry);
  }

  private static boolean isDigest(String algorithm, String hex) {
    try {
      return !new Digest(algorithm, hex).hex().isEmpty();
    } catch (InvalidContentException e) {
      return false;
    }
  }

  private List<Path> children(Path folder) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      all.forEach(children::add);
    } catch (AccessDeniedException e) {
      throw noRight(folder, e);
    }
    children.sort(null);
    return children;
  }

  private FileEntry entry(Path file, String name) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isSymbolicLink()) {
      return new FileEntry(EntryType.LINK, name, 0, 0);
    } else if (attributes.isDirectory()) {
      return new FileEntry(EntryType.FOLDER, name, 0, 0);
    } else if (!attributes.isRegularFile()) {
      // Opening a pipe would wait for its writer.
      throw errors.hostile(name, "is no regular file");
    }
    return new FileEntry(EntryType.FILE, name, 0, attributes.size());
  }

  @Override
  public byte[] read(FileEntry entry) throws IOException {
    try (InputStream in = open(entry, 0)) {
      return in.readNBytes((int) entry.size());
    }
  }

  @Override
  public InputStream open(FileEntry entry, long offset) throws IOException {
    Path file = path.resolve(entry.name());
    try {
      return new FolderFileStream(file, offset, entry.size(), errors);
    } catch (AccessDeniedException e) {
      throw noRight(file, e);
    }
  }

  private static TransferException noRight(Path file, IOException e) {
    return new TransferException(
        FailureKind.FILE_DENIED, file + " may not be read: ask its owner for the right to", e);
  }

  @Override
  public OptionalLong unfinished() throws IOException {
    Path begun = path.resolve(LayoutNames.INCOMPLETE);
    if (!Files.isDirectory(begun, LinkOption.NOFOLLOW_LINKS)) {
      return isLocked() ? OptionalLong.of(0) : OptionalLong.empty();
    }
    long left = 0;
    for (Path file : children(begun)) {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      left += attributes.isRegularFile() ? attributes.size() : 0;
    }
    return OptionalLong.of(left);
  }

  private boolean isLocked() {
    return Files.isRegularFile(path.resolve(LayoutNames.LOCK), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public long size() {
    return bytes.get();
  }

  @Override
  public void close() {}
}
