package io.mirrorimages.cli.option.value;

import io.mirrorimages.image.ByteSize;
import io.mirrorimages.image.InvalidContentException;
import picocli.CommandLine.ITypeConverter;

/** A number of bytes, as in 500k, 20M, 1G. */
public final class ByteCount implements ITypeConverter<Long> {
  @Override
  public Long convert(String text) {
    try {
      return ByteSize.parse(text);
    } catch (InvalidContentException e) {
      throw OptionValueException.of(e);
    }
  }
}
