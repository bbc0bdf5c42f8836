package io.mirrorimages.cli.option.value;

import picocli.CommandLine.ITypeConverter;

/** A whole number with bounds. */
public abstract class NumberOption implements ITypeConverter<Integer> {
  private final int least;
  private final int most;
  private final String what;

  /** One from {@code least} on. */
  private NumberOption(String what, int least) {
    this(what + " from " + least + " on", least, Integer.MAX_VALUE);
  }

  private NumberOption(String what, int least, int most) {
    this.what = what;
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
    throw OptionValueException.takes(what);
  }

  /** How many at once. */
  public static final class Jobs extends NumberOption {
    Jobs() {
      super("a number from 1 to 64", 1, 64);
    }
  }

  /**
   * Parts of a blob; at most as many as a host without a limit of its own gets requests at once.
   */
  public static final class Segments extends NumberOption {
    Segments() {
      super("a number from 1 to 16", 1, 16);
    }
  }

  /** Seconds that can't be none. */
  public static final class Seconds extends NumberOption {
    Seconds() {
      super("a number", 1);
    }
  }

  /** The size of a chunk in MiB. */
  public static final class ChunkSize extends NumberOption {
    ChunkSize() {
      super("a number of MiB", 1);
    }
  }

  /** The size of a trial upload in MiB. */
  public static final class ProbeSize extends NumberOption {
    private static final int MOST = 64 * 1024;

    ProbeSize() {
      super("a number of MiB from 1 to " + MOST, 1, MOST);
    }
  }
}
