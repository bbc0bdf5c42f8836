package io.mirrorimages.tls;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Private keys in the forms that OpenSSL wrote before 1.0: PKCS#1 for RSA (RFC 8017, A.1.2) and SEC
 * 1 for elliptic curves (RFC 5915). PKCS#8 (RFC 5208) has the same bytes behind the algorithm's
 * name.
 */
final class TraditionalKey {
  private static final int SEQUENCE = 0x30;
  private static final int INTEGER = 0x02;
  private static final int OCTETS = 0x04;
  private static final int PARAMETERS = 0xa0;

  private static final byte[] VERSION_0 = HexFormat.of().parseHex("020100");

  /** The object identifier rsaEncryption, and its parameters: null. */
  private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d0101010500");

  /** The object identifier id-ecPublicKey; the curve follows. */
  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

  private TraditionalKey() {}

  /**
   * The key in PKCS#8; empty if it has another form than {@code label} says, or one that is not
   * known here.
   *
   * @param label what the PEM file calls it
   * @param der its bytes
   */
  static Optional<byte[]> toPkcs8(String label, byte[] der) {
    return switch (label) {
      case "RSA PRIVATE KEY" -> Optional.of(pkcs8(RSA, der));
      case "EC PRIVATE KEY" -> curve(der).map(curve -> pkcs8(join(EC, curve), der));
      default -> Optional.empty();
    };
  }

  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return element(SEQUENCE, join(VERSION_0, element(SEQUENCE, algorithm), element(OCTETS, key)));
  }

  /** The object identifier of the curve, which the key names as its parameters. */
  private static Optional<byte[]> curve(byte[] der) {
    try {
      ByteBuffer key = content(ByteBuffer.wrap(der), SEQUENCE);
      content(key, INTEGER);
      content(key, OCTETS);
      ByteBuffer curve = content(key, PARAMETERS);
      byte[] oid = new byte[curve.remaining()];
      curve.get(oid);
      return Optional.of(oid);
    } catch (BufferUnderflowException | IllegalArgumentException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** Reads one element; {@link IllegalArgumentException} if it is of another kind. */
  private static ByteBuffer content(ByteBuffer from, int tag) {
    if (Byte.toUnsignedInt(from.get()) != tag) {
      throw new IllegalArgumentException("another element");
    }
    int length = Byte.toUnsignedInt(from.get());
    if (length >= 0x80) {
      int bytes = length - 0x80;
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = Math.addExact(Math.multiplyExact(length, 256), Byte.toUnsignedInt(from.get()));
      }
    }
    if (length > from.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer content = from.slice(from.position(), length);
    from.position(from.position() + length);
    return content;
  }

  /** Keys have less than 64 KiB. */
  private static byte[] element(int tag, byte[] content) {
    byte[] length =
        content.length < 0x80
            ? new byte[] {(byte) content.length}
            : content.length < 0x100
                ? new byte[] {(byte) 0x81, (byte) content.length}
                : new byte[] {(byte) 0x82, (byte) (content.length >> 8), (byte) content.length};
    return join(new byte[] {(byte) tag}, length, content);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
