package io.mirrorimages.list;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Text;
import java.text.Normalizer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a line that names no image seems to be, and what helps.
 *
 * @param kind lines of one kind are reported together
 * @param remedy what to do, as it fits this line
 */
record LineAdvice(LineMistake kind, String remedy) {
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*:/{1,2})(.+)");
  private static final Pattern DASH = Pattern.compile("[-*\u2022]\\s+(.+)");
  private static final Pattern KEY =
      Pattern.compile("(?:- +)*[\"']?([A-Za-z0-9_.$-]+)[\"']?:(?:\\s+(.+))?");
  private static final Pattern LONE_KEY = Pattern.compile("[A-Za-z0-9_.-]+:");
  private static final Pattern QUOTES = Pattern.compile("[\"'`,;]+");
  private static final Pattern UNSEEN = Pattern.compile("\\p{Cf}+");

  /** The ways in which lines go wrong. */
  enum LineMistake {
    FULL_WIDTH("it has full-width or invisible characters"),
    ADDRESS("an address, not a name"),
    DASH("a dash stands before the name, as in YAML"),
    YAML("this seems to be YAML"),
    LONE_KEY("the tag is empty"),
    BLANK("a blank stands in the name"),
    QUOTES("quotes, commas and the like are not part of a name"),
    PLUS("a tag has no +"),
    TABLE("more than a name and a digest"),
    WORDS("no name of an image");

    private final String words;

    LineMistake(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** Advice about a line that {@link ListLine} refuses; empty if its refusal says it all. */
  static Optional<LineAdvice> of(String line) {
    String text = line.strip();
    String plain = UNSEEN.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC)).replaceAll("");
    if (!plain.equals(text) && (isGood(plain) || SCHEME.matcher(plain).matches())) {
      return advice(LineMistake.FULL_WIDTH, "write " + Text.quote(plain.strip()));
    }
    Matcher scheme = SCHEME.matcher(text);
    if (scheme.matches()) {
      String prefix = scheme.group(1);
      return advice(LineMistake.ADDRESS, "leave out " + prefix + " (sed 's|^ *" + prefix + "||')");
    }
    String joined = text.replaceAll("\\s+", "");
    if (text.matches("\\S*[/:]\\S*:\\s+\\S+|\\S+\\s+:\\S+") && isGood(joined)) {
      return advice(LineMistake.BLANK, "write " + Text.quote(joined));
    }
    Matcher dash = DASH.matcher(text);
    if (dash.matches() && isGood(dash.group(1))) {
      return advice(LineMistake.DASH, "leave it out (sed 's/^ *- *//')");
    }
    Optional<LineAdvice> yaml = yaml(text);
    if (yaml.isPresent()) {
      return yaml;
    }
    String bare = QUOTES.matcher(text).replaceAll("");
    if (!bare.equals(text) && !bare.isBlank() && isGood(bare)) {
      return advice(LineMistake.QUOTES, "leave them out (tr -d '\"\\047,;')");
    }
    if (text.indexOf('+') >= 0 && isGood(text.replace('+', '-'))) {
      return advice(
          LineMistake.PLUS, "images of such releases have a dash: " + text.replace('+', '-'));
    }
    return Optional.empty();
  }

  private static Optional<LineAdvice> yaml(String text) {
    if (LONE_KEY.matcher(text).matches()) {
      return advice(LineMistake.LONE_KEY, "name one, or leave the colon out");
    }
    Matcher key = KEY.matcher(text);
    if (key.matches() || text.equals("---") || text.matches("-\\s.*")) {
      boolean named =
          key.matches() && key.group(2) != null && key.group(2).matches("[\"']?\\S*[/:]\\S*");
      return advice(
          LineMistake.YAML,
          "a list has one name a line, and nothing else (for the images in it: sed -n 's/^[ -]*"
              + (named ? key.group(1) : "image")
              + ": *//p')");
    }
    return Optional.empty();
  }

  /** Advice about a line of several columns, the second of which is no digest. */
  static LineAdvice ofTable(String line, int columns) {
    Optional<LineAdvice> special = of(line);
    if (special.isPresent()) {
      return special.get();
    }
    String first = Grammar.BLANKS.matcher(line.strip()).replaceAll(" ").split(" ")[0];
    return isGood(first)
        ? new LineAdvice(
            LineMistake.TABLE,
            "this seems to be "
                + (columns == 2
                    ? "a list with sources, such as rancher-images-sources.txt"
                    : "a table made for another tool")
                + "; give only its names (cut -d' ' -f1)")
        : new LineAdvice(LineMistake.WORDS, "is this an image list, one name a line?");
  }

  private static boolean isGood(String line) {
    try {
      return !(ListLine.parse(line) instanceof ListLine.Table);
    } catch (InvalidContentException e) {
      return false;
    }
  }

  private static Optional<LineAdvice> advice(LineMistake kind, String remedy) {
    return Optional.of(new LineAdvice(kind, remedy));
  }
}
