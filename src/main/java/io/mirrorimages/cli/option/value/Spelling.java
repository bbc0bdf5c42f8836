package io.mirrorimages.cli.option.value;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** What a misspelt word may have meant. */
public final class Spelling {
  private static final int MOST = 2;

  private Spelling() {}

  /**
   * The words of {@code known} that are most like {@code word}, the best first, at most two: those
   * that begin with it or that it begins with, and those that a slip of a third of its letters
   * makes of it.
   */
  public static List<String> near(String word, Collection<String> known) {
    int slips = Math.max(1, letters(word) / 3);
    return known.stream()
        .filter(other -> distance(word, other) <= slips || isBeginning(word, other))
        .sorted(
            Comparator.comparingInt((String other) -> distance(word, other)).thenComparing(o -> o))
        .limit(MOST)
        .toList();
  }

  private static boolean isBeginning(String word, String other) {
    return letters(word) > 2
        && letters(other) > 2
        && (other.startsWith(word) || word.startsWith(other));
  }

  private static int letters(String word) {
    return word.replace("-", "").length();
  }

  /** How many letters are wrong, missing, too many, or swapped with the next (Damerau). */
  private static int distance(String one, String other) {
    int[][] least = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        if (i == 0 || j == 0) {
          least[i][j] = i + j;
          continue;
        }
        int wrong = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        least[i][j] =
            Math.min(least[i - 1][j - 1] + wrong, Math.min(least[i - 1][j], least[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1)) {
          least[i][j] = Math.min(least[i][j], least[i - 2][j - 2] + 1);
        }
      }
    }
    return least[one.length()][other.length()];
  }
}
