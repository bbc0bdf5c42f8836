package io.mirrorimages.archive.read;

import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.tar.Region;
import io.mirrorimages.image.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Makes tars as other tools, and as attackers, make them: any header, in any order. */
final class TarBuilder {
  static final String LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}";
  static final String EMPTY_INDEX = "{\"schemaVersion\":2,\"manifests\":[]}";

  private final ByteArrayOutputStream tar = new ByteArrayOutputStream();

  /** A layout without images, to which one thing is added. */
  static TarBuilder layout() {
    return new TarBuilder().file("oci-layout", LAYOUT).file("index.json", EMPTY_INDEX);
  }

  TarBuilder file(String name, String content) {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  TarBuilder file(String name, byte[] content) {
    return entry(name, TarConstants.LF_NORMAL, content, header -> {});
  }

  TarBuilder blob(byte[] content) {
    return file(LayoutNames.blob(Digest.sha256(content)), content);
  }

  TarBuilder pax(String records) {
    return entry("pax", (byte) 'x', records.getBytes(StandardCharsets.UTF_8), header -> {});
  }

  TarBuilder special(String name, char type) {
    return entry(name, (byte) type, new byte[0], header -> {});
  }

  /** An entry whose header block is changed before its checksum is made. */
  TarBuilder entry(String name, byte type, byte[] content, Consumer<byte[]> change) {
    byte[] block = new byte[Region.BLOCK];
    TarArchiveEntry entry = new TarArchiveEntry("placeholder", type);
    entry.setSize(content.length);
    entry.writeEntryHeader(block);
    byte[] raw = name.getBytes(StandardCharsets.UTF_8);
    Arrays.fill(block, 0, 100, (byte) 0);
    System.arraycopy(raw, 0, block, 0, raw.length);
    change.accept(block);
    sign(block);
    tar.writeBytes(block);
    tar.writeBytes(content);
    tar.writeBytes(new byte[(Region.BLOCK - content.length % Region.BLOCK) % Region.BLOCK]);
    return this;
  }

  TarBuilder raw(byte[] blocks) {
    tar.writeBytes(blocks);
    return this;
  }

  byte[] withoutEnd() {
    return tar.toByteArray();
  }

  byte[] build() {
    tar.writeBytes(new byte[2 * Region.BLOCK]);
    return tar.toByteArray();
  }

  Path writeTo(Path file) throws IOException {
    return Files.write(file, build());
  }

  /** Puts the right checksum into a header block. */
  static void sign(byte[] block) {
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    byte[] text = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, block, 148, 8);
  }
}
