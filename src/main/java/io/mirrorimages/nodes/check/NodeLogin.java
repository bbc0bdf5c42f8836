package io.mirrorimages.nodes.check;

import io.mirrorimages.credential.Credential;
import java.util.Optional;

/**
 * The login of an attempt.
 *
 * @param credential empty for none
 * @param source where it stands, such as a file and line; empty for none
 */
public record NodeLogin(Optional<Credential> credential, String source) {
  /** Nobody. */
  public static final NodeLogin ANONYMOUS = new NodeLogin(Optional.empty(), "");

  /** What is wrong with a file whose password was not put in; no word of it may be a password. */
  public static final String PLACEHOLDER =
      "the credentials are still a placeholder: put in those of the user";

  /**
   * Why a node can't log in with it as it is written, in words without any part of it.
   *
   * @return empty if nothing is odd
   */
  public static Optional<String> complaint(Credential credential) {
    if (Placeholder.isIn(credential)) {
      return Optional.of(PLACEHOLDER);
    }
    return credential.hasColonInName()
        ? Optional.of(
            "the name of the user has a colon, where the password begins for a server: write what"
                + " stands behind the colon as the password")
        : Optional.empty();
  }

  /** Its kind: {@code anonymous}, {@code password} or {@code identity-token}. */
  public String kind() {
    return credential
        .map(known -> known.identityToken() ? "identity-token" : "password")
        .orElse("anonymous");
  }

  /** The user's name; empty for the anonymous and for tokens. */
  public String user() {
    return credential.map(Credential::shownName).orElse("");
  }

  /** The kind and the user, without the secret: safe in messages. */
  @Override
  public String toString() {
    return credential.map(Credential::toString).orElse("anonymous");
  }
}
