package io.mirrorimages.list;

import io.mirrorimages.image.Text;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line as messages show it: quoted, shortened, and without what may be a secret, since files of
 * other kinds are given as lists by mistake. Only words that are known to be harmless are shown: of
 * a command its program and subcommand; of any other line its bullet or key, its first full name of
 * an image, and the digests behind it.
 */
final class LineExcerpt {
  private static final int LONGEST = 80;

  /** What is behind is not shown, and not looked at. */
  private static final int LOOKED_AT = 400;

  /** A digest is not cut off. */
  private static final int LONGEST_PINNED = 160;

  private static final String LEFT_OUT = "...";

  private static final Pattern COMMAND = Pattern.compile("((?:\\$ )?(?:sudo )?[a-z]+)(?: (.*))?");

  private static final Pattern SUBCOMMAND =
      Pattern.compile(
          "((?:images? )?(?:pull|push|save|load|copy|cp|sync|inspect|tag|rmi?|import|export|mirror"
              + "|images|login|logout|run|list|ls|list-tags|manifest|index|create|mount))(?: .*)?");

  /** A word with the marks before it. */
  private static final Pattern WORD = Pattern.compile("[\\s,;|=\"'`]*([^\\s,;|=\"'`]+)");

  private static final Pattern BULLET = Pattern.compile("---|[-*\u2022+]|[0-9]{1,4}[.)]|\\[[xX]?]");

  private static final Pattern KEY =
      Pattern.compile("(?i)(?:" + LineAdvice.IMAGE_KEYS + "|apiVersion|kind|tag):?");

  /** It is complete; nothing else has this form. */
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");

  /** Registries, and the organisation whose lists are read most. */
  private static final String KNOWN_HOST =
      "(?:(?:[\\w-]+\\.)*(?:docker\\.io|quay\\.io|ghcr\\.io|gcr\\.io|nvcr\\.io|registry\\.k8s\\.io"
          + "|mcr\\.microsoft\\.com|public\\.ecr\\.aws|rancher\\.com|suse\\.com)"
          + "|(?:registry|harbor)\\.[\\w.-]+|localhost|rancher)(?::[0-9]{1,5})?";

  private static final String ADDRESS = "(?:" + LineAdvice.SCHEMES + ":/{1,2})?";
  private static final String PATH = "(?:/[\\w.+-]*)+";
  private static final String PINNED = "@sha(?:256|512):[0-9A-Fa-f]*";

  /** A name with a slash, and with a known host, a tag or a digest; it may be malformed. */
  private static final Pattern NAME =
      Pattern.compile(
          "(?i)"
              + ADDRESS
              + "(?:"
              + KNOWN_HOST
              + PATH
              + "(?::[\\w.+-]*)*|[\\w.-]+(?::[0-9]{1,5})?"
              + PATH
              + "(?=[:@])(?::[\\w.+-]*)*)(?:"
              + PINNED
              + ")?");

  /** Keys and hashes in a part of a name: mixed case with digits, or long with digits. */
  private static final Pattern RANDOM =
      Pattern.compile(
          "(?<![\\w.+-])(?:(?=\\w*[A-Z])(?=\\w*[a-z])(?=\\w*[0-9])\\w{16,}|(?=\\w*[0-9])\\w{32,})");

  private LineExcerpt() {}

  /** The line in quotes. */
  static String of(String line) {
    String text = masked(line.strip());
    int longest = text.contains("sha256:") ? LONGEST_PINNED : LONGEST;
    return text.codePointCount(0, text.length()) <= longest
        ? Text.quote(text)
        : Text.quote(text.substring(0, text.offsetByCodePoints(0, longest)) + LEFT_OUT);
  }

  /** Whether {@link #of} leaves out something that other messages must not show either. */
  static boolean isMasked(String line) {
    String text = line.strip();
    return !text.startsWith(masked(text));
  }

  private static String masked(String line) {
    String text = line.length() > LOOKED_AT ? line.substring(0, LOOKED_AT) : line;
    return CommandAdvice.isCommand(text) ? command(text) : words(text);
  }

  private static String command(String text) {
    Matcher command = COMMAND.matcher(Grammar.BLANKS.matcher(text).replaceAll(" "));
    if (!command.matches()) {
      return LEFT_OUT;
    }
    String rest = command.group(2) == null ? "" : command.group(2);
    Matcher subcommand = SUBCOMMAND.matcher(rest);
    String shown = command.group(1) + (subcommand.matches() ? " " + subcommand.group(1) : "");
    return shown.length() == command.group().length() ? shown : shown + " " + LEFT_OUT;
  }

  private static String words(String text) {
    Matcher word = WORD.matcher(text);
    boolean named = false;
    while (word.find()) {
      String plain = LineAdvice.plain(word.group(1));
      boolean name = !named && isName(plain);
      if (!name
          && !(named ? DIGEST : BULLET).matcher(plain).matches()
          && (named || !KEY.matcher(plain).matches())) {
        return text.substring(0, word.start(1)) + LEFT_OUT;
      }
      named |= name;
    }
    return text;
  }

  private static boolean isName(String word) {
    return NAME.matcher(word).matches()
        && !RANDOM.matcher(word.replaceFirst("@sha(?:256|512):.*", "")).find();
  }
}
