package io.mirrorimages.cli.option.value;

import io.mirrorimages.image.Text;
import picocli.CommandLine.ITypeConverter;

/** A whole number with bounds. */
public abstract class NumberOption implements ITypeConverter<Integer> {
  private final int least;
  private final int most;

  private NumberOption(int least, int most) {
    this.least = least;
    this.most = most;
  }

  @Override
  public Integer convert(String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // As one out of bounds.
    }
    throw OptionValueException.takes(
        "a number from " + least + " to " + most + ", not " + Text.quote(text));
  }

  /** How many at once. */
  public static final class Jobs extends NumberOption {
    Jobs() {
      super(1, 64);
    }
  }

  /**
   * Parts of a blob; at most as many as a host without a limit of its own gets requests at once.
   */
  public static final class Segments extends NumberOption {
    Segments() {
      super(1, 16);
    }
  }

  /** How often something is tried again. */
  public static final class RetryCount extends NumberOption {
    RetryCount() {
      super(0, 1000);
    }
  }
}
