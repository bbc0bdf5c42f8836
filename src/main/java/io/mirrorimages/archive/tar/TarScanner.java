package io.mirrorimages.archive.tar;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.image.Text;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * Walks the headers of a tar that anybody may have made, and never further than the file goes.
 * Everything that has no place in an image archive (devices, sparse files) ends the walk, as does
 * everything that GNU tar, Go and Python read in different ways; nothing is read into memory
 * without a bound. Not thread-safe.
 */
public final class TarScanner {
  private static final int LARGEST_EXTENSION = 1024 * 1024;
  private static final int LARGEST_READ = 1024 * 1024;
  private static final byte[] ZEROS = new byte[LARGEST_READ];

  private final PositionalFile file;
  private final ArchiveErrors errors;
  private final long length;
  private long position;

  /** Begins at the first entry; {@code file} is closed by the caller. */
  public TarScanner(PositionalFile file, ArchiveErrors errors) throws IOException {
    this.file = file;
    this.errors = errors;
    this.length = file.size();
  }

  /** Whether a tar can begin with this block of 512 bytes, be it one that is refused. */
  public static boolean isHeader(byte[] block) {
    try {
      return !HeaderBlock.parse(block).name().isEmpty();
    } catch (NumberFormatException e) {
      return false;
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  /** The next file, folder or link; empty after the last one, at the tar's end marker. */
  public Optional<FileEntry> next() throws IOException {
    Optional<String> longName = Optional.empty();
    Optional<PaxRecords> pax = Optional.empty();
    Optional<String> longLink = Optional.empty();
    while (true) {
      byte[] block = block();
      boolean extended = longName.isPresent() || pax.isPresent() || longLink.isPresent();
      if (HeaderBlock.isZero(block)) {
        if (extended) {
          throw errors.refused("nothing follows a tar header that belongs to a file");
        }
        checkEnd();
        return Optional.empty();
      }
      HeaderBlock header = parsed(block, position - Region.BLOCK, HeaderBlock::parse);
      boolean second =
          switch (header.type()) {
            case 'x', 'g' -> extended;
            case 'L' -> longName.isPresent() || pax.isPresent();
            case 'K' -> longLink.isPresent() || pax.isPresent();
            default -> false;
          };
      if (second) {
        // Which of them counts is another one to each reader.
        throw errors.refused("a file has two extended headers");
      }
      switch (header.type()) {
        case 'x' -> pax = Optional.of(records(header));
        case 'g' -> {
          if (records(header).concernFiles()) {
            throw errors.refused("a global tar header names all files alike");
          }
        }
        case 'L' -> longName = Optional.of(longName(header));
        case 'K' -> longLink = Optional.of(longName(header));
        default -> {
          String name = pax.flatMap(PaxRecords::path).orElse(longName.orElse(header.name()));
          long size = pax.flatMap(PaxRecords::size).orElse(header.size());
          String link = pax.flatMap(PaxRecords::linkPath).orElse(longLink.orElse(header.link()));
          return Optional.of(entry(header.type(), name, size, link));
        }
      }
    }
  }

  /** Passes over an entry's data. */
  private FileEntry entry(byte type, String raw, long size, String link) throws IOException {
    FileEntry.EntryType kind =
        switch (type) {
          // Without a type, a name that ends so is a folder to all; as a file it is one to some.
          case 0 -> raw.endsWith("/") ? FileEntry.EntryType.FOLDER : FileEntry.EntryType.FILE;
          case '0' -> FileEntry.EntryType.FILE;
          case '1', '2' -> FileEntry.EntryType.LINK;
          case '5' -> FileEntry.EntryType.FOLDER;
          default -> throw errors.hostile(raw, "is no regular file");
        };
    String name = name(raw);
    if (kind != FileEntry.EntryType.FILE && size > 0) {
      // Some readers would take what we pass over as the next headers.
      throw errors.hostile(
          raw, "is a " + (kind == FileEntry.EntryType.LINK ? "link" : "folder") + " with content");
    }
    if (kind != FileEntry.EntryType.FOLDER && (name.isEmpty() || raw.endsWith("/"))) {
      throw errors.hostile(raw, "is a file with the name of a folder");
    }
    FileEntry entry = new FileEntry(kind, name, position, size, type == '2' ? link : "");
    skip(size, Text.quote(name));
    return entry;
  }

  /** Whether there is nothing before the end marker. */
  public boolean isEmpty() {
    return position <= Region.BLOCK;
  }

  /** Whether the file, which {@linkplain #isEmpty is empty}, has nothing but zeros. */
  public boolean isAllZeros() throws IOException {
    return isEmpty() && bytesLeft() == 0;
  }

  /**
   * Two blocks of zeros, and padding; with a single one some read on, some stop, and some complain.
   */
  private void checkEnd() throws IOException {
    if (length - position >= Region.BLOCK
        && !HeaderBlock.isZero(file.readFully(position, Region.BLOCK))) {
      throw errors.refused("something follows half of the mark of its end");
    }
    long left = isEmpty() ? 0 : bytesLeft();
    if (left > 0) {
      throw errors.appended(left);
    }
  }

  /**
   * How many bytes follow, from the first one that is not zero. Tools pad a tar with zeros, some
   * generously; anything else may be a second archive, which would be left out in silence.
   */
  private long bytesLeft() throws IOException {
    byte[] buffer = new byte[(int) Math.min(LARGEST_READ, length - position)];
    long at = position;
    while (at < length) {
      int read = file.read(buffer, 0, (int) Math.min(buffer.length, length - at), at);
      if (read < 0) {
        return 0;
      }
      int zeros = Arrays.mismatch(buffer, 0, read, ZEROS, 0, read);
      if (zeros >= 0) {
        return length - at - zeros;
      }
      at += read;
    }
    return 0;
  }

  private byte[] block() throws IOException {
    if (length == 0) {
      throw errors.empty();
    }
    if (position == 0 && length < Region.BLOCK) {
      throw errors.notTar();
    }
    try {
      byte[] block = file.readFully(position, Region.BLOCK);
      position += Region.BLOCK;
      return block;
    } catch (EOFException e) {
      throw errors.truncated("without the mark of its end");
    }
  }

  /** What {@code bytes} say, which are at the offset {@code at}. */
  private <T> T parsed(byte[] bytes, long at, Function<byte[], T> parser) throws IOException {
    try {
      return parser.apply(bytes);
    } catch (NumberFormatException e) {
      throw at == 0 ? errors.notTar() : errors.badHeader(at);
    } catch (IllegalArgumentException e) {
      throw errors.refused("the file whose header is at byte " + at + " " + e.getMessage());
    }
  }

  private PaxRecords records(HeaderBlock header) throws IOException {
    long at = position;
    return parsed(extension(header.size()), at, PaxRecords::parse);
  }

  /** A GNU long name ends with one NUL. */
  private String longName(HeaderBlock header) throws IOException {
    long at = position;
    byte[] data = extension(header.size());
    int end = data.length > 0 && data[data.length - 1] == 0 ? data.length - 1 : data.length;
    if (end == 0) {
      throw errors.refused("a long name is empty, which programs read differently");
    }
    return parsed(data, at, bytes -> HeaderBlock.utf8(bytes, 0, end));
  }

  private byte[] extension(long size) throws IOException {
    if (size > LARGEST_EXTENSION) {
      throw errors.refused("a tar header has " + size + " bytes");
    }
    long data = position;
    skip(size, "a tar header");
    return file.readFully(data, (int) size);
  }

  private void skip(long size, String name) throws IOException {
    if (size > length - position) {
      throw errors.truncated("in the middle of " + name);
    }
    long end = new Region(position, 0, size).end();
    if (end > length) {
      throw errors.truncated("right after " + name);
    }
    position = end;
  }

  private String name(String raw) throws IOException {
    if (raw.indexOf('\0') >= 0) {
      throw errors.hostile(raw, "has a NUL in its name");
    }
    if (raw.startsWith("/")) {
      throw errors.hostile(raw, "has an absolute name");
    }
    StringBuilder name = new StringBuilder(raw.length());
    for (String component : raw.split("/")) {
      if (component.equals("..")) {
        throw errors.hostile(raw, "points outside of the archive");
      }
      if (!component.isEmpty() && !component.equals(".")) {
        name.append(name.isEmpty() ? "" : "/").append(component);
      }
    }
    return name.toString();
  }
}
