package io.mirrorimages.report.live;

/**
 * What bars and marks are made of.
 *
 * @param full a cell of a bar that is done
 * @param parts what stands for a part of a cell, the smallest first
 * @param empty a cell that is not done
 * @param begin what stands before a bar
 * @param end what stands after it
 * @param cut what stands for text that was left out
 */
record Glyphs(String full, String parts, String empty, String begin, String end, String cut) {
  /** Blocks in eighths of a cell. */
  static final Glyphs UNICODE = new Glyphs("█", "▏▎▍▌▋▊▉", " ", "▕", "▏", "…");

  static final Glyphs ASCII = new Glyphs("#", "", ".", "[", "]", "~");

  /**
   * A bar.
   *
   * @param cells how many it takes; 4 or more
   * @param done of {@code total}, in any unit
   */
  String bar(int cells, long done, long total) {
    int inner = cells - 2;
    int steps = parts.length() + 1;
    double fraction = total <= 0 ? 0 : Math.clamp((double) done / total, 0, 1);
    int filled = (int) (fraction * inner * steps);
    int whole = filled / steps;
    int part = filled % steps;
    String bar = full.repeat(whole) + (part == 0 ? "" : parts.substring(part - 1, part));
    return begin + bar + empty.repeat(inner - whole - (part == 0 ? 0 : 1)) + end;
  }
}
