package io.mirrorimages.archive.format.hangar;

import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.file.FileEntry.EntryType;
import io.mirrorimages.archive.file.FileParts;
import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.failure.TransferException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipSplitReadOnlySeekableByteChannel;

/**
 * The files of a zip (APPNOTE.TXT), in one file or split, as its central directory lists them; what
 * lies between them is passed over. Only what is stored as it is can be read in place: an entry
 * that is compressed or encrypted is refused, as are links and names that point outside.
 */
final class ZipEntries {
  private static final int MOST_ENTRIES = 10_000_000;

  private final ArchiveSource source;
  private final Map<String, FileEntry> files = new LinkedHashMap<>();

  private ZipEntries(ArchiveSource source) {
    this.source = source;
  }

  /** Reads the directory of {@code source}, which is a file; stays open only meanwhile. */
  static Map<String, FileEntry> of(ArchiveSource source) throws IOException {
    ZipEntries entries = new ZipEntries(source);
    try (SeekableByteChannel channel = channel(FileParts.of(source.path()).files());
        ZipFile zip = ZipFile.builder().setSeekableByteChannel(channel).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        entries.add(entry);
      }
    } catch (TransferException | ClosedByInterruptException e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      throw damaged(source, e);
    }
    return entries.files;
  }

  private static IOException damaged(ArchiveSource source, Exception e) {
    return source
        .errors()
        .corrupt("is no whole zip (" + e.getMessage() + "): copy it again and compare checksums");
  }

  private static SeekableByteChannel channel(List<Path> parts) throws IOException {
    return parts.size() == 1
        ? Files.newByteChannel(parts.getFirst())
        : ZipSplitReadOnlySeekableByteChannel.forPaths(
            parts, new OpenOption[] {StandardOpenOption.READ});
  }

  private void add(ZipArchiveEntry entry) throws IOException {
    String name = entry.getName();
    if (entry.isDirectory()) {
      return;
    }
    if (entry.isUnixSymlink()) {
      throw source.errors().hostile(name, "is no regular file");
    }
    if (name.indexOf('\\') >= 0
        || name.indexOf('\0') >= 0
        || Arrays.stream(name.split("/", -1)).anyMatch(List.of("", ".", "..")::contains)) {
      throw source.errors().hostile(name, "points outside, or has an odd name");
    }
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      throw source.errors().refused("its file " + name + " is encrypted: unpack it, and zip it so");
    }
    if (entry.getMethod() != ZipEntry.STORED) {
      throw source
          .errors()
          .refused(
              "its file "
                  + name
                  + " is compressed, which hangar's are not: unpack the zip and pack it again with"
                  + " zip -0");
    }
    long size = entry.getSize();
    long data = entry.getDataOffset();
    if (size < 0 || size != entry.getCompressedSize()) {
      throw source.errors().hostile(name, "has two sizes");
    }
    if (data < 0 || data > source.file().size() - size) {
      throw source.errors().truncated("in the middle of " + name);
    }
    if (files.put(name, new FileEntry(EntryType.FILE, name, data, size)) != null) {
      throw source.errors().hostile(name, "is there twice");
    }
    if (files.size() > MOST_ENTRIES) {
      throw source.errors().refused("it has more than " + MOST_ENTRIES + " files");
    }
  }
}
