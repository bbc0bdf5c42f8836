package io.mirrorimages.credential;

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

  /** The user, without the secret: safe in messages. */
  @Override
  public String toString() {
    return identityToken ? "the identity token" : "user " + username;
  }
}
