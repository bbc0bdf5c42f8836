package io.mirrorimages.archive.file;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the name of a file says that may be part of a larger one.
 *
 * @param start what stands before the number
 * @param number its place among the parts
 * @param end what stands behind the number
 */
record PartName(Numbering numbering, String start, int number, String end) {

  /** How tools number parts. */
  enum Numbering {
    /** {@code haul.tar.zst.001}, as hauler from 2.1 on, and many others. */
    SUFFIX("(?<start>.+)\\.(?<number>[0-9]{3,6})(?<end>)", 1) {
      @Override
      String name(String start, int number, String end) {
        return "%s.%03d".formatted(start, number);
      }
    },

    /** {@code haul_0.tar.zst}, as hauler 2.0; other files are called so too. */
    INFIX(
        "(?<start>[^.]+)_(?<number>0|[1-9][0-9]{0,5})"
            + "(?<end>\\.[A-Za-z0-9]+(?:\\.[A-Za-z0-9]+)?)",
        0) {
      @Override
      String name(String start, int number, String end) {
        return start + "_" + number + end;
      }
    },

    /** {@code x.tar.zst.part001}, as zarf, which writes a {@link ZarfHeader} before it. */
    ZARF("(?<start>.+)\\.part(?<number>[0-9]{3})(?<end>)", 0) {
      @Override
      String name(String start, int number, String end) {
        return "%s.part%03d".formatted(start, number);
      }
    },

    /** {@code x.z01}, {@code x.z02} and so on, at last {@code x.zip} (APPNOTE.TXT, 8). */
    ZIP("(?<start>.+)\\.(?:z(?<number>[0-9]{2,6})|zip)(?<end>)", 1) {
      @Override
      String name(String start, int number, String end) {
        return number == LAST ? start + ".zip" : "%s.z%02d".formatted(start, number);
      }
    };

    /** The number of a part that has none, as it is the last one. */
    private static final int LAST = Integer.MAX_VALUE;

    private final Pattern pattern;
    private final int first;

    Numbering(String pattern, int first) {
      this.pattern = Pattern.compile(pattern);
      this.first = first;
    }

    abstract String name(String start, int number, String end);
  }

  /** Empty for a name that says nothing of parts. */
  static Optional<PartName> parse(@Nullable Path file) {
    for (Numbering numbering : Numbering.values()) {
      Matcher matcher = numbering.pattern.matcher(String.valueOf(file));
      if (matcher.matches()) {
        String number = matcher.group("number");
        PartName name =
            new PartName(
                numbering,
                matcher.group("start"),
                number == null ? Numbering.LAST : Integer.parseInt(number),
                matcher.group("end"));
        if (name.number >= numbering.first) {
          return Optional.of(name);
        }
      }
    }
    return Optional.empty();
  }

  /** Whether both are parts of one file, if they are in one folder. */
  boolean isBeside(PartName other) {
    return numbering == other.numbering && start.equals(other.start) && end.equals(other.end);
  }

  /** Whether a file of this name can be whole, without others beside it. */
  boolean canBeAlone() {
    return switch (numbering) {
      case SUFFIX -> number == numbering.first;
      case INFIX -> true;
      case ZARF -> false;
      case ZIP -> number == Numbering.LAST;
    };
  }

  /** Whether all parts are as long as the first one, except the last; nothing else tells it. */
  boolean isEven() {
    return numbering == Numbering.SUFFIX || numbering == Numbering.INFIX;
  }

  /** The name of a part that is not there, if those with {@code numbers}, sorted, are. */
  Optional<String> firstMissing(Collection<Integer> numbers) {
    int expected = numbering.first;
    for (int there : numbers) {
      if (there != expected && there != Numbering.LAST) {
        return Optional.of(name(expected));
      }
      expected++;
    }
    return numbering == Numbering.ZIP && !numbers.contains(Numbering.LAST)
        ? Optional.of(name(Numbering.LAST))
        : Optional.empty();
  }

  /** What the next part would be called. */
  String next() {
    return name(number + 1);
  }

  private String name(int other) {
    return numbering.name(start, other, end);
  }
}
