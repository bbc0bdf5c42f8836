package io.mirrorimages.nodes.check;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.nodes.NodeSetup;
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

  /** What is wrong with a file whose password was not put in. */
  public static final String PLACEHOLDER =
      "the password is still a placeholder (as "
          + NodeSetup.PASSWORD
          + "): put the user's password in its place";

  /** Its kind: {@code anonymous}, {@code password} or {@code identity-token}. */
  public String kind() {
    return credential
        .map(known -> known.identityToken() ? "identity-token" : "password")
        .orElse("anonymous");
  }

  /** The user's name; empty for the anonymous and for tokens. */
  public String user() {
    return credential.map(Credential::username).orElse("");
  }

  /** The kind and the user, without the secret: safe in messages. */
  @Override
  public String toString() {
    return credential.map(Credential::toString).orElse("anonymous");
  }
}
