package io.mirrorimages.credential;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A login at a registry.
 *
 * @param username the name; empty for an identity token
 * @param secret a password, an access token of the registry, or the identity token
 * @param identityToken whether {@code secret} is an OAuth2 refresh token, to be exchanged and never
 *     sent as a password
 */
public record Credential(String username, String secret, boolean identityToken) {

  /** A name and a password. */
  public static Credential password(String username, String password) {
    return new Credential(username, password, false);
  }

  /**
   * The name and password of an {@code auth} as Docker and containerd write it: base64 of {@code
   * user:password}, the password padded with NUL characters in old files.
   *
   * @return empty if it is anything else; its text is a secret, so that no message shows it
   */
  public static Optional<Credential> decode(String encoded) {
    try {
      String plain =
          new String(Base64.getDecoder().decode(encoded.strip()), StandardCharsets.UTF_8);
      int colon = plain.indexOf(':');
      return colon < 0
          ? Optional.empty()
          : Optional.of(
              password(
                  plain.substring(0, colon),
                  plain.substring(colon + 1).replaceAll("^\0+|\0+$", "")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * What containerd logs in with, of all that its configuration may give; each is empty if it is
   * not given.
   *
   * @param auth base64 of {@code user:password}
   */
  public static Optional<Credential> ofContainerd(
      String username, String password, String identityToken, String auth) {
    if (!username.isEmpty()) {
      return Optional.of(password(username, password));
    }
    return identityToken.isEmpty()
        ? decode(auth)
        : Optional.of(new Credential("", identityToken, true));
  }

  /** Whether the name has a colon, which basic authentication takes for its end (RFC 7617). */
  public boolean hasColonInName() {
    return username.indexOf(':') >= 0;
  }

  /** The name as messages have it: behind a colon a password may stand by mistake. */
  public String shownName() {
    return hasColonInName() ? username.substring(0, username.indexOf(':')) + ":..." : username;
  }

  /** The user, without the secret: safe in messages. */
  @Override
  public String toString() {
    return identityToken ? "the identity token" : "user " + shownName();
  }
}
