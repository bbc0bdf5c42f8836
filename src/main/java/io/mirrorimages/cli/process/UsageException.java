package io.mirrorimages.cli.process;

/** A command line that can't be carried out. The message says in one line what to change. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
