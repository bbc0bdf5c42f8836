package io.mirrorimages.testing.harbor;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Who may do what below {@code /v2/}, and how Harbor says that somebody may not. */
final class HarborGuard {
  private final HarborFront front;

  HarborGuard(HarborFront front) {
    this.front = front;
  }

  void ping(HttpExchange exchange) throws IOException {
    Optional<String> header = authorization(exchange);
    boolean known = front.basicUser(exchange).isPresent() || token(header).isPresent();
    if (known) {
      FaultyRegistry.respond(exchange, 200, "{}".getBytes(StandardCharsets.UTF_8));
      return;
    }
    throw new HarborError(
        401,
        "UNAUTHORIZED",
        "unauthorized: unauthorized",
        "Www-Authenticate: "
            + (header.isPresent() ? "Basic realm=\"harbor\"" : bearer(exchange, "")));
  }

  /** Harbor says 401 to a missing project, a missing right and a bad credential alike. */
  HarborProject authorise(
      HttpExchange exchange, String repository, String name, boolean reads, String method)
      throws HarborError {
    Optional<String> header = authorization(exchange);
    Optional<HarborProject> project = front.existing(name);
    if (header.isEmpty() && (reads || project.isPresent())) {
      String scope = "repository:" + repository + (reads ? ":pull" : ":pull,push");
      throw new HarborError(
          401,
          "UNAUTHORIZED",
          reads ? twice("authorize header needed to send HEAD to repository") : noPush(repository),
          "Www-Authenticate: " + bearer(exchange, ",scope=\"" + scope + mounted(exchange) + "\""));
    }
    if (project.isEmpty()) {
      String message = "project " + name + " not found";
      throw new HarborError(401, "UNAUTHORIZED", message + ": " + message, "Www-Authenticate: ");
    }
    String action = reads ? "pull" : method.equals("DELETE") ? "delete" : "push";
    boolean allowed =
        token(header).map(t -> t.allows(project.get(), action)).orElse(false)
            || front
                .basicUser(exchange)
                .map(u -> u.rightsIn(project.get()).contains(action))
                .orElse(false);
    if (!allowed) {
      String message = "unauthorized to access repository: " + repository + ", action: " + action;
      throw new HarborError(
          401,
          "UNAUTHORIZED",
          message + ": " + message,
          "Www-Authenticate: Basic realm=\"harbor\"");
    }
    return project.get();
  }

  private static String twice(String message) {
    return message + ": " + message;
  }

  private static String noPush(String repository) {
    return twice("unauthorized to access repository: " + repository + ", action: push");
  }

  private static String mounted(HttpExchange exchange) {
    String from = HarborApi.query(exchange).get("from");
    return from == null ? "" : " repository:" + from + ":pull";
  }

  void checkMount(HttpExchange exchange) throws HarborError {
    String from = HarborApi.query(exchange).get("from");
    if (from == null) {
      return;
    }
    if (from.indexOf('/') < 0) {
      throw new HarborError(400, "BAD_REQUEST", "invalid repository name: " + from);
    }
    String name = from.substring(0, from.indexOf('/'));
    Optional<HarborProject> project = front.existing(name);
    if (project.isEmpty()) {
      // The text names the target.
      String target = exchange.getRequestURI().getPath().replaceFirst("/v2/(.*)/blobs/.*", "$1");
      throw new HarborError(
          401, "UNAUTHORIZED", noPush(target), "Www-Authenticate: Basic realm=\"harbor\"");
    }
    boolean allowed =
        token(authorization(exchange)).map(t -> t.allows(project.get(), "pull")).orElse(true);
    if (!allowed) {
      throw new HarborError(
          401,
          "UNAUTHORIZED",
          "unauthorized to access repository: " + from + ", action: pull",
          "Www-Authenticate: Basic realm=\"harbor\"");
    }
  }

  private static Optional<String> authorization(HttpExchange exchange) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"));
  }

  private Optional<HarborTokens.Issued> token(Optional<String> header) {
    return header
        .filter(value -> value.startsWith("Bearer "))
        .flatMap(value -> front.tokens().find(value.substring(7)));
  }

  private String bearer(HttpExchange exchange, String scope) {
    List<String> host = exchange.getRequestHeaders().get("Host");
    return "Bearer realm=\"http://%s/service/token\",service=\"harbor-registry\"%s"
        .formatted(host.getFirst(), scope);
  }
}
