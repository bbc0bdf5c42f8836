package io.mirrorimages.list;

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
 * @param guessed whether the remedy of another line of the same kind fits better
 */
record LineAdvice(LineMistake kind, String remedy, boolean guessed) {
  /** A longer line is no name with a blank in it. */
  private static final int LONGEST = 512;

  /** Keys that hold images; a remedy names no other, since others hold secrets. */
  static final String IMAGE_KEYS = "images?|repository|name|imageName|repo";

  /** The schemes of addresses that stand before names. */
  static final String SCHEMES =
      "(?:https?|docker|oci|file|ftp|s3|git|ssh|docker-daemon|docker-archive|containers-storage)";

  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*:/{1,2})(.+)");
  private static final Pattern KNOWN_SCHEME = Pattern.compile(SCHEMES + ":/{1,2}");
  private static final Pattern IMAGE_KEY = Pattern.compile(IMAGE_KEYS);
  private static final Pattern ITEM =
      Pattern.compile("([-*\u2022+]|[0-9]+[.)])\\s+(?:\\[[ xX]]\\s+)?[`\"']?([^`\"']+)[`\"']?");
  private static final Pattern KEY =
      Pattern.compile("(?:- +)*[\"']?([A-Za-z0-9_.$-]+)[\"']?:(?:\\s+(.+))?");
  private static final Pattern LONE_KEY = Pattern.compile("[A-Za-z0-9_.-]+:");
  private static final Pattern QUOTES = Pattern.compile("[\"'`,;]+");
  private static final Pattern SEVERAL = Pattern.compile("\\w[\"'`]?[,;]\\s*[\"'`]?\\w");
  private static final Pattern UNSEEN = Pattern.compile("\\p{Cf}+");

  /** Of YAML; quotes around a name are left out. */
  private static final String IMAGES = "sed -n 's/^[ -]*%s: *//p' | tr -d '\"\\047'";

  LineAdvice(LineMistake kind, String remedy) {
    this(kind, remedy, false);
  }

  /** Advice that gives way to that of another line. */
  static LineAdvice guess(LineMistake kind, String remedy) {
    return new LineAdvice(kind, remedy, true);
  }

  /** The ways in which lines go wrong. */
  enum LineMistake {
    FULL_WIDTH("it has full-width or invisible characters"),
    ADDRESS("an address, not a name"),
    COMMAND("a command, not a name"),
    DASH("a dash stands before the name, as in YAML"),
    ITEM("a bullet or a number stands before the name, as in Markdown"),
    YAML("this seems to be YAML"),
    LONE_KEY("the tag is empty"),
    BLANK("a blank stands in the name"),
    QUOTES("quotes, commas and the like are not part of a name"),
    PLUS("a tag has no +"),
    NAMES("several names on one line"),
    PAIR("a name and another one for the same image"),
    CSV("more than a name, as in CSV"),
    TABLE("more than a name and a digest"),
    WORDS("no name of an image");

    private final String words;

    LineMistake(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }

    /** Whether such lines show that the file has another format, whose other lines tell nothing. */
    boolean isFormat() {
      return switch (this) {
        case COMMAND, DASH, ITEM, YAML, NAMES, PAIR, CSV, TABLE -> true;
        default -> false;
      };
    }

    /** Whether it may have a heading of its columns. */
    boolean hasHeading() {
      return this == CSV || this == TABLE;
    }

    /** Whether the lines of such a format go wrong in other ways too. */
    boolean isManifold() {
      return this == YAML || this == COMMAND;
    }
  }

  /** Advice about a line that {@link ListLine} refuses; empty if its refusal says it all. */
  static Optional<LineAdvice> of(String line) {
    String text = line.strip();
    return form(text).or(() -> ColumnAdvice.ofMarks(text)).or(() -> marks(text));
  }

  private static Optional<LineAdvice> form(String text) {
    String plain = plain(text);
    if (!plain.equals(text) && (isEntry(plain) || SCHEME.matcher(plain).matches())) {
      return advice(LineMistake.FULL_WIDTH, written(plain.strip()));
    }
    Matcher scheme = SCHEME.matcher(text);
    if (scheme.matches()) {
      String prefix = scheme.group(1);
      return advice(
          LineMistake.ADDRESS,
          KNOWN_SCHEME.matcher(prefix).matches()
              ? "leave out " + prefix + " (sed 's|^ *" + prefix + "||')"
              : "leave out what stands before the name");
    }
    if (CommandAdvice.isCommand(text)) {
      return Optional.of(CommandAdvice.of(text));
    }
    String joined = text.replaceAll("\\s+", "");
    if (text.length() < LONGEST
        && text.matches("\\S*[/:]\\S*:\\s+\\S+|\\S+\\s+:\\S+")
        && ImageName.isGood(joined)) {
      boolean version = ImageName.isVersion(text.replaceFirst(".*\\s:?", ""));
      return advice(LineMistake.BLANK, version ? written(joined) : "leave the blank out");
    }
    Matcher item = ITEM.matcher(text);
    if (item.matches() && ImageName.isGood(item.group(2))) {
      return item(item.group(1));
    }
    return yaml(text);
  }

  private static Optional<LineAdvice> item(String mark) {
    return switch (mark) {
      case "-" -> advice(LineMistake.DASH, "leave it out (sed 's/^ *- *//')");
      case "*", "+" -> advice(LineMistake.ITEM, "leave it out (sed 's/^ *[" + mark + "] *//')");
      case "\u2022" -> advice(LineMistake.ITEM, "leave it out (sed 's/^ *" + mark + " *//')");
      default -> advice(LineMistake.ITEM, "leave it out (sed 's/^ *[0-9]*[.)] *//')");
    };
  }

  /** The text with plain characters in place of full-width ones, and without invisible ones. */
  static String plain(String text) {
    return UNSEEN.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC)).replaceAll("");
  }

  private static Optional<LineAdvice> yaml(String text) {
    if (LONE_KEY.matcher(text).matches()) {
      return advice(
          LineMistake.LONE_KEY, "name one, or leave the colon out; a key of YAML is no name");
    }
    Matcher key = KEY.matcher(text);
    if (key.matches() && key.group(2) != null && key.group(1).equals("repository")) {
      return advice(
          LineMistake.YAML,
          "the values of a chart have names and tags apart; render it (helm template -f VALUES"
              + " CHART | "
              + IMAGES.formatted("image")
              + ")");
    }
    if (key.matches() || text.equals("---") || text.matches("-\\s.*")) {
      boolean named =
          key.matches()
              && key.group(2) != null
              && IMAGE_KEY.matcher(key.group(1)).matches()
              && ImageName.isTagged(QUOTES.matcher(key.group(2)).replaceAll(""));
      String remedy =
          "a list has one name a line, and nothing else (for the images in it: "
              + IMAGES.formatted(named ? key.group(1) : "image")
              + ")";
      return Optional.of(new LineAdvice(LineMistake.YAML, remedy, !named));
    }
    return Optional.empty();
  }

  private static Optional<LineAdvice> marks(String text) {
    if (SEVERAL.matcher(text).find()) {
      return Optional.of(words());
    }
    String bare = QUOTES.matcher(text).replaceAll("");
    if (!bare.equals(text) && !bare.isBlank() && ImageName.isGood(bare)) {
      return advice(LineMistake.QUOTES, "leave them out (tr -d '\"\\047,;')");
    }
    String dashed = text.replace('+', '-');
    if (!dashed.equals(text) && ImageName.isGood(dashed)) {
      return advice(
          LineMistake.PLUS,
          "images of such releases have a dash"
              + (LineExcerpt.isMasked(dashed) ? "" : ": " + Text.plain(dashed)));
    }
    return Optional.empty();
  }

  /** Advice about a line of several columns, the second of which is no digest. */
  static LineAdvice ofTable(String whole) {
    // A comment behind a command is no comment to the commands of remedies.
    String line = CommandAdvice.isCommand(whole.strip()) ? whole : ListLine.content(whole);
    String text = line.strip();
    boolean named = ImageName.isTagged(text.split("\\s", 2)[0]);
    return form(text)
        .or(() -> named ? ColumnAdvice.ofBlanks(line) : ColumnAdvice.ofMarks(text))
        .or(() -> marks(text))
        .or(() -> ColumnAdvice.ofBlanks(line))
        .orElseGet(LineAdvice::words);
  }

  private static LineAdvice words() {
    return new LineAdvice(LineMistake.WORDS, "is this an image list, one name a line?");
  }

  /** Whether it is what a list may have, be it a comment. */
  private static boolean isEntry(String text) {
    return text.isBlank() || text.startsWith("#") || ImageName.isGood(text);
  }

  private static String written(String name) {
    return LineExcerpt.isMasked(name) ? "write it without them" : "write " + Text.quote(name);
  }

  private static Optional<LineAdvice> advice(LineMistake kind, String remedy) {
    return Optional.of(new LineAdvice(kind, remedy));
  }
}
