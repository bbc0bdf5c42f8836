package io.mirrorimages.testing.harbor;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.image.Json;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What of {@code /api/v2.0} only an administrator uses, who sets a Harbor up and clears it again:
 * quotas, robots, registries, rules that make tags immutable, the deletion of repositories and
 * projects, and read-only mode.
 */
final class HarborAdminApi {
  private static final Pattern QUOTA = Pattern.compile("PUT /quotas/([0-9]+)");
  private static final Pattern ROBOT = Pattern.compile("DELETE /robots/([0-9]+)");
  private static final Pattern REGISTRY = Pattern.compile("DELETE /registries/([0-9]+)");
  private static final Pattern PROJECT = Pattern.compile("DELETE /projects/([^/]+)");
  private static final Pattern RULES =
      Pattern.compile("(GET|POST|DELETE) /projects/([^/]+)/immutabletagrules(?:/([0-9]+))?");
  private static final Pattern REPOSITORIES =
      Pattern.compile("(GET|DELETE) /projects/([^/]+)/repositories(?:/([^/]+))?");
  private static final Set<String> CACHEABLE =
      Set.of(
          "docker-hub",
          "harbor",
          "azure-acr",
          "ali-acr",
          "aws-ecr",
          "google-gcr",
          "docker-registry",
          "github-ghcr",
          "jfrog-artifactory");

  private final HarborFront front;
  private final HarborRobots robots;
  private final Map<Integer, String> registries = new TreeMap<>();

  HarborAdminApi(HarborFront front) {
    this.front = front;
    this.robots = new HarborRobots(front);
  }

  /** Answers if it is one of these requests. */
  synchronized boolean answers(HttpExchange exchange, String path) throws IOException {
    String line = exchange.getRequestMethod() + " " + path;
    Matcher quota = QUOTA.matcher(line);
    Matcher robot = ROBOT.matcher(line);
    Matcher registry = REGISTRY.matcher(line);
    Matcher project = PROJECT.matcher(line);
    Matcher rules = RULES.matcher(line);
    Matcher repositories = REPOSITORIES.matcher(line);
    if (quota.matches()) {
      setQuota(exchange, Integer.parseInt(quota.group(1)));
    } else if (line.equals("POST /robots")) {
      checkAdmin(exchange);
      HarborApi.json(exchange, 201, robots.create(body(exchange)));
    } else if (robot.matches()) {
      checkAdmin(exchange);
      done(exchange, robots.remove(Integer.parseInt(robot.group(1))));
    } else if (line.equals("POST /registries")) {
      addRegistry(exchange);
    } else if (registry.matches()) {
      checkAdmin(exchange);
      done(exchange, registries.remove(Integer.parseInt(registry.group(1))) != null);
    } else if (project.matches()) {
      delete(exchange, named(exchange, project.group(1)));
    } else if (rules.matches()) {
      rule(exchange, rules.group(1), named(exchange, rules.group(2)), rules.group(3));
    } else if (repositories.matches()) {
      repository(exchange, named(exchange, repositories.group(2)), repositories.group(3));
    } else if (line.equals("PUT /configurations")) {
      checkAdmin(exchange);
      JsonNode body = body(exchange, "read_only");
      front.readOnly(body.path("read_only").asBoolean());
      done(exchange, true);
    } else {
      return false;
    }
    return true;
  }

  /** Whether a project may be a cache of this registry. */
  synchronized boolean mayCache(int registry) {
    return CACHEABLE.contains(registries.getOrDefault(registry, ""));
  }

  private void setQuota(HttpExchange exchange, int id) throws IOException {
    checkAdmin(exchange);
    JsonNode storage = body(exchange, "hard").path("hard").path("storage");
    List<HarborProject> found = front.allProjects().stream().filter(p -> p.id() == id).toList();
    if (!storage.isIntegralNumber() || storage.asLong() == 0 || storage.asLong() < -1) {
      throw new HarborError(422, "UNPROCESSABLE_ENTITY", "invalid hard limit");
    }
    found.forEach(project -> project.quota(storage.asLong()));
    done(exchange, !found.isEmpty());
  }

  private void addRegistry(HttpExchange exchange) throws IOException {
    checkAdmin(exchange);
    JsonNode body = body(exchange, "name", "type", "url", "insecure", "credential");
    int id = front.nextId();
    registries.put(id, body.path("type").asString(""));
    FaultyRegistry.respond(exchange, 201, new byte[0], "Location: /api/v2.0/registries/" + id);
  }

  private void delete(HttpExchange exchange, HarborProject project) throws IOException {
    if (!project.repositories().isEmpty()) {
      throw new HarborError(
          412,
          "PRECONDITION",
          "the project " + project.name() + " contains repositories, can not be deleted");
    }
    front.delete(project);
    done(exchange, true);
  }

  private void rule(HttpExchange exchange, String method, HarborProject project, String id)
      throws IOException {
    switch (method) {
      case "GET" ->
          HarborApi.json(
              exchange, 200, project.rules().stream().map(rule -> Map.of("id", rule)).toList());
      case "POST" -> {
        JsonNode body =
            body(exchange, "disabled", "action", "template", "tag_selectors", "scope_selectors");
        if (!body.path("action").asString("").equals("immutable")
            || !body.path("scope_selectors").path("repository").isArray()) {
          throw new HarborError(422, "UNPROCESSABLE_ENTITY", "not a rule: " + body);
        }
        int rule = front.nextId();
        project.addRule(rule);
        FaultyRegistry.respond(
            exchange,
            201,
            new byte[0],
            "Location: /api/v2.0/projects/" + project.name() + "/immutabletagrules/" + rule);
      }
      default -> done(exchange, project.removeRule(Integer.parseInt(id)));
    }
  }

  private void repository(HttpExchange exchange, HarborProject project, String name)
      throws IOException {
    if (name == null) {
      HarborApi.json(
          exchange,
          200,
          project.repositories().stream()
              .map(repository -> Map.of("name", project.name() + "/" + repository))
              .toList());
      return;
    }
    // Its slashes are encoded twice; once encoded they would be those of the path.
    String repository = decoded(decoded(name));
    if (!exchange.getRequestMethod().equals("DELETE")) {
      front.counts().violation("GET of repository " + name);
    }
    if (project.isImmutable()) {
      throw new HarborError(
          412,
          "PRECONDITION",
          "Failed to process request due to '" + repository + "' configured as immutable.");
    }
    done(exchange, project.removeRepository(repository));
  }

  /** The project of a path, for an administrator. */
  private HarborProject named(HttpExchange exchange, String name) throws HarborError {
    checkAdmin(exchange);
    if (!"true".equals(exchange.getRequestHeaders().getFirst("X-Is-Resource-Name"))) {
      front.counts().violation("project " + name + ", which may be a number");
    }
    return front
        .existing(decoded(name))
        .orElseThrow(() -> new HarborError(404, "NOT_FOUND", "project " + name + " not found"));
  }

  private void checkAdmin(HttpExchange exchange) throws HarborError {
    HarborUser user =
        front
            .basicUser(exchange)
            .orElseThrow(() -> new HarborError(401, "UNAUTHORIZED", "unauthorized"));
    if (!user.isAdmin()) {
      throw new HarborError(403, "FORBIDDEN", "forbidden");
    }
  }

  /** A body that has these fields, and no other. */
  private JsonNode body(HttpExchange exchange, String... fields) throws IOException {
    JsonNode body = body(exchange);
    body.propertyNames()
        .forEach(
            name -> {
              if (!Set.of(fields).contains(name)) {
                front.counts().violation(exchange.getRequestURI() + " with " + name);
              }
            });
    return body;
  }

  private static JsonNode body(HttpExchange exchange) throws IOException {
    return Json.parse(exchange.getRequestBody().readAllBytes(), "the request");
  }

  private static void done(HttpExchange exchange, boolean found) throws IOException {
    if (!found) {
      throw new HarborError(404, "NOT_FOUND", "not found");
    }
    FaultyRegistry.respond(exchange, 200, new byte[0]);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
