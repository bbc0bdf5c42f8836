package io.mirrorimages.secret;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The last values that must not be shown, at most a thousand. Thread-safe. */
final class KnownValues {
  private static final int MOST = 1000;

  /** Shorter ones are in every other text by chance. */
  static final int SHORTEST = 6;

  /** Up to here a value may be a part of a word by chance. */
  private static final int LONGEST_WORD = 12;

  /** A password that could be a name, as those of images are: it must stand alone to be meant. */
  private static final Pattern NAME = Pattern.compile("[a-z]+(?:[-._][a-z]+)*[0-9]{0,2}");

  private static final String IN_NAMES = "/-_";
  private static final String BEFORE_MORE = ".:@";

  /** So much of a longer value shows that it is meant: servers cut what they repeat. */
  private static final int ENOUGH = 24;

  /** By each value, how many of its characters show that it is meant. */
  private final Map<String, Integer> values =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
          return size() > MOST;
        }
      };

  private volatile Known[] snapshot = new Known[0];

  private record Known(String value, String start) {
    Known(Map.Entry<String, Integer> entry) {
      this(entry.getKey(), entry.getKey().substring(0, entry.getValue()));
    }
  }

  boolean has(String value) {
    synchronized (values) {
      return values.get(value) != null;
    }
  }

  void add(String value) {
    add(value, 0);
  }

  /**
   * Notes a value that begins with what is no secret.
   *
   * @param open how many characters those are
   */
  void add(String value, int open) {
    if (value.length() < SHORTEST) {
      return;
    }
    synchronized (values) {
      if (values.put(value, Math.min(value.length(), open + ENOUGH)) == null) {
        snapshot = values.entrySet().stream().map(Known::new).toArray(Known[]::new);
      }
    }
  }

  String mask(String text) {
    String masked = text;
    // The latest are the likeliest; and a pair of user and password was noted before its parts.
    for (Known known : snapshot) {
      if (masked.contains(known.start())) {
        masked = mask(masked, known.value(), known.start());
      }
    }
    return masked;
  }

  private static String mask(String text, String value, String start) {
    StringBuilder masked = new StringBuilder();
    int from = 0;
    for (int at = text.indexOf(start); at >= 0; at = text.indexOf(start, from)) {
      int end = at + start.length();
      while (end < text.length()
          && end - at < value.length()
          && text.charAt(end) == value.charAt(end - at)) {
        end++;
      }
      masked
          .append(text, from, at)
          .append(isPartOfWord(text, at, end) ? text.substring(at, end) : "***");
      from = end;
    }
    return masked.append(text, from, text.length()).toString();
  }

  private static boolean isPartOfWord(String text, int start, int end) {
    boolean name = NAME.matcher(text).region(start, end).matches();
    return (name || end - start < LONGEST_WORD)
        && (goesOn(text, start - 1, start, name ? IN_NAMES : "")
            || goesOn(text, end, end - 1, name ? IN_NAMES : "")
            || (name && goesOnAfter(text, end)));
  }

  /** Whether the character beside the value and the value's own are of one word. */
  private static boolean goesOn(String text, int beside, int own, String more) {
    return beside >= 0
        && beside < text.length()
        && ((Character.isLetterOrDigit(text.charAt(beside))
                && Character.isLetterOrDigit(text.charAt(own)))
            || more.indexOf(text.charAt(beside)) >= 0);
  }

  /** Whether a host's next part, a port, a tag or a digest follows. */
  private static boolean goesOnAfter(String text, int end) {
    return end + 1 < text.length()
        && BEFORE_MORE.indexOf(text.charAt(end)) >= 0
        && Character.isLetterOrDigit(text.charAt(end + 1));
  }
}
