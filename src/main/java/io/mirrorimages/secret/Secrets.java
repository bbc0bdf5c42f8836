package io.mirrorimages.secret;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of texts: those that this process has used, by their value, since servers
 * repeat what they were sent; and what has the form of one. Thread-safe.
 */
public final class Secrets {
  /**
   * A password that is this word would show itself by its absence from every message, and hide the
   * keys by which other passwords are found.
   */
  private static final String THE_WORD = "password";

  private static final Pattern PARAMETER = Pattern.compile("[?&;]([^=&;]*)=([^&;]*)");

  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "(?i).*(?:sig|token|state|credential|key|secret|pass|hmac|auth|jwt|policy|verify|hash).*");

  /** No name or path of an image has this form: mixed case, or a long hexadecimal number. */
  private static final Pattern RANDOM =
      Pattern.compile("(?=.{16})(?=.*[A-Z])(?=.*[a-z0-9]).*|[0-9a-f]{32,}", Pattern.DOTALL);

  private static final int SHORTEST_PARAMETER = 8;

  private static final KnownValues KNOWN = new KnownValues();
  private static final EscapedSecrets ESCAPED = new EscapedSecrets();

  private Secrets() {}

  /** Notes a password or another secret, which may be repeated in several encodings. */
  public static void add(String secret) {
    if (secret.equals(THE_WORD)) {
      return;
    }
    ESCAPED.add(secret);
    addPlain(secret);
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    addBase64(bytes);
    String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    if (!encoded.equals(secret)) {
      addPlain(encoded);
      addPlain(encoded.replace("+", "%20"));
    }
  }

  /** Notes the value of an {@code Authorization} header that goes out. */
  public static void addAuthorization(String value) {
    if (KNOWN.has(value)) {
      return;
    }
    KNOWN.add(value);
    String credentials = value.substring(value.indexOf(' ') + 1);
    addPlain(credentials);
    if (value.regionMatches(true, 0, "Basic ", 0, 6)) {
      try {
        String pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
        int password = pair.indexOf(':') + 1;
        KNOWN.add(pair, password);
        add(pair.substring(password));
      } catch (IllegalArgumentException e) {
        // Then it is nothing that can be taken apart.
      }
    }
  }

  /**
   * Notes what a server put into an address that is followed: signatures, and states of uploads.
   *
   * @param target path and query
   */
  public static void addQuery(String target) {
    int query = target.indexOf('?');
    if (query < 0) {
      return;
    }
    Matcher parameters = PARAMETER.matcher(target.substring(query));
    while (parameters.find()) {
      String value = parameters.group(2);
      String plain = decoded(value);
      if (value.length() >= SHORTEST_PARAMETER
          && (SECRET_NAME.matcher(parameters.group(1)).matches()
              || RANDOM.matcher(plain).matches())) {
        addPlain(value);
        addPlain(plain);
      }
    }
  }

  private static void addPlain(String value) {
    KNOWN.add(value);
  }

  private static void addBase64(byte[] bytes) {
    String standard = Base64.getEncoder().withoutPadding().encodeToString(bytes);
    addPlain(standard);
    addPlain(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return value;
    }
  }

  /** {@code text} with {@code ***} for every secret in it. */
  public static String mask(String text) {
    return SecretForms.mask(ESCAPED.mask(KNOWN.mask(text)));
  }
}
