package io.mirrorimages.nodes.check;

import io.mirrorimages.credential.Credential;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells a password that stands in instructions from one of a user. */
public final class Placeholder {
  private static final Pattern MARKED =
      Pattern.compile(
          "<.*>|\\$\\{.*}|\\$[A-Z_]{3,}|\\{\\{.*}}|%[A-Z_]+%|REPLACE-WITH-.*|[*]+|[.]{3,}|[xX]{3,}"
              + "|(?i:(your|my)[-_ ]?(password|passwd|token|secret)|change-?me)");
  private static final Set<String> WORDS = Set.of("password", "passwd", "token", "secret");
  private static final Set<String> USERS = Set.of("user", "username", "name", "login");

  private Placeholder() {}

  /**
   * Whether nobody has put the real one in: it is marked as a placeholder, or it is a word as
   * {@code password} and the user is one too.
   */
  public static boolean isIn(Credential credential) {
    return MARKED.matcher(credential.secret()).matches()
        || (WORDS.contains(credential.secret())
            && (credential.identityToken() || USERS.contains(credential.username())));
  }
}
