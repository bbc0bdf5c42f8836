package io.mirrorimages.testing.harbor;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.image.Json;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** {@code /api/v2.0}: ping, systeminfo, projects, quotas. */
final class HarborApi {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(?:[._-][a-z0-9]+)*");
  private static final Pattern ONE = Pattern.compile("/projects/([^/]+)(/summary)?");
  private static final Pattern ARTIFACT =
      Pattern.compile("/projects/([^/]+)/repositories/([^/]+)/artifacts/([^/]+)");
  private static final long LARGEST_QUOTA = 1024L << 40;

  private final HarborFront front;
  private final HarborAdminApi admin;

  HarborApi(HarborFront front, HarborAdminApi admin) {
    this.front = front;
    this.admin = admin;
  }

  void answer(HttpExchange exchange, String path) throws IOException {
    String method = exchange.getRequestMethod();
    Matcher one = ONE.matcher(path);
    if (method.equals("GET") && path.equals("/ping")) {
      respond(exchange, 200, "Pong", "text/plain");
    } else if (method.equals("GET") && path.equals("/systeminfo")) {
      systemInfo(exchange);
    } else if (method.equals("GET") && path.equals("/systeminfo/volumes")) {
      volumes(exchange);
    } else if (path.equals("/projects")) {
      projects(exchange, method);
    } else if (method.equals("GET") && one.matches()) {
      project(exchange, one.group(1), one.group(2) != null);
    } else if (method.equals("GET") && path.equals("/quotas")) {
      quotas(exchange);
    } else if (method.equals("GET") && ARTIFACT.matcher(path).matches()) {
      artifact(exchange, ARTIFACT.matcher(path));
    } else if (method.equals("GET") && path.equals("/users/current")) {
      currentUser(exchange);
    } else if (!admin.answers(exchange, path)) {
      front.counts().violation(method + " /api/v2.0" + path);
      throw new HarborError(404, "NOT_FOUND", "path /api/v2.0" + path + " was not found");
    }
  }

  private void systemInfo(HttpExchange exchange) throws IOException {
    Map<String, Object> info = new TreeMap<>(Map.of("auth_mode", "db_auth"));
    if (front.basicUser(exchange).isPresent()) {
      info.put("harbor_version", "v2.15.2-test");
      info.put("read_only", front.isReadOnly());
      info.put("project_creation_restriction", front.isAdminsOnly() ? "adminonly" : "everyone");
      info.put("current_time", Instant.now().toString());
    }
    json(exchange, 200, info);
  }

  private void volumes(HttpExchange exchange) throws IOException {
    Optional<HarborUser> user = front.basicUser(exchange);
    if (user.isEmpty()) {
      throw unauthorized();
    }
    if (!user.get().isAdmin()) {
      throw new HarborError(403, "FORBIDDEN", user.get().name());
    }
    // What is 0 is left out: free of a full disk, both where Harbor has no /data.
    Map<String, Long> volume = new TreeMap<>(front.volume());
    volume.values().removeIf(bytes -> bytes == 0);
    json(exchange, 200, Map.of("storage", List.of(volume)));
  }

  /** No policy keeps the API from showing an image. */
  private void artifact(HttpExchange exchange, Matcher path) throws IOException {
    path.matches();
    HarborUser user = front.basicUser(exchange).orElseThrow(HarborApi::unauthorized);
    Optional<HarborProject> project = front.existing(path.group(1));
    if (project.isEmpty()
        || !user.sees(project.get(), "artifact")
        || !user.rightsIn(project.get()).contains("pull")) {
      throw new HarborError(403, "FORBIDDEN", "forbidden");
    }
    String repository =
        path.group(1)
            + "/"
            + URLDecoder.decode(
                URLDecoder.decode(path.group(2), StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    String reference = URLDecoder.decode(path.group(3), StandardCharsets.UTF_8);
    Optional<String> digest = front.digest(repository, reference);
    if (digest.isEmpty()) {
      throw new HarborError(
          404, "NOT_FOUND", "artifact " + repository + ":" + reference + " not found");
    }
    Map<String, Object> shown = new TreeMap<>(Map.of("digest", digest.get(), "type", "IMAGE"));
    Map<String, String> query = query(exchange);
    if (query.equals(Map.of("with_tag", "true", "with_immutable_status", "true"))) {
      shown.put(
          "tags", List.of(Map.of("name", reference, "immutable", project.get().isImmutable())));
    } else if (!query.isEmpty()) {
      front.counts().violation("GET of an artifact with " + query);
    }
    json(exchange, 200, shown);
  }

  private void currentUser(HttpExchange exchange) throws IOException {
    HarborUser user = front.basicUser(exchange).orElseThrow(HarborApi::unauthorized);
    if (user.isRobot()) {
      throw new HarborError(
          412, "PRECONDITION", "get current user not available for security context: robot");
    }
    json(exchange, 200, Map.of("username", user.name(), "sysadmin_flag", user.isAdmin()));
  }

  private void projects(HttpExchange exchange, String method) throws IOException {
    Map<String, String> query = query(exchange);
    Optional<HarborUser> user = front.basicUser(exchange);
    switch (method) {
      case "HEAD" -> {
        if (user.isEmpty() || user.get().hasCliSecret()) {
          throw unauthorized();
        }
        if (!query.keySet().equals(Set.of("project_name"))) {
          front.counts().violation("HEAD /projects with " + query);
        }
        boolean there = front.existing(query.getOrDefault("project_name", "")).isPresent();
        FaultyRegistry.respond(exchange, there ? 200 : 404, new byte[0]);
      }
      case "GET" -> list(exchange, user, query);
      case "POST" -> create(exchange, user);
      default -> throw new HarborError(405, "METHOD_NOT_ALLOWED", "");
    }
  }

  private void list(HttpExchange exchange, Optional<HarborUser> user, Map<String, String> query)
      throws IOException {
    if (!Set.of("name", "page", "page_size").containsAll(query.keySet())) {
      front.counts().violation("GET /projects with " + query);
    }
    int size = Integer.parseInt(query.getOrDefault("page_size", "10"));
    int page = Integer.parseInt(query.getOrDefault("page", "1"));
    if (size > 100) {
      throw new HarborError(422, "UNPROCESSABLE_ENTITY", "page_size should be <= 100");
    }
    List<HarborProject> all =
        front.allProjects().stream()
            .filter(p -> p.name().contains(query.getOrDefault("name", "")))
            .filter(p -> p.isPublic() || user.map(u -> !u.rightsIn(p).isEmpty()).orElse(false))
            .toList();
    exchange.getResponseHeaders().add("X-Total-Count", Integer.toString(all.size()));
    json(
        exchange,
        200,
        all.stream().skip((long) (page - 1) * size).limit(size).map(HarborApi::view).toList());
  }

  private void create(HttpExchange exchange, Optional<HarborUser> user) throws IOException {
    JsonNode body = Json.parse(exchange.getRequestBody().readAllBytes(), "the project");
    body.propertyNames()
        .forEach(
            name -> {
              if (!Set.of("project_name", "metadata", "storage_limit", "registry_id")
                  .contains(name)) {
                front.counts().violation("POST /projects with " + name);
              }
            });
    JsonNode open = body.path("metadata").path("public");
    if (!open.isString() || !Set.of("true", "false").contains(open.asString())) {
      front.counts().violation("POST /projects with public " + open);
    }
    if (user.isEmpty()) {
      throw unauthorized();
    }
    if (!user.get().mayCreate(front.isAdminsOnly())) {
      throw new HarborError(
          403,
          "FORBIDDEN",
          user.get().isOfProject()
              ? "Only system level robot can create project"
              : "Only system admin can create project");
    }
    if (front.isReadOnly()) {
      throw HarborContent.readOnly();
    }
    String name = body.path("project_name").asString("");
    if (name.length() > 255) {
      throw new HarborError(422, "UNPROCESSABLE_ENTITY", "project_name should be at most 255");
    }
    if (!NAME.matcher(name).matches()) {
      throw new HarborError(
          400, "BAD_REQUEST", "project name is not in lower case or contains illegal characters");
    }
    long limit = body.path("storage_limit").asLong(0);
    if (user.get().isAdmin() && (limit < -1 || limit > LARGEST_QUOTA)) {
      throw new HarborError(400, "BAD_REQUEST", "invalid storage_limit");
    }
    int registry = body.path("registry_id").asInt(0);
    if (registry != 0 && !(user.get().isAdmin() && admin.mayCache(registry))) {
      throw new HarborError(400, "BAD_REQUEST", "no registry for a proxy cache: " + registry);
    }
    Optional<HarborProject> project = front.create(name, open.asString().equals("true"));
    if (project.isEmpty()) {
      throw new HarborError(409, "CONFLICT", "The project named " + name + " already exists");
    }
    if (user.get().isAdmin() && limit > 0) {
      project.get().quota(limit);
    }
    if (registry != 0) {
      project.get().proxyCache();
    }
    // Of what a robot makes the first administrator becomes the project's.
    if (!user.get().isRobot()) {
      user.get().allow(name, "pull", "push", "delete");
    }
    FaultyRegistry.respond(
        exchange, 201, new byte[0], "Location: /api/v2.0/projects/" + project.get().id());
  }

  private void project(HttpExchange exchange, String name, boolean summary) throws IOException {
    Optional<HarborUser> user = front.basicUser(exchange);
    Optional<HarborProject> project = front.existing(name);
    if (!"true".equals(exchange.getRequestHeaders().getFirst("X-Is-Resource-Name"))) {
      front.counts().violation("GET of project " + name + ", which may be a number");
    }
    if (user.isEmpty() || user.get().hasCliSecret()) {
      throw unauthorized();
    }
    if (project.isEmpty()
        || user.get().rightsIn(project.get()).isEmpty()
        || !user.get().sees(project.get(), "project")) {
      throw user.get().isAdmin()
          ? new HarborError(404, "NOT_FOUND", "project " + name + " not found")
          : new HarborError(403, "FORBIDDEN", "forbidden");
    }
    json(
        exchange,
        200,
        !summary
            ? view(project.get())
            : user.get().sees(project.get(), "quota")
                ? Map.of(
                    "repo_count",
                    0,
                    "quota",
                    Map.of(
                        "hard", Map.of("storage", project.get().quota()),
                        "used", Map.of("storage", project.get().used())))
                : Map.of("repo_count", 0));
  }

  private void quotas(HttpExchange exchange) throws IOException {
    Map<String, String> query = query(exchange);
    if (front.basicUser(exchange).filter(HarborUser::isAdmin).isEmpty()) {
      throw new HarborError(403, "FORBIDDEN", "forbidden");
    }
    json(
        exchange,
        200,
        front.allProjects().stream()
            .filter(p -> Integer.toString(p.id()).equals(query.get("reference_id")))
            .map(
                p ->
                    Map.of(
                        "id", p.id(),
                        "hard", Map.of("storage", p.quota()),
                        "used", Map.of("storage", p.used())))
            .toList());
  }

  private static Map<String, Object> view(HarborProject project) {
    Map<String, Object> view = new TreeMap<>();
    view.put("project_id", project.id());
    view.put("name", project.name());
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("public", Boolean.toString(project.isPublic()));
    metadata.put("enable_content_trust_cosign", Boolean.toString(project.wantsSignatures()));
    metadata.put("prevent_vul", Boolean.toString(project.preventsPulls()));
    if (project.retains()) {
      metadata.put("retention_id", "1");
    }
    view.put("metadata", metadata);
    if (project.isProxyCache()) {
      view.put("registry_id", 1);
    }
    return view;
  }

  private static HarborError unauthorized() {
    return new HarborError(401, "UNAUTHORIZED", "unauthorized");
  }

  static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new TreeMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    for (String pair : raw == null ? new String[0] : raw.split("&")) {
      int equals = pair.indexOf('=');
      query.put(
          pair.substring(0, equals),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return query;
  }

  static void json(HttpExchange exchange, int status, Object value) throws IOException {
    respond(exchange, status, Json.MAPPER.writeValueAsString(value), "application/json");
  }

  private static void respond(HttpExchange exchange, int status, String body, String type)
      throws IOException {
    FaultyRegistry.respond(
        exchange, status, body.getBytes(StandardCharsets.UTF_8), "Content-Type: " + type);
  }
}
