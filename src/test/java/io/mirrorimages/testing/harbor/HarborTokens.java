package io.mirrorimages.testing.harbor;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.image.Json;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code /service/token}: a wrong password with a scope gets a token of lesser rights, without one
 * 401. A token has rights per project. Thread-safe.
 */
final class HarborTokens {
  private final HarborFront front;
  private final Map<String, Issued> issued = new ConcurrentHashMap<>();
  private final AtomicInteger serial = new AtomicInteger();
  private final Map<String, Integer> uses = new ConcurrentHashMap<>();
  private volatile long seconds = 1800;
  private volatile int mostUses = Integer.MAX_VALUE;
  private volatile int unripe;
  private volatile long ahead;

  HarborTokens(HarborFront front) {
    this.front = front;
  }

  /** What a token says; rights by project. */
  record Issued(Map<String, Set<String>> rights, Instant at, Instant end) {
    boolean allows(HarborProject project, String action) {
      // A token that is much older than the project was made for another one of that name.
      return !at.isBefore(project.created().minusSeconds(60))
          && rights.getOrDefault(project.name(), Set.of()).contains(action);
    }
  }

  void lasting(long value) {
    seconds = value;
  }

  void clockAhead(long value) {
    ahead = value;
  }

  void notYetValid(int times) {
    unripe = times;
  }

  void lastingUses(int most) {
    mostUses = most;
  }

  /** The token of a request, if it is one and has not run out. */
  Optional<Issued> find(String value) {
    return Optional.ofNullable(issued.get(value))
        .filter(t -> Instant.now().isBefore(t.end()))
        .filter(
            t -> {
              int use = uses.merge(value, 1, Integer::sum);
              return use > unripe && use <= mostUses;
            });
  }

  void answer(HttpExchange exchange, boolean weak) throws IOException {
    if (!exchange.getRequestMethod().equals("GET")) {
      throw new HarborError(405, "METHOD_NOT_ALLOWED", "");
    }
    List<String> scopes = new ArrayList<>();
    String service = "";
    String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
    for (String pair : query.split("&")) {
      String value =
          URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), StandardCharsets.UTF_8);
      if (pair.startsWith("scope=")) {
        scopes.addAll(List.of(value.split(" ")));
      } else if (pair.startsWith("service=")) {
        service = value;
      } else {
        front.counts().violation("token request with " + pair);
      }
    }
    if (!service.equals("harbor-registry")) {
      FaultyRegistry.respond(
          exchange,
          400,
          ("Unable to handle service: " + service).getBytes(StandardCharsets.UTF_8),
          "Content-Type: text/plain; charset=utf-8");
      return;
    }
    Optional<HarborUser> user = front.basicUser(exchange).filter(u -> !weak);
    if (scopes.isEmpty() && user.isEmpty()) {
      FaultyRegistry.respond(exchange, 401, new byte[0]);
      return;
    }
    front.counts().token();
    FaultyRegistry.respond(
        exchange, 200, token(user, scopes, weak), "Content-Type: application/json");
  }

  private byte[] token(Optional<HarborUser> user, List<String> scopes, boolean weak) {
    Map<String, Set<String>> rights = new HashMap<>();
    List<Map<String, Object>> access = new ArrayList<>();
    for (String scope : scopes) {
      String[] parts = scope.split(":");
      if (!parts[0].equals("repository") || parts.length != 3) {
        front.counts().violation("scope " + scope);
        continue;
      }
      Set<String> actions =
          front
              .existing(parts[1].replaceFirst("/.*", ""))
              .filter(project -> !weak)
              .map(
                  project ->
                      user.map(u -> u.rightsIn(project))
                          .orElse(project.isPublic() ? Set.of("pull") : Set.of()))
              .orElse(Set.of());
      rights
          .computeIfAbsent(parts[1].replaceFirst("/.*", ""), p -> new TreeSet<>())
          .addAll(actions);
      access.add(Map.of("type", "repository", "name", parts[1], "actions", new TreeSet<>(actions)));
    }
    Instant now = Instant.now();
    Map<String, Object> claims =
        Map.of(
            "iss",
            "harbor-token-issuer",
            "jti",
            Integer.toString(serial.incrementAndGet()),
            "iat",
            now.getEpochSecond() + ahead,
            "exp",
            now.getEpochSecond() + ahead + seconds,
            "access",
            access);
    String value =
        base64("{\"alg\":\"RS256\"}".getBytes(StandardCharsets.UTF_8))
            + "."
            + base64(Json.MAPPER.writeValueAsBytes(claims))
            + ".c2lnbmF0dXJl";
    issued.put(value, new Issued(rights, now, now.plusSeconds(seconds)));
    return Json.MAPPER.writeValueAsBytes(
        Map.of(
            "token",
            value,
            "access_token",
            "",
            "expires_in",
            seconds,
            "issued_at",
            now.plusSeconds(ahead).truncatedTo(ChronoUnit.SECONDS).toString()));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
