package io.mirrorimages.archive.format.source;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.failure.TransferException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** What a file is, as far as its first bytes tell. */
public enum FileKind {
  /** Compressed; RFC 1952. */
  GZIP("gzip", "1f8b", "gzip -d"),
  /** Compressed; RFC 8878. */
  ZSTD("zstd", "28b52ffd", "zstd -d"),
  /** Compressed. */
  XZ("xz", "fd377a585a00", "xz -d"),
  /** Compressed. */
  BZIP2("bzip2", "425a68", "bzip2 -d"),
  /** Compressed. */
  LZ4("lz4", "04224d18", "lz4 -d"),
  /** An archive of another kind than tar. */
  ZIP("zip", "504b0304", ""),
  /** The same, split into several files (APPNOTE.TXT, 8.5). */
  SPLIT_ZIP("zip", "504b0708", ""),
  /** A tar, or anything else. */
  OTHER("", "", "");

  /** How many of the first bytes of a file are enough to tell what it is. */
  static final int ENOUGH = 262;

  private static final int LONGEST_MAGIC = 6;
  private static final int TAR_AT = 257;
  private static final byte[] TAR = "ustar".getBytes(StandardCharsets.US_ASCII);

  private final String title;
  private final String magic;
  private final String command;

  FileKind(String title, String magic, String command) {
    this.title = title;
    this.magic = magic;
    this.command = command;
  }

  /** As people call it; empty for {@link #OTHER}. */
  public String title() {
    return title;
  }

  /** Reads the beginning of {@code file}. */
  public static FileKind of(PositionalFile file) throws IOException {
    return of(file.readFully(0, (int) Math.min(LONGEST_MAGIC, file.size())));
  }

  /** What content is that begins so; the first six bytes are enough. */
  public static FileKind of(byte[] beginning) {
    String start = HexFormat.of().formatHex(beginning);
    for (FileKind kind : values()) {
      if (start.startsWith(kind.magic)) {
        return kind;
      }
    }
    return OTHER;
  }

  /** Whether what begins so is a tar, a zip or compressed. */
  static boolean isArchive(byte[] beginning) {
    return of(beginning) != OTHER
        || (beginning.length >= ENOUGH
            && Arrays.equals(beginning, TAR_AT, ENOUGH, TAR, 0, TAR.length));
  }

  /** Refuses a file that is compressed. */
  public static void refuseCompressed(PositionalFile file, ArchiveErrors errors)
      throws IOException {
    if (!of(file).command.isEmpty()) {
      throw of(file).refusal(errors);
    }
  }

  /** Refuses a file that is no tar, which {@code file} is if nothing is thrown, or text. */
  public static void requireTar(PositionalFile file, ArchiveErrors errors) throws IOException {
    FileKind kind = of(file);
    if (kind != OTHER) {
      throw kind.refusal(errors);
    }
  }

  private TransferException refusal(ArchiveErrors errors) {
    return this == ZIP || this == SPLIT_ZIP ? errors.zip() : errors.compressed(title, command);
  }
}
