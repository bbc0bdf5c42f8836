package io.mirrorimages.cli.option.value;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Text;
import picocli.CommandLine.ITypeConverter;

/** A platform, as in linux/amd64. */
public final class PlatformName implements ITypeConverter<Platform> {
  @Override
  public Platform convert(String text) {
    if (text.contains(",")) {
      throw OptionValueException.takes(
          "one platform: repeat --platform, as in --platform "
              + Text.plain(text).replace(",", " --platform "));
    }
    try {
      return Platform.parse(text);
    } catch (InvalidContentException e) {
      throw OptionValueException.of(e);
    }
  }
}
