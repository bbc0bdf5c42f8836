package io.mirrorimages.sample;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/**
 * Gzip without compression (RFC 1952 around the stored blocks of RFC 1951). What a compressor
 * writes differs between versions of zlib; this does not, so digests of layers are the same
 * everywhere.
 */
final class StoredGzip {
  private static final int BLOCK = 0xffff;
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
  private static final int BLOCK_HEADER = 5;
  private static final int TRAILER = 8;

  private StoredGzip() {}

  static byte[] of(byte[] content) {
    int blocks = Math.max(1, Math.ceilDiv(content.length, BLOCK));
    ByteBuffer out =
        ByteBuffer.allocate(HEADER.length + blocks * BLOCK_HEADER + content.length + TRAILER)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(HEADER);
    for (int i = 0; i < blocks; i++) {
      int length = Math.min(BLOCK, content.length - i * BLOCK);
      out.put((byte) (i == blocks - 1 ? 1 : 0)).putShort((short) length).putShort((short) ~length);
      out.put(content, i * BLOCK, length);
    }
    CRC32 checksum = new CRC32();
    checksum.update(content);
    return out.putInt((int) checksum.getValue()).putInt(content.length).array();
  }
}
