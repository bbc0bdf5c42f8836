package io.mirrorimages.route;

import io.mirrorimages.image.Text;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The keys of a {@code registries.yaml} in messages. Where the indentation is wrong a password may
 * stand in the place of a key: only words that people write there, and hosts, are shown. Stateless.
 */
public final class KeyText {
  private static final Set<String> WORDS =
      Set.of(
          "mirrors",
          "mirror",
          "configs",
          "config",
          "auths",
          "auth",
          "tls",
          "endpoint",
          "endpoints",
          "rewrite",
          "rewrites",
          "username",
          "user",
          "name",
          "password",
          "passwd",
          "pass",
          "token",
          "identity_token",
          "identitytoken",
          "registrytoken",
          "registry_token",
          "email",
          "ca_file",
          "cafile",
          "ca",
          "cert_file",
          "certfile",
          "cert",
          "key_file",
          "keyfile",
          "key",
          "insecure_skip_verify",
          "insecure",
          "skip_verify",
          "headers",
          "header",
          "registry",
          "registries",
          "server",
          "override_path",
          "capabilities",
          "client",
          "system-default-registry",
          "private-registry",
          "disable-default-registry-endpoint",
          "embedded-registry",
          "localhost",
          "*");

  /** What no host is called: a number behind it is a secret, and not a port. */
  private static final Set<String> SECRETS =
      Set.of(
          "password",
          "passwd",
          "pass",
          "token",
          "identity_token",
          "identitytoken",
          "registrytoken",
          "registry_token");

  private static final Pattern HOST =
      Pattern.compile(
          "([a-z]+://)?([A-Za-z0-9-]+([.][A-Za-z0-9-]+)+|localhost|[A-Za-z0-9-]+(?=:[0-9]+))"
              + "(:[0-9]{1,5})?(/[A-Za-z0-9._/-]*)?");

  private KeyText() {}

  /** A key that is a word, in quotes, or what stands for it. */
  public static String word(String key) {
    return WORDS.contains(key.toLowerCase(Locale.ROOT)) ? Text.quote(key) : hidden(key);
  }

  /** A key that is a word or a host, in quotes, or what stands for it. */
  public static String host(String key) {
    boolean host = HOST.matcher(key).matches() && !SECRETS.contains(beforeColon(key));
    return host ? Text.quote(key) : word(key);
  }

  /**
   * A key that has no meaning there.
   *
   * @param where such as {@code in an auth}; in an auth or a tls no host is shown
   */
  public static String ignored(String key, String where) {
    return where.endsWith(" auth") || where.endsWith(" tls") ? word(key) : host(key);
  }

  /** In lower case; the key itself without a colon. */
  private static String beforeColon(String key) {
    return key.split(":", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** With what is wrong, where it can be seen. */
  private static String hidden(String key) {
    if (key.contains(":") && WORDS.contains(beforeColon(key))) {
      return "\"" + beforeColon(key) + ":...\" (a space is missing behind the colon)";
    }
    return key.strip().contains(" ")
        ? "a key with a blank (is a colon missing?)"
        : "a key that may be a password";
  }
}
