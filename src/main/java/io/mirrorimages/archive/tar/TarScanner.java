package io.mirrorimages.archive.tar;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.image.Text;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipEncoding;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;

/**
 * Walks the headers of a tar that anybody may have made, and never further than the file goes.
 * Commons Compress reads the single header; the walk is our own, so that everything that has no
 * place in an image archive (links, devices, sparse files) ends it, and nothing is read into memory
 * without a bound. Not thread-safe.
 */
public final class TarScanner {
  private static final ZipEncoding UTF_8 =
      ZipEncodingHelper.getZipEncoding(StandardCharsets.UTF_8.name());
  private static final int LARGEST_EXTENSION = 1024 * 1024;

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

  /** The next regular file; empty after the last one, at the tar's end marker. */
  public Optional<TarEntry> next() throws IOException {
    String longName = null;
    Map<String, String> pax = null;
    while (true) {
      byte[] block = header();
      boolean extended = longName != null || pax != null;
      if (isZero(block)) {
        if (extended) {
          throw errors.refused("nothing follows a tar header that belongs to a file");
        }
        return Optional.empty();
      }
      TarArchiveEntry header = parse(block);
      if (extended && (block[156] == 'x' || block[156] == 'L')) {
        // Which of them counts is another one to each reader.
        throw errors.refused("a file has two extended headers");
      }
      switch (block[156]) {
        case 'x' -> pax = records(extension(header.getSize()));
        case 'g' -> refuseGlobal(records(extension(header.getSize())));
        case 'L' -> longName = untilNul(extension(header.getSize()));
        case 'K' -> extension(header.getSize());
        default -> {
          String raw = longName == null ? header.getName() : longName;
          Optional<TarEntry> file = file(block[156], raw, header.getSize(), pax);
          if (file.isPresent()) {
            return file;
          }
          longName = null;
          pax = null;
        }
      }
    }
  }

  /** Passes over an entry's data; empty if it is a folder, which has none. */
  private Optional<TarEntry> file(byte type, String header, long size, Map<String, String> pax)
      throws IOException {
    Map<String, String> records = pax == null ? Map.of() : pax;
    String raw = records.getOrDefault("path", header);
    String name = name(raw);
    refuseSparse(records, Text.quote(name));
    if (type != '0' && type != 0 && type != '5') {
      throw errors.hostile(raw, "is no regular file");
    }
    boolean folder = type == '5' || raw.endsWith("/");
    long realSize = records.containsKey("size") ? number(records.get("size"), name) : size;
    if (folder) {
      if (realSize > 0) {
        // Some readers would take what we pass over as the next headers.
        throw errors.hostile(raw, "is a folder with content");
      }
      return Optional.empty();
    }
    TarEntry file = new TarEntry(name, position, realSize);
    skip(realSize, Text.quote(name));
    return Optional.of(file);
  }

  /** Whether there is nothing before the end marker. */
  public boolean isEmpty() {
    return position <= Region.BLOCK;
  }

  private byte[] header() throws IOException {
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

  private TarArchiveEntry parse(byte[] block) throws IOException {
    TarArchiveEntry header;
    try {
      header = new TarArchiveEntry(block, UTF_8, true);
    } catch (IOException | RuntimeException e) {
      throw position == Region.BLOCK ? errors.notTar() : errors.badHeader(position - Region.BLOCK);
    }
    if (!header.isCheckSumOK()) {
      throw position == Region.BLOCK ? errors.notTar() : errors.badHeader(position - Region.BLOCK);
    }
    if (header.getSize() < 0) {
      throw errors.badHeader(position - Region.BLOCK);
    }
    return header;
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

  private Map<String, String> records(byte[] data) throws IOException {
    try {
      return PaxRecords.parse(data);
    } catch (IllegalArgumentException e) {
      throw errors.badHeader(position);
    }
  }

  private void refuseGlobal(Map<String, String> records) throws IOException {
    if (records.containsKey("path") || records.containsKey("size")) {
      throw errors.refused("a global tar header names all files alike");
    }
    refuseSparse(records, "a global tar header");
  }

  private void refuseSparse(Map<String, String> records, String name) throws IOException {
    if (records.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse"))) {
      throw errors.refused(name + " is a sparse file");
    }
  }

  private long number(String text, String name) throws IOException {
    if (text.matches("[0-9]{1,19}")) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        // Said below.
      }
    }
    throw errors.hostile(name, "has an impossible size");
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

  /** A GNU long name ends with one NUL. */
  private static String untilNul(byte[] data) {
    int end = data.length > 0 && data[data.length - 1] == 0 ? data.length - 1 : data.length;
    return new String(data, 0, end, StandardCharsets.UTF_8);
  }

  private static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }
}
