package io.mirrorimages.naming;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Text;
import io.mirrorimages.route.GoPattern;
import java.util.Optional;

/**
 * One rule of a {@link Mapping}, which does what the same {@code rewrite} of a registries.yaml
 * does: all matches of a regular expression of Go's kind are replaced, wherever they are in the
 * name; {@code $1} and {@code ${name}} are its groups, {@code $$} is a dollar sign.
 */
public final class NameRule {
  private final GoPattern pattern;
  private final String replacement;

  private NameRule(GoPattern pattern, String replacement) {
    this.pattern = pattern;
    this.replacement = replacement;
  }

  /**
   * Reads {@code REGEX=REPLACEMENT}.
   *
   * @throws InvalidContentException with one line, if it is anything else
   */
  public static NameRule parse(String text) {
    // Names have no equals sign, so one that is not the separator can only be in the expression.
    int equals = text.lastIndexOf('=');
    if (equals < 1) {
      throw new InvalidContentException(
          "a rule is REGEX=REPLACEMENT, as in '^rancher/(.*)=mirror/$1', not " + Text.quote(text));
    }
    String replacement = text.substring(equals + 1);
    GoPattern pattern;
    try {
      pattern = GoPattern.compile(text.substring(0, equals));
    } catch (IllegalArgumentException e) {
      throw new InvalidContentException(
          "the rule "
              + Text.quote(text)
              + " has no regular expression of Go's kind: "
              + e.getMessage());
    }
    // Go puts nothing in its place, which is never what was meant.
    Optional<String> missing = pattern.missingGroup(replacement);
    if (missing.isPresent()) {
      throw new InvalidContentException(
          "the rule "
              + Text.quote(text)
              + " names group "
              + Text.quote(missing.get())
              + ", which it has not"
              + remedy(missing.get()));
    }
    return new NameRule(pattern, replacement);
  }

  /** A name goes on as long as letters, digits and underscores do. */
  private static String remedy(String group) {
    String number = group.replaceFirst("(?s)[^0-9].*", "");
    return number.isEmpty() || number.equals(group)
        ? ""
        : ": write ${" + number + "}" + group.substring(number.length());
  }

  /** The new name; empty if the rule does not change this one. */
  Optional<String> apply(String path) {
    String changed = pattern.replaceAll(path, replacement);
    return changed.equals(path) ? Optional.empty() : Optional.of(changed);
  }
}
