package io.mirrorimages.lock;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/** Another run has the lock. The message is one line for the user and names the holder. */
public final class LockedException extends IOException {
  private static final long serialVersionUID = 1L;

  LockedException(String what, Optional<Holder> holder) {
    super(what + " by " + holder.map(Holder::toString).orElse("another process"));
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
