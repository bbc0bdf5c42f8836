package io.mirrorimages.cli.option.value;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Text;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A platform, as in linux/amd64. */
public final class PlatformName implements ITypeConverter<Platform> {
  /** What Go can be built for, or once could be, or may be: images use its words. */
  private static final List<String> SYSTEMS =
      words(
          "linux windows darwin freebsd netbsd openbsd dragonfly solaris illumos aix android ios"
              + " js wasip1 plan9 hurd nacl zos");

  private static final List<String> USUAL =
      words("amd64 arm64 arm 386 ppc64le s390x riscv64 loong64 mips64le");

  private static final List<String> ARCHITECTURES =
      Stream.concat(
              USUAL.stream(),
              words(
                  "mips mipsle mips64 mips64p32 mips64p32le ppc ppc64 s390 riscv sparc sparc64"
                      + " armbe arm64be amd64p32 wasm")
                  .stream())
          .toList();

  private static List<String> words(String text) {
    return List.of(text.split(" "));
  }

  @Override
  public Platform convert(String text) {
    if (text.contains(",")) {
      throw OptionValueException.takes(
          "one platform: repeat --platform, as in --platform "
              + Text.plain(text).replace(",", " --platform "));
    }
    Platform platform = parsed(text);
    if (SYSTEMS.contains(platform.os()) && ARCHITECTURES.contains(platform.architecture())) {
      return platform;
    }
    throw new TypeConversionException(
        Text.quote(text) + " is no platform that exists" + advice(platform));
  }

  private static Platform parsed(String text) {
    try {
      return Platform.parse(text);
    } catch (InvalidContentException e) {
      throw OptionValueException.of(e);
    }
  }

  private static String advice(Platform platform) {
    Optional<String> os = nearest(platform.os(), SYSTEMS);
    Optional<String> architecture = nearest(platform.architecture(), ARCHITECTURES);
    return os.isPresent() && architecture.isPresent()
        ? ": did you mean "
            + new Platform(os.get(), architecture.get(), platform.variant(), platform.osVersion())
            + "?"
        : ": architectures are " + String.join(", ", USUAL) + " and others of Go";
  }

  private static Optional<String> nearest(String name, Collection<String> known) {
    String lower = name.toLowerCase(Locale.ROOT);
    return known.contains(lower)
        ? Optional.of(lower)
        : Spelling.near(lower, known).stream().findFirst();
  }
}
