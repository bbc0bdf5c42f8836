package io.mirrorimages.secret;

import java.util.LinkedHashMap;
import java.util.Map;

/** The last values that must not be shown, at most a thousand. Thread-safe. */
final class KnownValues {
  private static final int MOST = 1000;

  /** Shorter ones are in every other text by chance. */
  private static final int SHORTEST = 6;

  /** Up to here a value of letters and digits may be a part of a word. */
  private static final int LONGEST_WORD = 12;

  /** So much of a longer value shows that it is meant: servers cut what they repeat. */
  private static final int ENOUGH = 24;

  private final Map<String, Boolean> values =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MOST;
        }
      };

  private volatile String[] snapshot = new String[0];

  boolean has(String value) {
    synchronized (values) {
      return values.get(value) != null;
    }
  }

  void add(String value) {
    if (value.length() < SHORTEST) {
      return;
    }
    synchronized (values) {
      if (values.put(value, true) == null) {
        snapshot = values.keySet().toArray(String[]::new);
      }
    }
  }

  String mask(String text) {
    String masked = text;
    // The latest are the likeliest; and a pair of user and password was noted before its parts.
    for (String value : snapshot) {
      String start = value.substring(0, Math.min(value.length(), ENOUGH));
      if (masked.contains(start)) {
        masked = mask(masked, value, start);
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
    return end - start < LONGEST_WORD
        && (start > 0
                && Character.isLetterOrDigit(text.charAt(start - 1))
                && Character.isLetterOrDigit(text.charAt(start))
            || end < text.length()
                && Character.isLetterOrDigit(text.charAt(end))
                && Character.isLetterOrDigit(text.charAt(end - 1)));
  }
}
