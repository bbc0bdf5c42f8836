package io.mirrorimages.cli;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.mirrorimages.image.Text;
import java.util.Optional;

/**
 * One rule of {@code --map}: all matches of a regular expression of Go's kind (RE2) are replaced,
 * wherever they are in the name; {@code $1} and {@code ${name}} are its groups.
 */
final class NameRule {
  private final Pattern pattern;
  private final String replacement;

  private NameRule(Pattern pattern, String replacement) {
    this.pattern = pattern;
    this.replacement = replacement;
  }

  /** Reads {@code REGEX=REPLACEMENT}. */
  static NameRule parse(String text) {
    // Names have no equals sign, so one that is not the separator can only be in the expression.
    int equals = text.lastIndexOf('=');
    if (equals < 1) {
      throw new UsageException(
          "--map takes REGEX=REPLACEMENT, as in '^rancher/(.*)=mirror/$1', not "
              + Text.quote(text));
    }
    try {
      NameRule rule =
          new NameRule(Pattern.compile(text.substring(0, equals)), text.substring(equals + 1));
      rule.checkGroups(text);
      return rule;
    } catch (PatternSyntaxException e) {
      throw new UsageException(
          "--map "
              + Text.quote(text)
              + " has no regular expression of Go's kind: "
              + e.getDescription());
    }
  }

  /** Finds out now, and not at the first name that matches, that a group is missing. */
  private void checkGroups(String text) {
    com.google.re2j.Matcher numbers =
        Pattern.compile("[$]([0-9]+)|[$][{]([0-9]+)[}]").matcher(replacement);
    while (numbers.find()) {
      String number = numbers.group(1) == null ? numbers.group(2) : numbers.group(1);
      if (number.length() > 2 || Integer.parseInt(number) > pattern.groupCount()) {
        throw new UsageException(
            "--map "
                + Text.quote(text)
                + " names group "
                + number
                + ", and has "
                + pattern.groupCount());
      }
    }
  }

  /** The new name; empty if the rule does not change this one. */
  Optional<String> apply(String path) {
    try {
      String changed = pattern.matcher(path).replaceAll(replacement);
      return changed.equals(path) ? Optional.empty() : Optional.of(changed);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new UsageException(
          "--map can't replace with " + Text.quote(replacement) + ": " + e.getMessage());
    }
  }
}
