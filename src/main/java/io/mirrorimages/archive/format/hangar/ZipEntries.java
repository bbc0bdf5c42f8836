package io.mirrorimages.archive.format.hangar;

import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.file.FileEntry.EntryType;
import io.mirrorimages.archive.file.FileParts;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.failure.TransferException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

  /** The end of the central directory: its length without the comment, whose length is last. */
  private static final int END = 22;

  private static final int END_SIGNATURE = 0x06054b50;
  private static final int MOST_COMMENT = 0xffff;

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
      throw damaged(source, "is no whole zip");
    }
    if (!endsWithItsDirectory(source.file())) {
      throw damaged(source, "has bytes behind the end of its zip");
    }
    return entries.files;
  }

  private static IOException damaged(ArchiveSource source, String what) {
    return source.errors().corrupt(what + ": copy it again and compare checksums");
  }

  /** Whether the end of the central directory, with its comment, is that of the file. */
  private static boolean endsWithItsDirectory(PositionalFile file) throws IOException {
    int length = (int) Math.min(file.size(), END + MOST_COMMENT);
    ByteBuffer tail =
        ByteBuffer.wrap(file.readFully(file.size() - length, length))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int at = length - END; at >= 0; at--) {
      if (tail.getInt(at) == END_SIGNATURE) {
        return at + END + Short.toUnsignedInt(tail.getShort(at + END - Short.BYTES)) == length;
      }
    }
    return false;
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
