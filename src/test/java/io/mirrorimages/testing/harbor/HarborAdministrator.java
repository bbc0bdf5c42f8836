package io.mirrorimages.testing.harbor;

import io.mirrorimages.testing.harbor.HarborCalls.Reply;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;

/**
 * Brings situations about at a Harbor by its API (2.x) alone, and clears all of it away when it is
 * closed: it touches nothing that it, or a test in its name, has not made. Used by one thread.
 */
public final class HarborAdministrator implements AutoCloseable {
  private static final String API = "/api/v2.0";

  private final HarborServer server;
  private final HarborCalls calls;
  private final String prefix =
      "mirror-images-test-"
          + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40, 1L << 41), 36);
  private final Deque<Undoing> undone = new ArrayDeque<>();

  /** Takes something back. */
  private interface Undoing {
    void run() throws IOException;
  }

  /** A robot: its full name, and its secret. */
  public record Robot(int id, String name, String secret) {}

  /**
   * The administrator of {@code server}.
   *
   * @throws AssertionError if the user is none
   */
  public HarborAdministrator(HarborServer server) throws IOException {
    this.server = server;
    this.calls = new HarborCalls(server);
    // Only administrators see the quotas of all.
    Reply reply = calls.call("GET", API + "/quotas?reference=project&reference_id=0");
    if (reply.status() == 401 || reply.status() == 403) {
      throw new AssertionError(server + " is no administrator: " + reply.status());
    }
  }

  /** A name that nobody else has, for a project that a test, or the tool, may make. */
  public String projectName(String what) {
    String name = prefix + "-" + what;
    removeProjectAtTheEnd(name);
    return name;
  }

  /** Clears a project away at the end, if it is there then. */
  public void removeProjectAtTheEnd(String name) {
    undone.push(() -> removeProject(name));
  }

  /** A new private project. */
  public String project(String what) throws IOException {
    return project(what, -1);
  }

  /** A new private project with room for so many bytes, -1 for any. */
  public String project(String what, long quota) throws IOException {
    String name = projectName(what);
    went(
        calls.call(
            "POST",
            API + "/projects",
            Map.of(
                "project_name",
                name,
                "metadata",
                Map.of("public", "false"),
                "storage_limit",
                quota)),
        "POST project " + name);
    return name;
  }

  /** A project that caches a registry; empty if this Harbor can't have one, for example alone. */
  public Optional<String> proxyCache(String what) throws IOException {
    try {
      return proxyCacheOfItself(what);
    } catch (SocketTimeoutException e) {
      // It looks for itself where it does not hear itself.
      return Optional.empty();
    }
  }

  private Optional<String> proxyCacheOfItself(String what) throws IOException {
    Reply registry =
        calls.call(
            "POST",
            API + "/registries",
            Map.of(
                "name",
                prefix + "-" + what,
                "type",
                "harbor",
                "url",
                server.url().toString(),
                "insecure",
                true));
    if (!registry.went()) {
      return Optional.empty();
    }
    undone.push(
        () -> went(calls.call("DELETE", API + "/registries/" + registry.id()), "DELETE registry"));
    String name = projectName(what);
    Map<String, Object> body = new TreeMap<>();
    body.put("project_name", name);
    body.put("metadata", Map.of("public", "false"));
    body.put("registry_id", registry.id());
    return calls.call("POST", API + "/projects", body).went()
        ? Optional.of(name)
        : Optional.empty();
  }

  /** Whether there is such a project. */
  public boolean hasProject(String name) throws IOException {
    return calls.call("HEAD", API + "/projects?project_name=" + encoded(name)).status() == 200;
  }

  /** Whether anyone may pull from a project. */
  public boolean isPublic(String name) throws IOException {
    JsonNode metadata =
        went(calls.call("GET", API + "/projects/" + encoded(name)), name).json().path("metadata");
    return metadata.path("public").asString("").equals("true");
  }

  /** Bytes that a project may have, -1 for any. */
  public long quota(String name) throws IOException {
    return summary(name).path("hard").path("storage").asLong();
  }

  /** Bytes that count against its quota. */
  public long used(String name) throws IOException {
    return summary(name).path("used").path("storage").asLong();
  }

  private JsonNode summary(String name) throws IOException {
    String target = API + "/projects/" + encoded(name) + "/summary";
    return went(calls.call("GET", target), target).json().path("quota");
  }

  /** Gives a project another quota. */
  public void setQuota(String name, long bytes) throws IOException {
    JsonNode project =
        went(calls.call("GET", API + "/projects/" + encoded(name)), "GET " + name).json();
    String of = "?reference=project&reference_id=" + project.path("project_id").asInt();
    JsonNode quota = went(calls.call("GET", API + "/quotas" + of), "GET quotas" + of).json().get(0);
    went(
        calls.call(
            "PUT",
            API + "/quotas/" + quota.path("id").asInt(),
            Map.of("hard", Map.of("storage", bytes))),
        "PUT quota of " + name);
  }

  /** The digests of what names a manifest as its subject. */
  public List<String> referrers(String repository, String digest) throws IOException {
    String target = "/v2/" + repository + "/referrers/" + digest;
    List<String> digests = new ArrayList<>();
    went(calls.call("GET", target), target)
        .json()
        .path("manifests")
        .forEach(referrer -> digests.add(referrer.path("digest").asString()));
    return digests;
  }

  /** Makes all tags of a project immutable. */
  public void makeImmutable(String project) throws IOException {
    went(
        calls.call(
            "POST",
            rulesOf(project),
            Map.of(
                "disabled",
                false,
                "action",
                "immutable",
                "template",
                "immutable_template",
                "tag_selectors",
                List.of(selector("matches")),
                "scope_selectors",
                Map.of("repository", List.of(selector("repoMatches"))))),
        "POST a rule of " + project);
  }

  private static Map<String, Object> selector(String decoration) {
    return Map.of("kind", "doublestar", "decoration", decoration, "pattern", "**");
  }

  /** A robot with these rights in repositories (pull, push) of one project. */
  public Robot robotOf(String project, String... actions) throws IOException {
    return robot("project", List.of(permission("project", project, "repository", actions)));
  }

  /** A robot of the system that creates projects, and pulls from and pushes to any. */
  public Robot robotThatCreatesProjects() throws IOException {
    return robot(
        "system",
        List.of(
            permission("project", "*", "repository", "pull", "push"),
            permission("system", "/", "project", "create")));
  }

  /** A robot of the system with rights in two projects. */
  public Robot robotOf(
      String one, List<String> actionsThere, String other, List<String> actionsHere)
      throws IOException {
    return robot(
        "system",
        List.of(
            permission("project", one, "repository", actionsThere.toArray(String[]::new)),
            permission("project", other, "repository", actionsHere.toArray(String[]::new))));
  }

  private Robot robot(String level, List<?> permissions) throws IOException {
    JsonNode made =
        went(
                calls.call(
                    "POST",
                    API + "/robots",
                    Map.of(
                        "name",
                        prefix + "-" + undone.size(),
                        "level",
                        level,
                        "duration",
                        1,
                        "permissions",
                        permissions)),
                "POST a robot of the " + level)
            .json();
    Robot robot =
        new Robot(
            made.path("id").asInt(), made.path("name").asString(), made.path("secret").asString());
    undone.push(() -> remove(robot));
    return robot;
  }

  /** Ends a robot; nothing if that was done before. */
  public void remove(Robot robot) throws IOException {
    Reply reply = calls.call("DELETE", API + "/robots/" + robot.id());
    if (reply.status() != 404) {
      went(reply, "DELETE robot " + robot.name());
    }
  }

  private static Map<String, Object> permission(
      String kind, String namespace, String resource, String... actions) {
    return Map.of(
        "kind",
        kind,
        "namespace",
        namespace,
        "access",
        List.of(actions).stream()
            .map(action -> Map.of("resource", resource, "action", action))
            .toList());
  }

  /** Lets nothing be changed, in all of this Harbor, until it is closed. */
  public void readOnly() throws IOException {
    undone.push(() -> readOnly(false));
    readOnly(true);
  }

  /** The same, or the end of it. */
  public void readOnly(boolean on) throws IOException {
    went(calls.call("PUT", API + "/configurations", Map.of("read_only", on)), "PUT read_only");
  }

  /** Whether nothing can be changed. */
  public boolean isReadOnly() throws IOException {
    Reply info = went(calls.call("GET", API + "/systeminfo"), "GET systeminfo");
    return info.json().path("read_only").asBoolean(false);
  }

  /** A project cannot be deleted with its repositories, nor those with tags that are immutable. */
  private void removeProject(String name) throws IOException {
    if (!hasProject(name)) {
      return;
    }
    for (JsonNode rule : went(calls.call("GET", rulesOf(name)), "GET rules").json()) {
      went(
          calls.call("DELETE", rulesOf(name) + "/" + rule.path("id").asInt()),
          "DELETE a rule of " + name);
    }
    String repositories = API + "/projects/" + encoded(name) + "/repositories";
    String list = repositories + "?page=1&page_size=100";
    for (JsonNode repository : went(calls.call("GET", list), list).json()) {
      String path = repository.path("name").asString().substring(name.length() + 1);
      // Twice, or the slashes of its name would be those of the path.
      String target = repositories + "/" + encoded(encoded(path));
      went(calls.call("DELETE", target), "DELETE " + target);
    }
    went(calls.call("DELETE", API + "/projects/" + encoded(name)), "DELETE " + name);
  }

  private static String rulesOf(String project) {
    return API + "/projects/" + encoded(project) + "/immutabletagrules";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Reply went(Reply reply, String what) {
    if (!reply.went()) {
      throw new AssertionError(what + ": " + reply.status() + " " + reply.body());
    }
    return reply;
  }

  /** Clears away all that was made, last things first; what fails does not keep the rest. */
  @Override
  public void close() {
    AssertionError failure = null;
    while (!undone.isEmpty()) {
      try {
        undone.pop().run();
      } catch (IOException | AssertionError e) {
        AssertionError left = new AssertionError("left at " + server.name() + ": " + prefix, e);
        if (failure == null) {
          failure = left;
        } else {
          failure.addSuppressed(left);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
