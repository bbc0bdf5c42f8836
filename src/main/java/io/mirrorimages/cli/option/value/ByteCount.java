package io.mirrorimages.cli.option.value;

import io.mirrorimages.image.ByteSize;
import io.mirrorimages.image.InvalidContentException;
import picocli.CommandLine.ITypeConverter;

/** A number of bytes, as in 500k, 20M, 1.5G, 4 GB, 4GiB. */
public class ByteCount implements ITypeConverter<Long> {
  @Override
  public Long convert(String text) {
    try {
      return ByteSize.parse(text.strip());
    } catch (InvalidContentException e) {
      throw OptionValueException.of(e);
    }
  }

  /** Bytes per second, with or without {@code /s} behind them, as in 20M or 20MB/s. */
  public static final class PerSecond extends ByteCount {
    @Override
    public Long convert(String text) {
      return super.convert(text.replaceFirst("/s$", ""));
    }
  }

  /** The size of one request's body, from 64 KiB to 64 GiB; a number alone is one of MiB. */
  public static final class RequestBody extends ByteCount {
    private static final long LEAST = 64 * 1024;
    private static final long MOST = 64L << 30;

    @Override
    public Long convert(String text) {
      long bytes = super.convert(text.matches("[1-9][0-9]*") ? text + "MiB" : text);
      if (bytes < LEAST || bytes > MOST) {
        throw OptionValueException.takes("a size from 64KiB to 64GiB, as in 32 (MiB) or 64M");
      }
      return bytes;
    }
  }
}
