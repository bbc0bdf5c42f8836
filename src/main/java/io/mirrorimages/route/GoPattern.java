package io.mirrorimages.route;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A regular expression as Go's {@code regexp} has it, with its replacement: RE2 syntax, {@code $1},
 * {@code ${1}}, {@code $name} and {@code $$} in templates, and no empty match right behind another
 * match. Java's own differ in all of these. Two differences to Go are known: a group's name can't
 * be given twice, and Go refuses an expression that unfolds to thousands of repetitions. Immutable
 * and thread-safe.
 */
public final class GoPattern {
  private final Pattern pattern;

  private GoPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /** Reads an expression; {@link IllegalArgumentException} with the reason if Go would not. */
  public static GoPattern compile(String expression) {
    try {
      return new GoPattern(Pattern.compile(expression));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(e.getDescription(), e);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("it can't be read", e);
    }
  }

  /**
   * The first group that a template names and the expression has not; it would be empty. Often it
   * is {@code $1x}, where {@code ${1}x} is meant.
   */
  public Optional<String> missingGroup(String template) {
    StringBuilder first = new StringBuilder();
    walk(
        template,
        text -> {},
        name -> {
          if (first.isEmpty() && number(name) < 0) {
            first.append(name);
          }
        });
    return first.isEmpty() ? Optional.empty() : Optional.of(first.toString());
  }

  /** What Go's {@code ReplaceAllString} gives. */
  public String replaceAll(String text, String template) {
    Matcher matcher = pattern.matcher(text);
    StringBuilder result = new StringBuilder();
    int copied = 0;
    int at = 0;
    while (at <= text.length() && matcher.find(at)) {
      result.append(text, copied, matcher.start());
      if (matcher.end() > copied || matcher.start() == 0) {
        walk(template, result::append, name -> result.append(group(name, matcher)));
      }
      copied = matcher.end();
      int next = at < text.length() ? text.offsetByCodePoints(at, 1) : at + 1;
      at = Math.max(copied, next);
    }
    return result.append(text, copied, text.length()).toString();
  }

  /** A dollar sign that begins no name stands for itself. */
  private static void walk(String template, Consumer<String> text, Consumer<String> group) {
    int at = 0;
    while (at < template.length()) {
      if (template.charAt(at) != '$') {
        int dollar = template.indexOf('$', at);
        int end = dollar < 0 ? template.length() : dollar;
        text.accept(template.substring(at, end));
        at = end;
      } else if (template.startsWith("$$", at)) {
        text.accept("$");
        at += 2;
      } else {
        boolean braced = template.startsWith("${", at);
        int start = at + (braced ? 2 : 1);
        int end = endOfName(template, start);
        boolean named = end > start && (!braced || template.startsWith("}", end));
        if (named) {
          group.accept(template.substring(start, end));
          at = braced ? end + 1 : end;
        } else {
          text.accept("$");
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

  /** The number of a group, or -1. */
  private int number(String name) {
    if (!name.matches("0|[1-9][0-9]{0,8}")) {
      return pattern.namedGroups().getOrDefault(name, -1);
    }
    int number = Integer.parseInt(name);
    return number <= pattern.groupCount() ? number : -1;
  }

  /** A group that is not there, or took no part, is empty. */
  private String group(String name, Matcher match) {
    int number = number(name);
    String value = number >= 0 ? match.group(number) : null;
    return value == null ? "" : value;
  }
}
