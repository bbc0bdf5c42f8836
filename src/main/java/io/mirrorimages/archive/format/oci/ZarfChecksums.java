package io.mirrorimages.archive.format.oci;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.file.FileEntry.EntryType;
import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.image.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The checksums of a zarf package, by the rules of zarf itself (validatePackageIntegrity in its
 * src/pkg/packager/layout/package.go): {@code zarf.yaml} has the one of {@code checksums.txt},
 * which has those of all other files. Only files of the image layout are looked at. Blobs are
 * hashed when they are used, as any; here their names are compared.
 */
final class ZarfChecksums {
  private static final String DEFINITION = "zarf.yaml";
  private static final String CHECKSUMS = "checksums.txt";
  private static final int LARGEST = 64 * 1024 * 1024;
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) (.+)");
  private static final Pattern AGGREGATE =
      Pattern.compile("(?m)^ +aggregateChecksum: *[\"']?([0-9a-f]{64})[\"']? *$");

  private final ArchiveSource source;
  private final ArchiveErrors errors;
  private final Map<String, FileEntry> files = new HashMap<>();

  private ZarfChecksums(ArchiveSource source) {
    this.source = source;
    this.errors = source.errors();
  }

  /** Whether a tar is a zarf package. */
  static boolean isIn(ArchiveSource source) throws IOException {
    return source.entries().stream()
        .anyMatch(entry -> entry.name().equals(DEFINITION) && entry.kind() == EntryType.FILE);
  }

  /** Refuses a package whose checksums contradict a file in {@code folder}. */
  static void check(ArchiveSource source, String folder) throws IOException {
    ZarfChecksums checksums = new ZarfChecksums(source);
    for (FileEntry entry : source.entries()) {
      if (entry.kind() == EntryType.FILE && checksums.files.put(entry.name(), entry) != null) {
        throw source.errors().hostile(entry.name(), "is there twice");
      }
    }
    checksums.check(folder);
  }

  private void check(String folder) throws IOException {
    byte[] listed = read(CHECKSUMS);
    Matcher aggregate = AGGREGATE.matcher(new String(read(DEFINITION), StandardCharsets.UTF_8));
    if (aggregate.find() && !aggregate.group(1).equals(Digest.sha256(listed).hex())) {
      throw errors.damaged(CHECKSUMS);
    }
    Map<String, String> expected = new TreeMap<>();
    for (String line : lines(listed)) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw errors.damaged(CHECKSUMS);
      }
      if (matcher.group(2).startsWith(folder)
          && expected.put(matcher.group(2), matcher.group(1)) != null) {
        throw errors.hostile(matcher.group(2), "is twice in " + CHECKSUMS);
      }
    }
    for (Map.Entry<String, String> file : expected.entrySet()) {
      if (!hash(file.getKey(), folder).equals(file.getValue())) {
        throw errors.damaged(file.getKey() + ", as " + CHECKSUMS + " says");
      }
    }
    for (String name : files.keySet()) {
      if (name.startsWith(folder) && !expected.containsKey(name)) {
        throw errors.hostile(name, "is not in " + CHECKSUMS);
      }
    }
  }

  private static List<String> lines(byte[] text) {
    return new String(text, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.isEmpty())
        .toList();
  }

  /** The checksum of a file, which for a blob is in its name. */
  private String hash(String name, String folder) throws IOException {
    String blobs = folder + LayoutNames.BLOBS + "sha256/";
    if (name.startsWith(blobs)) {
      entry(name);
      return name.substring(blobs.length());
    }
    return Digest.sha256(read(name)).hex();
  }

  private FileEntry entry(String name) throws IOException {
    FileEntry entry = files.get(name);
    if (entry == null) {
      throw errors.corrupt(
          "lacks %s, which belongs to a zarf package: copy it again, or create it again"
              .formatted(name));
    }
    return entry;
  }

  private byte[] read(String name) throws IOException {
    FileEntry entry = entry(name);
    if (entry.size() > LARGEST) {
      throw errors.hostile(
          name, "has " + entry.size() + " bytes, more than the " + LARGEST + " allowed");
    }
    return source.file().readFully(entry.data(), (int) entry.size());
  }
}
