package io.mirrorimages.secret;

import java.util.List;
import java.util.regex.Pattern;

/** What has the form of a secret. Repetitions are bounded, so that no text makes a pattern slow. */
final class SecretForms {
  private static final String NAME =
      "[\\w.~-]{0,64}(?:sig|signature|token|state|credential|secret|password|passwd|api_?key|hmac|auth|jwt)"
          + "[\\w.~-]{0,64}";

  private record Form(Pattern pattern, String shown) {
    Form(String pattern, String shown) {
      this(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), shown);
    }
  }

  private static final List<Form> FORMS =
      List.of(
          new Form("\\b(basic|bearer)([\\s:=\"']+|%20)[a-z0-9._~+/=-]{8,}", "$1 ***"),
          new Form("\\beyJ[a-z0-9_-]{6,}(?:\\.[a-z0-9_=-]*){0,4}", "***"),
          // user:password@host, with a scheme or without; a digest begins after an @ too.
          new Form(
              "\\b([a-z][a-z0-9+.-]{0,20}://)[^\\s\"'<>\\\\]{0,1000}@(?!sha(?:256|512):)",
              "$1***@"),
          new Form(
              "(?<![^\\s\"'(=,])[^\\s/\"'@:,;=(]+:(?!//)[^\\s\"'@\\\\]+@(?!sha(?:256|512):)(?=[a-z0-9\\[])",
              "***@"),
          // The queries of addresses: signatures and states.
          new Form("(https?://[^\\s?\"'<>\\\\]{0,1000})\\?[^\\s\"'<>\\\\]*", "$1"),
          new Form("(/[^\\s?\"'<>\\\\]{0,1000})\\?[^\\s\"'<>\\\\]*=[^\\s\"'<>\\\\]*", "$1"),
          new Form("(?<![\\w.~-])(" + NAME + "=)[^\\s&;\"'<>,\\\\]+", "$1***"),
          new Form(
              "(\"[\\w-]*(?:token|secret|password|passwd|signature|authorization)\"\\s*:\\s*\")[^\"\\\\]+",
              "$1***"));

  private SecretForms() {}

  static String mask(String text) {
    String masked = text;
    for (Form form : FORMS) {
      masked = form.pattern().matcher(masked).replaceAll(form.shown());
    }
    return masked;
  }
}
