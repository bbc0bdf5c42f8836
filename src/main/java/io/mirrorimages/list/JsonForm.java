package io.mirrorimages.list;

import io.mirrorimages.image.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** What a JSON file that was given as a list is, told from its beginning, which may be cut off. */
final class JsonForm {
  private static final Set<String> LOGINS = Set.of("auths", "credHelpers", "credsStore");

  private static final Set<String> ERRORS =
      Set.of("error", "errors", "message", "statusCode", "detail", "documentation_url");

  /** A key that needs no quotes in jq. */
  private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z_]\\w*");

  private final Set<String> keys = new HashSet<>();

  /** The way to the current value, from the outermost: what jq calls each step. */
  private final Deque<String> path = new ArrayDeque<>();

  private Optional<String> names = Optional.empty();

  private JsonForm() {}

  /** In words, with what to do. Nothing of its contents is in them but keys. */
  static String describe(String text) {
    JsonForm form = new JsonForm();
    try (JsonParser json = Json.MAPPER.createParser(text.getBytes(StandardCharsets.UTF_8))) {
      form.read(json);
    } catch (JacksonException e) {
      // Cut off, or no JSON at all: what was read so far counts.
    }
    return form.words();
  }

  private void read(JsonParser json) {
    for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
      switch (token) {
        case START_OBJECT -> path.addLast("");
        case START_ARRAY -> path.addLast("[]");
        case END_OBJECT, END_ARRAY -> path.pollLast();
        case PROPERTY_NAME -> {
          String key = json.currentName();
          if (path.size() == 1) {
            keys.add(key);
          }
          path.pollLast();
          path.addLast(PLAIN_KEY.matcher(key).matches() ? "." + key : "[]");
        }
        case VALUE_STRING -> {
          if (names.isEmpty() && isName(json.getString())) {
            names = Optional.of(path.stream().collect(Collectors.joining()));
          }
        }
        default -> {}
      }
    }
  }

  /** Behind the key image also a name without a tag is one. */
  private boolean isName(String text) {
    return ".image".equals(path.peekLast()) ? ImageName.isGood(text) : ImageName.isTagged(text);
  }

  private String words() {
    if (keys.stream().anyMatch(LOGINS::contains)) {
      return "is a configuration of docker with logins, not an image list";
    }
    if (keys.contains("inventory")) {
      return "is the inventory of an archive, not an image list: print its names with list";
    }
    if (names.isEmpty() && keys.stream().anyMatch(ERRORS::contains)) {
      return "is what a server said instead of a file (JSON), not an image list: download it again,"
          + " with curl -f";
    }
    String jq = names.map(way -> way.startsWith(".") ? way : "." + way).orElse(".[]");
    return "is JSON, not an image list: give its names, one a line (jq -r '" + jq + "')";
  }
}
