package io.mirrorimages.job;

/** An archive that another job has begun, and that is left as it is. The message names it. */
public final class EarlierSaveException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EarlierSaveException(String message) {
    super(message);
  }
}
