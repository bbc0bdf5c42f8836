package io.mirrorimages.harbor;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Reason;
import io.mirrorimages.registry.client.RegistryApi;
import io.mirrorimages.registry.client.RegistryApi.Reply;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The projects of Harbor's API, one request or a few for each method. */
final class Projects {
  /** The most that Harbor lists at once. */
  private static final int PAGE = 100;

  private static final int MOST_PAGES = 1000;

  /** Without it a name of digits is taken for the number of a project. */
  private static final Map<String, String> BY_NAME = Map.of("X-Is-Resource-Name", "true");

  private final RegistryApi api;
  private final String base;

  Projects(RegistryApi api, String base) {
    this.api = api;
    this.base = base;
  }

  /** Whether a project is there, as far as the user can see. */
  boolean exists(String name) throws IOException {
    Reply reply = api.head(base + "/projects?project_name=" + encode(name));
    return switch (reply.status()) {
      case 200 -> true;
      case 404 -> false;
      // The secrets of OIDC users open the list, and not this.
      case 401, 403 -> isListed(name);
      default -> throw unexpected(reply, "whether project " + name + " exists");
    };
  }

  /** Whether a project is filled from another registry only, as far as the user may know. */
  boolean isProxyCache(String name) throws IOException {
    Reply reply = api.get(base + "/projects/" + encode(name), BY_NAME);
    return reply.status() == 200 && tree(reply, "the project").path("registry_id").asLong(0) > 0;
  }

  /** How Harbor is set. */
  Settings settings() throws IOException {
    Reply reply = api.get(base + "/systeminfo");
    if (reply.status() != 200) {
      return Settings.UNKNOWN;
    }
    JsonNode info = tree(reply, "the system's settings");
    return new Settings(
        info.path("harbor_version").asString(""),
        info.path("read_only").asBoolean(false),
        info.path("project_creation_restriction").asString("").equals("adminonly"));
  }

  /** The list finds names by their parts, so what it gives is compared. */
  private boolean isListed(String name) throws IOException {
    for (int page = 1; page <= MOST_PAGES; page++) {
      Reply reply =
          api.get(base + "/projects?name=" + encode(name) + "&page=" + page + "&page_size=" + PAGE);
      if (reply.status() != 200) {
        throw unexpected(reply, "the list of projects");
      }
      JsonNode list = tree(reply, "the list of projects");
      for (JsonNode project : list) {
        if (project.path("name").asString("").equals(name)) {
          return true;
        }
      }
      if (list.size() < PAGE) {
        return false;
      }
    }
    return false;
  }

  /** Asks for a project to be made; the status says what came of it. */
  Reply create(String name, boolean open, OptionalLong quota) throws IOException {
    Map<String, Object> body = new TreeMap<>();
    body.put("project_name", name);
    body.put("metadata", Map.of("public", Boolean.toString(open)));
    quota.ifPresent(bytes -> body.put("storage_limit", bytes));
    return api.post(base + "/projects", Json.MAPPER.writeValueAsBytes(body));
  }

  /** How full a project is; empty if the user may not know. */
  Optional<Room> room(String name) throws IOException {
    Reply reply = api.get(base + "/projects/" + encode(name) + "/summary", BY_NAME);
    if (reply.status() != 200) {
      return Optional.empty();
    }
    JsonNode quota = tree(reply, "the project").path("quota");
    JsonNode hard = quota.path("hard").path("storage");
    return hard.isIntegralNumber()
        ? Optional.of(new Room(hard.asLong(), quota.path("used").path("storage").asLong(0)))
        : Optional.empty();
  }

  /** How full the volume is that Harbor stores in; empty if the user may not know. */
  Optional<Room> volume() throws IOException {
    Reply reply = api.get(base + "/systeminfo/volumes");
    if (reply.status() != 200) {
      return Optional.empty();
    }
    JsonNode volume = tree(reply, "the volumes").path("storage").path(0);
    JsonNode total = volume.path("total");
    JsonNode free = volume.path("free");
    return total.isIntegralNumber() && free.isIntegralNumber()
        ? Optional.of(new Room(total.asLong(), total.asLong() - free.asLong()))
        : Optional.empty();
  }

  private JsonNode tree(Reply reply, String what) throws MirrorException {
    try {
      return Json.MAPPER.readTree(reply.body());
    } catch (JacksonException | InvalidContentException e) {
      throw new MirrorException(
          Reason.NETWORK, api.registry() + " sent something else than " + what, e);
    }
  }

  private MirrorException unexpected(Reply reply, String question) {
    boolean denied = reply.status() == 401 || reply.status() == 403;
    return new MirrorException(
        denied ? Reason.DENIED : Reason.NETWORK,
        api.registry()
            + " answered "
            + reply.status()
            + " when asked for "
            + question
            + reply.said());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
