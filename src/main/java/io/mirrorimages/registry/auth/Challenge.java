package io.mirrorimages.registry.auth;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One challenge of a {@code WWW-Authenticate} header (RFC 9110, 11.6.1).
 *
 * @param scheme lower case
 * @param parameters by lower-case name
 */
public record Challenge(String scheme, Map<String, String> parameters) {
  /** Copies the map. */
  public Challenge {
    parameters = Map.copyOf(parameters);
  }

  /** A parameter's value; empty if it is absent. */
  public String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  /**
   * Reads the challenges of all headers, in their order. Takes what it understands and never fails:
   * several schemes in one header, quoted commas, missing commas, empty headers.
   */
  public static List<Challenge> parse(List<String> headers) {
    List<Challenge> challenges = new ArrayList<>();
    for (String header : headers) {
      new Parser(header, challenges).run();
    }
    return challenges;
  }

  private static final class Parser {
    private final String text;
    private final List<Challenge> challenges;
    private int at;

    Parser(String text, List<Challenge> challenges) {
      this.text = text;
      this.challenges = challenges;
    }

    void run() {
      String scheme = "";
      Map<String, String> parameters = new LinkedHashMap<>();
      while (skipSeparators()) {
        String word = word();
        skipBlanks();
        if (at < text.length() && text.charAt(at) == '=') {
          at++;
          skipBlanks();
          parameters.putIfAbsent(word, value());
        } else {
          add(scheme, parameters);
          scheme = word;
          parameters.clear();
        }
      }
      add(scheme, parameters);
    }

    private void add(String scheme, Map<String, String> parameters) {
      if (!scheme.isEmpty()) {
        challenges.add(new Challenge(scheme, parameters));
      }
    }

    private boolean skipSeparators() {
      while (at < text.length() && !isWord(text.charAt(at))) {
        at++;
      }
      return at < text.length();
    }

    private void skipBlanks() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }

    private String word() {
      int start = at;
      while (at < text.length() && isWord(text.charAt(at))) {
        at++;
      }
      return text.substring(start, at).toLowerCase(Locale.ROOT);
    }

    private String value() {
      if (at < text.length() && text.charAt(at) == '"') {
        return quoted();
      }
      int start = at;
      while (at < text.length()
          && text.charAt(at) != ','
          && !Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      return text.substring(start, at);
    }

    private String quoted() {
      StringBuilder value = new StringBuilder();
      for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        value.append(text.charAt(at));
      }
      at++;
      return value.toString();
    }

    private static boolean isWord(char c) {
      return c > ' ' && c < 0x7f && ",;=\"()<>@[]?{}\\/:".indexOf(c) < 0;
    }
  }
}
