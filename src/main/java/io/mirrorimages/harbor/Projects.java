package io.mirrorimages.harbor;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Repository;
import io.mirrorimages.registry.client.RegistryApi;
import io.mirrorimages.registry.client.RegistryApi.Reply;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
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
  private final Map<String, Project> known = new ConcurrentHashMap<>();
  private final Map<String, Optional<Boolean>> immutable = new ConcurrentHashMap<>();

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
      case 401, 403 -> listed(name).isPresent();
      default -> throw unexpected(reply, "whether project " + name + " exists");
    };
  }

  /** How a project is set, as far as the user may know; asked for once. */
  Project project(String name) throws IOException {
    Project seen = known.get(name);
    if (seen == null) {
      seen = ask(name);
      known.put(name, seen);
    }
    return seen;
  }

  /** A robot that may only pull and push sees its projects in the list, and not each by itself. */
  private Project ask(String name) throws IOException {
    Reply reply = api.get(base + "/projects/" + encode(name), BY_NAME);
    if (reply.status() == 200) {
      return Project.of(tree(reply, "the project"));
    }
    try {
      return listed(name).map(Project::of).orElse(Project.UNKNOWN);
    } catch (TransferException e) {
      if (e.isTransient()) {
        throw e;
      }
      return Project.UNKNOWN;
    }
  }

  /**
   * Whether a project has rules that make tags immutable; empty if the user may not see them, as
   * most users with push rights. Requested once.
   */
  Optional<Boolean> hasImmutableTags(String name) throws IOException {
    Optional<Boolean> seen = immutable.get(name);
    if (seen == null) {
      Reply reply = api.get(base + "/projects/" + encode(name) + "/immutabletagrules", BY_NAME);
      seen =
          reply.status() == 200
              ? Optional.of(!tree(reply, "the rules").isEmpty())
              : Optional.empty();
      immutable.put(name, seen);
    }
    return seen;
  }

  /** Whether Harbor refuses to move a tag that exists; false if the user may not know. */
  boolean isImmutable(Repository repository, String tag) throws IOException {
    if (!hasImmutableTags(ProjectNames.of(repository)).orElse(true)) {
      return false;
    }
    // Harbor applies the rules itself, so that their patterns need not be understood here.
    Optional<JsonNode> artifact =
        artifact(repository, tag, "?with_tag=true&with_immutable_status=true");
    return artifact.isPresent()
        && artifact
            .get()
            .path("tags")
            .valueStream()
            .anyMatch(
                one ->
                    one.path("name").asString("").equals(tag)
                        && one.path("immutable").asBoolean(false));
  }

  /** The digest of an image whatever policy keeps it from being pulled; empty if unknown. */
  Optional<Digest> digest(Repository repository, String reference) throws IOException {
    Optional<JsonNode> artifact = artifact(repository, reference, "");
    try {
      return artifact.isEmpty()
          ? Optional.empty()
          : Optional.of(Digest.parse(artifact.get().path("digest").asString("")));
    } catch (InvalidContentException e) {
      return Optional.empty();
    }
  }

  /** What Harbor shows of an image; empty if it has none, or the user lacks artifact:read. */
  private Optional<JsonNode> artifact(Repository repository, String reference, String query)
      throws IOException {
    String project = ProjectNames.of(repository);
    // The slashes of a repository's name are encoded twice; once they would be the path's.
    String name = encode(encode(repository.path().substring(project.length() + 1)));
    Reply reply =
        api.get(
            "%s/projects/%s/repositories/%s/artifacts/%s%s"
                .formatted(base, encode(project), name, encode(reference), query),
            BY_NAME);
    return reply.status() == 200 ? Optional.of(tree(reply, "the image")) : Optional.empty();
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
  private Optional<JsonNode> listed(String name) throws IOException {
    for (int page = 1; page <= MOST_PAGES; page++) {
      Reply reply =
          api.get(base + "/projects?name=" + encode(name) + "&page=" + page + "&page_size=" + PAGE);
      if (reply.status() != 200) {
        throw unexpected(reply, "the list of projects");
      }
      JsonNode list = tree(reply, "the list of projects");
      for (JsonNode project : list) {
        if (project.path("name").asString("").equals(name)) {
          return Optional.of(project);
        }
      }
      if (list.size() < PAGE) {
        return Optional.empty();
      }
    }
    return Optional.empty();
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
        ? Optional.of(new Room(bytes(hard), bytes(quota.path("used").path("storage"))))
        : Optional.empty();
  }

  /**
   * How full the volume is that Harbor stores in; empty if the user may not know, and of 0 bytes if
   * Harbor does not. It leaves out what is 0.
   */
  Optional<Room> volume() throws IOException {
    Reply reply = api.get(base + "/systeminfo/volumes");
    if (reply.status() != 200) {
      return Optional.empty();
    }
    JsonNode volume = tree(reply, "the volumes").path("storage").path(0);
    long total = bytes(volume.path("total"));
    return Optional.of(new Room(total, total - bytes(volume.path("free"))));
  }

  /** Go's unsigned numbers go further than ours; 0 if it is none. */
  private static long bytes(JsonNode number) {
    return number.isIntegralNumber()
        ? number.asBigInteger().min(BigInteger.valueOf(Long.MAX_VALUE)).longValue()
        : 0;
  }

  JsonNode tree(Reply reply, String what) throws TransferException {
    try {
      return Json.MAPPER.readTree(reply.body());
    } catch (JacksonException | InvalidContentException e) {
      throw new TransferException(
          FailureKind.NETWORK, api.registry() + " sent something else than " + what, e);
    }
  }

  private TransferException unexpected(Reply reply, String question) {
    boolean denied = reply.status() == 401 || reply.status() == 403;
    return new TransferException(
        denied ? FailureKind.DENIED : FailureKind.NETWORK,
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
