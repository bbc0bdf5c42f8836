package io.mirrorimages.nodes.check.k3s;

import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Finds characters that look like blanks, or like nothing, and are letters to YAML. */
final class OddSpaces {
  /** No-break spaces, those of typography and of Chinese, zero-width ones; none in a comment. */
  private static final Pattern ODD =
      Pattern.compile(
          "^([^#]|(?<=\\S)#)*[\\u00a0\\u2000-\\u200d\\u202f\\u205f\\u2060\\u3000].*",
          Pattern.DOTALL);

  private OddSpaces() {}

  /** Notes the first line with one, and how many more there are. */
  static void find(String name, String text, FindingLog findings) {
    List<String> lines = text.lines().toList();
    List<Integer> odd =
        IntStream.range(0, lines.size())
            .filter(i -> ODD.matcher(lines.get(i)).matches())
            .boxed()
            .toList();
    if (!odd.isEmpty()) {
      findings.add(
          FindingKind.ODD_SPACE,
          name,
          odd.getFirst() + 1,
          "a no-break space or invisible character stands in place of a blank"
              + (odd.size() > 1 ? ", also in " + (odd.size() - 1) + " more lines" : "")
              + ": YAML takes it for a part of the name; write blanks");
    }
  }
}
