package io.mirrorimages.secret;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What has the form of a secret. Repetitions are bounded, so that no text makes a pattern slow. */
final class SecretForms {
  private static final String NAME =
      "[\\w.~-]{0,64}(?:sig|signature|token|state|credential|secret|password|passwd|api_?key|hmac|auth|jwt)"
          + "[\\w.~-]{0,64}";

  private static final List<Form> FORMS =
      List.of(
          new Form(
              List.of("basic", "bearer"),
              "\\b(basic|bearer)([\\s:=\"']+|%20)[a-z0-9._~+/=-]{8,}",
              "$1 ***"),
          new Form("eyj", "\\beyJ[a-z0-9_-]{6,}(?:\\.[a-z0-9_=-]*){0,4}", "***"),
          // user:password@host, with a scheme or without; a digest begins after an @ too.
          new Form(
              "@",
              "\\b([a-z][a-z0-9+.-]{0,20}://)[^\\s\"'<>\\\\]{0,1000}@(?!sha(?:256|512):)",
              "$1***@"),
          new Form(
              "@",
              "(?<![^\\s\"'(=,])[^\\s/\"'@:,;=(]+:(?!//)[^\\s\"'@\\\\]+@(?!sha(?:256|512):)(?=[a-z0-9\\[])",
              "***@"),
          // The queries of addresses: signatures and states.
          new Form("?", "(https?://[^\\s?\"'<>\\\\]{0,1000})\\?[^\\s\"'<>\\\\]*", "$1"),
          new Form("?", "(/[^\\s?\"'<>\\\\]{0,1000})\\?[^\\s\"'<>\\\\]*=[^\\s\"'<>\\\\]*", "$1"),
          new Form("=", "(?<![\\w.~-])(" + NAME + "=)[^\\s&;\"'<>,\\\\]+", "$1***"),
          // What stands where a password has to be put in by hand is none.
          new Form(
              "\"",
              "(\"[\\w-]*(?:token|secret|password|passwd|signature|authorization)\"\\s*:\\s*\")(?!REPLACE-WITH-)[^\"\\\\]+",
              "$1***"));

  private SecretForms() {}

  static String mask(String text) {
    String masked = text;
    String lower = text.toLowerCase(Locale.ROOT);
    for (Form form : FORMS) {
      if (form.isPossibleIn(lower)) {
        masked = form.pattern().matcher(masked).replaceAll(form.shown);
      }
    }
    return masked;
  }

  /**
   * One form. Each line that is printed is looked through, and most lines hold nothing of any form:
   * so a pattern is neither compiled nor applied where a text has none of the words that it needs.
   */
  private static final class Form {
    private final List<String> needs;
    private final String regex;
    private final String shown;
    // Compiled twice by two threads at worst.
    private volatile @Nullable Pattern pattern;

    /** A form that has one of these words, in lower case, whatever else it has. */
    Form(List<String> needs, String regex, String shown) {
      this.needs = needs;
      this.regex = regex;
      this.shown = shown;
    }

    Form(String needed, String regex, String shown) {
      this(List.of(needed), regex, shown);
    }

    boolean isPossibleIn(String lower) {
      for (String needed : needs) {
        if (lower.contains(needed)) {
          return true;
        }
      }
      return false;
    }

    Pattern pattern() {
      Pattern compiled = pattern;
      if (compiled == null) {
        compiled = Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
        pattern = compiled;
      }
      return compiled;
    }
  }
}
