package io.mirrorimages.list;

import io.mirrorimages.list.LineAdvice.LineMistake;
import java.util.Arrays;
import java.util.regex.Pattern;

/** What to do with a line that calls a program, such as {@code docker pull}. */
final class CommandAdvice {
  /** What is said of a command with words that may be a secret, which no command must print. */
  static final String BY_HAND =
      "give only the names, one a line, by hand: the command has more than names, such as a login";

  private static final Pattern COMMAND =
      Pattern.compile(
          "(?:\\$\\s+)?(?:sudo\\s+)?(?:docker|podman|nerdctl|crictl|ctr|skopeo|crane"
              + "|regctl|oras|helm|buildah|hauler|echo|curl|wget|kubectl)(?:\\s.*)?");

  /** Words of a command, besides names, that are no secret. */
  private static final Pattern PLAIN_WORD =
      Pattern.compile(
          "-{1,2}(?:q|quiet|o|output|platform(?:=\\S+)?)|linux/[a-z0-9/]+|[\\w.-]+\\.(?:tar|tgz)|images?"
              + "|pull|save|copy|\\$|sudo|docker|podman|nerdctl|crictl|ctr|crane");

  private CommandAdvice() {}

  /** Advice about a command; a command with more than names gets none that prints its words. */
  static LineAdvice of(String text) {
    String[] words = text.split("\\s+");
    boolean tagged = Arrays.stream(words).anyMatch(ImageName::isTagged);
    if (!Arrays.stream(words).allMatch(CommandAdvice::isPlainWord)) {
      return tagged ? advice(BY_HAND) : advice();
    }
    if (text.contains(" pull ") && ImageName.isGood(words[words.length - 1])) {
      return advice("give only its name (awk '/ pull /{print $NF}')");
    }
    return tagged
        ? advice("give only its names, one a line (tr -s ' ' '\\n' | grep '[^:]:[^/]')")
        : advice();
  }

  private static LineAdvice advice(String remedy) {
    return new LineAdvice(LineMistake.COMMAND, remedy);
  }

  private static LineAdvice advice() {
    return LineAdvice.guess(LineMistake.COMMAND, "give only the names, one a line");
  }

  /** Without a slash it may be a user and a password, or a password. */
  private static boolean isPlainWord(String word) {
    return PLAIN_WORD.matcher(word).matches() || !LineExcerpt.isMasked(word);
  }

  /** Whether the line calls a program. */
  static boolean isCommand(String text) {
    return COMMAND.matcher(text).matches();
  }
}
