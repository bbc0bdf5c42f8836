package io.mirrorimages.mirror;

import io.mirrorimages.image.Descriptor;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;

/** All bytes of a blob came, and they are not the ones its digest names. */
final class DamagedBlobException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient byte[] actual;

  DamagedBlobException(Descriptor blob, byte[] actual) {
    super(
        "blob "
            + blob.digest()
            + " is damaged: its bytes have digest "
            + blob.digest().algorithm()
            + ":"
            + HexFormat.of().formatHex(actual));
    this.actual = actual.clone();
  }

  /**
   * Whether the same wrong bytes came before: then they are wrong where they lie, and reading again
   * does not help.
   */
  boolean isSameAs(DamagedBlobException earlier) {
    return earlier != null && Arrays.equals(actual, earlier.actual);
  }
}
