package io.mirrorimages.cli;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How large a volume may be, in bytes: by number, or by the name of what it is carried on. */
final class VolumeSize implements ITypeConverter<Long> {
  /**
   * Room for files on a medium, without what its file system needs: 2 % of a DVD (4,700,372,992
   * bytes) and of a single-layer Blu-ray disc (25,025,314,816 bytes). FAT32 has files of up to 4
   * GiB less a byte.
   */
  private static final Map<String, Long> MEDIA =
      Map.of("dvd", 4_600_000_000L, "bd25", 24_500_000_000L, "fat32", 4_294_967_295L);

  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,9}(?:[.][0-9]{1,3})?)([KMGT]?)(i?)B?");

  @Override
  public Long convert(String text) {
    Long medium = MEDIA.get(text.toLowerCase(Locale.ROOT));
    if (medium != null) {
      return medium;
    }
    Matcher size = SIZE.matcher(text.toUpperCase(Locale.ROOT).replace('I', 'i'));
    if (size.matches()) {
      int step = size.group(3).isEmpty() ? 1000 : 1024;
      int power = " KMGT".indexOf(size.group(2).isEmpty() ? " " : size.group(2));
      long bytes =
          new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(step).pow(power)).longValue();
      if (bytes > 0 && (power > 0 || size.group(3).isEmpty())) {
        return bytes;
      }
    }
    throw new TypeConversionException(
        "give a size, as in 4G, 700M or 4GiB, or one of dvd, bd25 and fat32");
  }
}
