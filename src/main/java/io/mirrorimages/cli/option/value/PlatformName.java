package io.mirrorimages.cli.option.value;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Platform;
import picocli.CommandLine.ITypeConverter;

/** A platform, as in linux/amd64. */
public final class PlatformName implements ITypeConverter<Platform> {
  @Override
  public Platform convert(String text) {
    try {
      return Platform.parse(text);
    } catch (InvalidContentException e) {
      throw OptionValueException.of(e);
    }
  }
}
