package io.mirrorimages.archive.format.source;

import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.file.FileEntry.EntryType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All files of a tar or of a folder, by their names with {@code /} between components, in order.
 * Links are not followed.
 */
public final class FileTree {
  /** More than any has; keeps a folder of empty files from filling the memory. */
  private static final int MOST_FILES = 10_000_000;

  private final ArchiveSource source;
  private final SortedMap<String, StoredContent> files = new TreeMap<>();
  private final SortedSet<String> links = new TreeSet<>();

  private FileTree(ArchiveSource source) {
    this.source = source;
  }

  /** Those of {@code source}, which stays open as long as their bytes are read. */
  public static FileTree of(ArchiveSource source) throws IOException {
    FileTree tree = new FileTree(source);
    if (source.isFolder()) {
      Files.walkFileTree(source.path(), tree.new FolderWalk());
      return tree;
    }
    for (FileEntry entry : source.entries()) {
      if (entry.kind() == EntryType.LINK) {
        tree.links.add(entry.name());
      } else if (entry.kind() == EntryType.FILE) {
        StoredContent content = StoredContent.of(source.file(), entry, source.errors());
        if (tree.files.put(entry.name(), content) != null) {
          throw source.errors().hostile(entry.name(), "is there twice");
        }
      }
    }
    return tree;
  }

  private final class FolderWalk extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      String name = source.path().relativize(file).toString();
      if (!attributes.isRegularFile()) {
        links.add(name);
      } else {
        files.put(name, StoredContent.of(file, attributes.size(), source.errors()));
      }
      if (files.size() + links.size() > MOST_FILES) {
        throw source.errors().refused("it has more than " + MOST_FILES + " files");
      }
      return FileVisitResult.CONTINUE;
    }
  }

  /** All of them. */
  public SortedMap<String, StoredContent> files() {
    return Collections.unmodifiableSortedMap(files);
  }

  /** Refuses links and devices below the folder {@code prefix}, which ends with a slash. */
  public void refuseLinks(String prefix) throws IOException {
    for (String link : links.tailSet(prefix)) {
      if (link.startsWith(prefix)) {
        throw source.errors().hostile(link, "is no regular file");
      }
    }
  }

  /** All bytes of a file; null if there is none of that name. */
  public byte @Nullable [] read(String name, int largest) throws IOException {
    StoredContent content = files.get(name);
    if (content == null) {
      return null;
    }
    if (content.size() > largest) {
      throw source
          .errors()
          .hostile(name, "has " + content.size() + " bytes, more than the " + largest + " allowed");
    }
    try (InputStream in = content.open(0)) {
      return in.readNBytes((int) content.size());
    }
  }

  /** How many bytes all files below {@code prefix} have. */
  public long size(String prefix) {
    return files.tailMap(prefix).entrySet().stream()
        .takeWhile(file -> file.getKey().startsWith(prefix))
        .mapToLong(file -> file.getValue().size())
        .sum();
  }
}
