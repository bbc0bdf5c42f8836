import io.mirrorimages.cli.HelpTopics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** The manual page, of section 7, of a topic of the help. */
final class TopicPage {
  /** What an example begins with; text has two blanks, a heading none. */
  private static final String EXAMPLE = "      ";

  private final UnaryOperator<String> roff;
  private final List<String> lines = new ArrayList<>();

  private TopicPage(UnaryOperator<String> roff) {
    this.roff = roff;
  }

  /**
   * Its source.
   *
   * @param about what stands behind the section in the title line
   * @param roff escapes a text
   */
  static String page(String topic, String about, UnaryOperator<String> roff) {
    TopicPage page = new TopicPage(roff);
    String[] blocks = HelpTopics.text(topic).strip().split("\n\n");
    String name = "mirror-images-" + topic;
    page.lines.add(".TH " + name.toUpperCase(Locale.ROOT) + " 7 " + about);
    page.lines.add(".SH NAME");
    page.lines.add(roff.apply(name) + " \\- " + roff.apply(blocks[0].replaceFirst("\\.$", "")));
    for (String block : List.of(blocks).subList(1, blocks.length)) {
      page.add(block.lines().toList());
    }
    page.lines.addAll(List.of(".SH SEE ALSO", ".BR mirror\\-images (1)"));
    return String.join("\n", page.lines) + "\n";
  }

  /** Adds lines that no empty one divides: perhaps a heading, then a paragraph or an example. */
  private void add(List<String> block) {
    if (!block.getFirst().startsWith(" ")) {
      lines.add(".SH " + block.getFirst());
      add(block.subList(1, block.size()));
    } else if (block.getFirst().startsWith(EXAMPLE)) {
      lines.add(paragraph() + ".nf");
      block.forEach(line -> lines.add(roff.apply(line.substring(EXAMPLE.length()))));
      lines.add(".fi");
    } else {
      for (String line : block) {
        boolean begins = line.equals(block.getFirst()) || line.matches("  [0-9, ]+: .*");
        lines.add((begins ? paragraph() : "") + roff.apply(line.strip()));
      }
    }
  }

  private String paragraph() {
    return lines.getLast().startsWith(".SH") ? "" : ".PP\n";
  }
}
