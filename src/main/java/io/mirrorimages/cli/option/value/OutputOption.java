package io.mirrorimages.cli.option.value;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The value of {@code --output}: a path that can be an archive's. */
public final class OutputOption implements ITypeConverter<Path> {
  private static final Set<String> COMPRESSED =
      Set.of("gz", "tgz", "zst", "tzst", "xz", "txz", "bz2", "tbz2", "tbz", "lz4", "zip");

  @Override
  public Path convert(String value) {
    if (value.equals("-")) {
      throw new TypeConversionException(
          "an archive can't be written to standard output, since its parts are filled in any"
              + " order: name a file");
    }
    if (value.startsWith("oci:")) {
      throw new TypeConversionException("a folder is not supported here: name a file");
    }
    Path file = Path.of(value);
    if (value.isEmpty() || file.getFileName() == null || Files.isDirectory(file)) {
      throw new TypeConversionException(
          "\"" + value + "\" is a folder: name a file in it, as in rancher.tar");
    }
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (COMPRESSED.contains(name.substring(name.lastIndexOf('.') + 1))) {
      throw new TypeConversionException(
          "an archive is not compressed, since its layers are already: name it .tar");
    }
    return file;
  }
}
