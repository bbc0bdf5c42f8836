package io.mirrorimages.failure;

import io.mirrorimages.image.Descriptor;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All bytes of a blob came, and they are not the ones its digest names. */
public final class DamagedBlobException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient byte[] actual;

  /**
   * One that the target found out, with another digest than ours or without one of ours.
   *
   * @param said what it said, in one line
   */
  public DamagedBlobException(Descriptor blob, String said) {
    super("blob " + blob.digest() + " is damaged: " + said);
    this.actual = new byte[0];
  }

  public DamagedBlobException(Descriptor blob, byte[] actual) {
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
  public boolean isSameAs(@Nullable DamagedBlobException earlier) {
    return earlier != null && actual.length > 0 && Arrays.equals(actual, earlier.actual);
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
