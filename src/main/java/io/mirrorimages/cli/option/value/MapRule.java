package io.mirrorimages.cli.option.value;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.naming.NameRule;
import picocli.CommandLine.ITypeConverter;

/** A rule of a mapping, REGEX=REPLACEMENT. */
public final class MapRule implements ITypeConverter<NameRule> {
  @Override
  public NameRule convert(String text) {
    try {
      return NameRule.parse(text);
    } catch (InvalidContentException e) {
      throw OptionValueException.of(e);
    }
  }
}
