package io.mirrorimages.cli.option.value;

import io.mirrorimages.image.ByteSize;
import io.mirrorimages.image.InvalidContentException;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How large a volume may be, in bytes: by number, or by the name of what it is carried on. */
public final class VolumeSize implements ITypeConverter<Long> {
  /**
   * Room for files on a medium, without what its file system needs: 2 % of a DVD (4,700,372,992
   * bytes) and of a single-layer Blu-ray disc (25,025,314,816 bytes). FAT32 has files of up to 4
   * GiB less a byte.
   */
  private static final Map<String, Long> MEDIA =
      Map.of("dvd", 4_600_000_000L, "bd25", 24_500_000_000L, "fat32", 4_294_967_295L);

  @Override
  public Long convert(String text) {
    Long medium = MEDIA.get(text.toLowerCase(Locale.ROOT));
    if (medium != null) {
      return medium;
    }
    if (text.matches("[0-9]{1,3}")) {
      throw new TypeConversionException(
          "\"" + text + "\" is a number of bytes: give a unit, as in 4G or 700M");
    }
    try {
      return ByteSize.parse(text.strip());
    } catch (InvalidContentException e) {
      throw new TypeConversionException(
          "give a size, as in 4G, 700M or 4GiB, or one of dvd, bd25 and fat32");
    }
  }
}
