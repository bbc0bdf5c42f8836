package io.mirrorimages.route;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A regular expression as Go's {@code regexp} has it, with its replacement: RE2 syntax, {@code $1},
 * {@code ${1}}, {@code $name} and {@code $$} in templates, and no empty match right behind another
 * match. Java's own differ in all of these. Two differences to Go are known: a group's name can't
 * be given twice, and Go refuses an expression that unfolds to thousands of repetitions. Immutable
 * and thread-safe.
 */
final class GoPattern {
  private final Pattern pattern;

  private GoPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /** Reads an expression; {@link IllegalArgumentException} with the reason if Go would not. */
  static GoPattern compile(String expression) {
    try {
      return new GoPattern(Pattern.compile(expression));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(e.getDescription(), e);
    }
  }

  /** What Go's {@code ReplaceAllString} gives. */
  String replaceAll(String text, String template) {
    Matcher matcher = pattern.matcher(text);
    StringBuilder result = new StringBuilder();
    int copied = 0;
    int at = 0;
    while (at <= text.length() && matcher.find(at)) {
      result.append(text, copied, matcher.start());
      if (matcher.end() > copied || matcher.start() == 0) {
        expand(template, matcher, result);
      }
      copied = matcher.end();
      int next = at < text.length() ? text.offsetByCodePoints(at, 1) : at + 1;
      at = Math.max(copied, next);
    }
    return result.append(text, copied, text.length()).toString();
  }

  /** A dollar sign that begins no name stands for itself. */
  private void expand(String template, Matcher match, StringBuilder result) {
    int at = 0;
    while (at < template.length()) {
      char c = template.charAt(at);
      if (c != '$') {
        result.append(c);
        at++;
      } else if (template.startsWith("$$", at)) {
        result.append('$');
        at += 2;
      } else {
        boolean braced = template.startsWith("${", at);
        int start = at + (braced ? 2 : 1);
        int end = endOfName(template, start);
        boolean named = end > start && (!braced || template.startsWith("}", end));
        if (named) {
          result.append(group(template.substring(start, end), match));
          at = braced ? end + 1 : end;
        } else {
          result.append('$');
          at++;
        }
      }
    }
  }

  /** As long as possible: {@code $1x} is a group named {@code 1x}. */
  private static int endOfName(String template, int start) {
    int at = start;
    while (at < template.length()) {
      int c = template.codePointAt(at);
      if (!Character.isLetter(c) && Character.getType(c) != Character.DECIMAL_DIGIT_NUMBER) {
        if (c != '_') {
          break;
        }
      }
      at += Character.charCount(c);
    }
    return at;
  }

  /** A group that is not there, or took no part, is empty. */
  private String group(String name, Matcher match) {
    int number = -1;
    if (name.matches("0|[1-9][0-9]{0,8}")) {
      number = Integer.parseInt(name);
    } else {
      number = pattern.namedGroups().getOrDefault(name, -1);
    }
    String value = number >= 0 && number <= match.groupCount() ? match.group(number) : null;
    return value == null ? "" : value;
  }
}
