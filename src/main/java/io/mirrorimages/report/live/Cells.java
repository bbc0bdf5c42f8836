package io.mirrorimages.report.live;

/**
 * Text in the cells of a terminal: most characters take one, those of Chinese, Japanese and Korean
 * and most pictures take two, and marks that are combined with the character before take none.
 */
final class Cells {
  /** First and last code points of what is wide, as in UAX #11 (W and F), in order. */
  private static final int[][] WIDE = {
    {0x1100, 0x115f},
    {0x231a, 0x231b},
    {0x2329, 0x232a},
    {0x23e9, 0x23ec},
    {0x25fd, 0x25fe},
    {0x2614, 0x2615},
    {0x2648, 0x2653},
    {0x26a1, 0x26a1},
    {0x2705, 0x2705},
    {0x274c, 0x274c},
    {0x2753, 0x2757},
    {0x2795, 0x2797},
    {0x2b1b, 0x2b1c},
    {0x2b50, 0x2b50},
    {0x2e80, 0x303e},
    {0x3041, 0x33ff},
    {0x3400, 0x4dbf},
    {0x4e00, 0xa4cf},
    {0xa960, 0xa97f},
    {0xac00, 0xd7a3},
    {0xf900, 0xfaff},
    {0xfe10, 0xfe19},
    {0xfe30, 0xfe6f},
    {0xff00, 0xff60},
    {0xffe0, 0xffe6},
    {0x16fe0, 0x18cff},
    {0x1b000, 0x1b2ff},
    {0x1f004, 0x1f004},
    {0x1f0cf, 0x1f0cf},
    {0x1f18e, 0x1f19a},
    {0x1f200, 0x1f320},
    {0x1f32d, 0x1f64f},
    {0x1f680, 0x1f6ff},
    {0x1f7e0, 0x1f7f0},
    {0x1f90c, 0x1faff},
    {0x20000, 0x3fffd}
  };

  private Cells() {}

  /** How many cells a text takes. */
  static int count(String text) {
    return text.codePoints().map(Cells::count).sum();
  }

  private static int count(int character) {
    return switch (Character.getType(character)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(character) ? 2 : 1;
    };
  }

  private static boolean isWide(int character) {
    for (int[] range : WIDE) {
      if (character <= range[1]) {
        return character >= range[0];
      }
    }
    return false;
  }

  /** The beginning of a text, in at most so many cells. */
  static String first(String text, int cells) {
    int end = 0;
    int used = 0;
    while (end < text.length()) {
      int character = text.codePointAt(end);
      used += count(character);
      if (used > cells) {
        break;
      }
      end += Character.charCount(character);
    }
    return text.substring(0, end);
  }

  /** The end of a text, in at most so many cells. */
  private static String last(String text, int cells) {
    int begin = text.length();
    int used = 0;
    while (begin > 0) {
      int character = text.codePointBefore(begin);
      used += count(character);
      if (used > cells) {
        break;
      }
      begin -= Character.charCount(character);
    }
    return text.substring(begin);
  }

  /** A text in at most so many cells; {@code mark} stands where its end was left out. */
  static String cut(String text, int cells, String mark) {
    return count(text) <= cells
        ? text
        : first(first(text, Math.max(0, cells - count(mark))) + mark, cells);
  }

  /** A text in at most so many cells; {@code mark} stands where its middle was left out. */
  static String squeeze(String text, int cells, String mark) {
    int kept = cells - count(mark);
    if (count(text) <= cells || kept < 2) {
      return cut(text, cells, mark);
    }
    String end = last(text, kept - kept / 2);
    return first(text, kept - count(end)) + mark + end;
  }

  /**
   * The name of an image in at most so many cells: of what differs least, the repository, the
   * middle is left out; the tag stays whole as long as it has room beside a few cells of that.
   */
  static String squeezeName(String name, int cells, String mark) {
    int colon = name.indexOf(':', name.lastIndexOf('/') + 1);
    String tag = colon < 0 ? "" : name.substring(colon);
    int room = cells - count(tag);
    return room < count(mark) + 2
        ? squeeze(name, cells, mark)
        : squeeze(name.substring(0, name.length() - tag.length()), room, mark) + tag;
  }

  /** A text with spaces up to so many cells. */
  static String pad(String text, int cells) {
    return text + " ".repeat(Math.max(0, cells - count(text)));
  }
}
