package io.mirrorimages.cli.option.value;

import io.mirrorimages.location.ImageLocation;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The value of save's {@code --output}: an archive, or a folder. */
public final class OutputLocation implements ITypeConverter<ImageLocation.Local> {
  @Override
  public ImageLocation.Local convert(String value) {
    try {
      ImageLocation.Local place = ImageLocation.parseLocal(value);
      return switch (place) {
        case ImageLocation.OciArchive file ->
            new ImageLocation.OciArchive(new OutputOption().convert(file.toString()));
        case ImageLocation.OciLayout folder when folder.path().toString().equals("-") ->
            throw new IllegalArgumentException("a folder can't be standard output: name one");
        case ImageLocation.OciLayout folder -> folder;
      };
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
