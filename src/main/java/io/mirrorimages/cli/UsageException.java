package io.mirrorimages.cli;

/** A command line that can't be carried out. The message says in one line what to change. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
