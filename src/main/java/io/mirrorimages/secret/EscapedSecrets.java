package io.mirrorimages.secret;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The last secrets with characters that JSON, XML, HTML or addresses escape, at most a hundred:
 * each program that repeats them does so in its own way, as Go's JSON with an {@code &}.
 * Thread-safe.
 */
final class EscapedSecrets {
  private static final int MOST = 100;

  private static final Map<Integer, String> ENTITIES =
      Map.of(
          (int) '"',
          "quot",
          (int) '&',
          "amp",
          (int) '<',
          "lt",
          (int) '>',
          "gt",
          (int) '\'',
          "apos");

  private final Map<String, Pattern> patterns =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Pattern> eldest) {
          return size() > MOST;
        }
      };

  private volatile Pattern[] snapshot = new Pattern[0];

  void add(String secret) {
    if (secret.length() < KnownValues.SHORTEST
        || secret.codePoints().allMatch(EscapedSecrets::isNeverEscaped)) {
      return;
    }
    synchronized (patterns) {
      if (patterns.get(secret) == null) {
        patterns.put(secret, pattern(secret));
        snapshot = patterns.values().toArray(Pattern[]::new);
      }
    }
  }

  String mask(String text) {
    String masked = text;
    for (Pattern pattern : snapshot) {
      masked = pattern.matcher(masked).replaceAll("***");
    }
    return masked;
  }

  /** What is unreserved in addresses (RFC 3986, 2.3) means nothing in JSON and HTML either. */
  private static boolean isNeverEscaped(int c) {
    return (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || "-._~".indexOf(c) >= 0;
  }

  private static Pattern pattern(String secret) {
    StringBuilder pattern = new StringBuilder();
    secret
        .codePoints()
        .forEach(
            c ->
                pattern.append(
                    isNeverEscaped(c)
                        ? Pattern.quote(Character.toString(c))
                        : "(?:" + escapes(c) + ")"));
    return Pattern.compile(pattern.toString());
  }

  /** All that a character may be written as. */
  private static String escapes(int c) {
    String plain = Character.toString(c);
    StringBuilder json = new StringBuilder();
    for (int i = 0; i < plain.length(); i++) {
      char unit = plain.charAt(i);
      json.append(String.format("\\\\u(?i:%04x)", (int) unit));
    }
    StringBuilder percent = new StringBuilder();
    for (byte b : plain.getBytes(StandardCharsets.UTF_8)) {
      percent.append(String.format("%%(?i:%02x)", b & 0xff));
    }
    return "\\\\?"
        + Pattern.quote(plain)
        + "|"
        + json
        + "|"
        + percent
        + String.format("|&#0*%d;|&#[xX]0*(?i:%x);", c, c)
        + (ENTITIES.containsKey(c) ? "|&" + ENTITIES.get(c) + ";" : "")
        + (c == ' ' ? "|\\+" : "");
  }
}
