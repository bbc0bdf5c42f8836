package io.mirrorimages.testing.harbor;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The robots that are made by the API, by Harbor's rules of their names and permissions. */
final class HarborRobots {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(?:[._-][a-z0-9]+)*");
  private static final Set<String> FIELDS =
      Set.of("name", "description", "level", "duration", "disable", "permissions");

  private final HarborFront front;
  private final Map<Integer, String> names = new HashMap<>();

  HarborRobots(HarborFront front) {
    this.front = front;
  }

  /** Makes one; its secret is shown once, here. */
  Map<String, Object> create(JsonNode asked) throws HarborError {
    asked
        .propertyNames()
        .forEach(
            field -> {
              if (!FIELDS.contains(field)) {
                front.counts().violation("POST /robots with " + field);
              }
            });
    String level = asked.path("level").asString("");
    JsonNode permissions = asked.path("permissions");
    long duration = asked.path("duration").asLong(0);
    if (!NAME.matcher(asked.path("name").asString("")).matches()
        || !Set.of("system", "project").contains(level)
        || duration < -1
        || duration == 0
        || permissions.isEmpty()) {
      throw new HarborError(400, "BAD_REQUEST", "not a robot: " + asked);
    }
    boolean ofProject = level.equals("project");
    int id = front.nextId();
    String name =
        "robot$"
            + (ofProject ? permissions.get(0).path("namespace").asString("") + "+" : "")
            + asked.path("name").asString("");
    String secret = "Secret-of-robot-" + id;
    HarborUser robot = front.user(name, secret);
    for (JsonNode permission : permissions) {
      allow(robot, permission, ofProject);
    }
    names.put(id, name);
    return Map.of("id", id, "name", name, "secret", secret, "expires_at", -1);
  }

  private void allow(HarborUser robot, JsonNode permission, boolean ofProject) throws HarborError {
    String namespace = permission.path("namespace").asString("");
    Set<String> actions = new TreeSet<>();
    for (JsonNode access : permission.path("access")) {
      String resource = access.path("resource").asString("");
      String action = access.path("action").asString("");
      if (resource.equals("project") && action.equals("create")) {
        if (!permission.path("kind").asString("").equals("system") || !namespace.equals("/")) {
          throw new HarborError(400, "BAD_REQUEST", "bad request permission: project:create");
        }
        robot.creating();
      } else if (resource.equals("repository")) {
        actions.add(action);
      } else if (Set.of("project", "quota").contains(resource) && action.equals("read")) {
        actions.add(resource + ":read");
      } else {
        front.counts().violation("POST /robots with " + access);
      }
    }
    if (ofProject && actions.contains("push")) {
      actions.add("pull");
    }
    if (!actions.isEmpty()) {
      robot.allow(namespace, actions.toArray(String[]::new));
    }
  }

  /** Whether there was one. */
  boolean remove(int id) {
    String name = names.remove(id);
    if (name != null) {
      front.removeUser(name);
    }
    return name != null;
  }
}
