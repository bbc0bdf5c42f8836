package io.mirrorimages.cli.option.value;

import picocli.CommandLine.TypeConversionException;

/**
 * A value that an option does not take, which parsing refuses. The message goes on after the
 * option's name, so that a converter need not know it.
 */
public final class OptionValueException extends TypeConversionException {
  private static final long serialVersionUID = 1L;

  private OptionValueException(String message) {
    super(message);
  }

  /** With what the option takes, as in {@code a number from 1 on}. */
  static OptionValueException takes(String what) {
    return new OptionValueException(" takes " + what);
  }

  /** With what is wrong, in one line. */
  static OptionValueException of(RuntimeException problem) {
    return new OptionValueException(": " + problem.getMessage());
  }
}
