package io.mirrorimages.registry.auth;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * What a token says of itself, if it is of the kind that the token specification of distribution
 * describes (a JWT with {@code access}). Its signature is the registry's business: this is good for
 * a message, and never for a decision about what is allowed.
 */
public final class TokenClaims {
  private TokenClaims() {}

  /**
   * The actions that a token allows in a repository, which may be none; empty if it does not tell.
   */
  public static Optional<Set<String>> actions(String token, String repository) {
    return actions(token, repository::equals);
  }

  /** The same of all repositories whose names are wanted. */
  static Optional<Set<String>> actions(String token, Predicate<String> repositories) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    JsonNode access;
    try {
      String payload = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
      access = Json.parse(payload.getBytes(StandardCharsets.UTF_8), "the token").path("access");
    } catch (IllegalArgumentException | InvalidContentException e) {
      return Optional.empty();
    }
    if (!access.isArray()) {
      return Optional.empty();
    }
    Set<String> actions = new TreeSet<>();
    for (JsonNode entry : access) {
      if (entry.path("type").asString("").equals("repository")
          && repositories.test(entry.path("name").asString(""))) {
        entry.path("actions").forEach(action -> actions.add(action.asString("")));
      }
    }
    return Optional.of(actions);
  }
}
