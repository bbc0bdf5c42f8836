package io.mirrorimages.nodes.check.docker;

import io.mirrorimages.image.Json;
import io.mirrorimages.image.Text;
import io.mirrorimages.nodes.check.ConfigException;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.docker.DaemonSettings.DaemonMirror;
import io.mirrorimages.route.EndpointAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads a {@code daemon.json} as dockerd does, key by key with their lines. For one file. */
final class DaemonFile {
  private static final String MIRRORS = "registry-mirrors";
  static final String INSECURE = "insecure-registries";
  private static final String STORE = "containerd-snapshotter";

  private final String name;
  private final FindingLog findings;
  private final List<DaemonMirror> mirrors = new ArrayList<>();
  private final Set<String> insecure = new LinkedHashSet<>();
  private Optional<Boolean> store = Optional.empty();

  DaemonFile(String name, FindingLog findings) {
    this.name = name;
    this.findings = findings;
  }

  /**
   * What the file says.
   *
   * @throws ConfigException if Docker does not start with it
   */
  DaemonSettings read(String text) {
    if (!text.isBlank()) {
      try (JsonParser json = Json.MAPPER.createParser(text)) {
        object(json, true);
        if (json.nextToken() != null) {
          throw new ConfigException(line(json), "there is text behind the object");
        }
      } catch (JacksonException e) {
        int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
        boolean twice = String.valueOf(e.getOriginalMessage()).startsWith("Duplicate");
        throw new ConfigException(
            line, twice ? "a key is there twice; keep one" : "not JSON: look at commas and quotes");
      }
    }
    return new DaemonSettings(name, mirrors, insecure, store);
  }

  private void object(JsonParser json, boolean top) {
    if (top && json.nextToken() != JsonToken.START_OBJECT) {
      throw new ConfigException(1, "not a JSON object");
    }
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = json.currentName();
      int line = line(json);
      boolean group = json.nextToken() == JsonToken.START_OBJECT && !DaemonKeys.isObject(key);
      if (top && group) {
        if (!key.equals("proxies")) {
          noKey(key, line, "what is in it is not read: write it without " + Text.quote(key));
        }
        object(json, false);
        continue;
      }
      if (top || !json.hasToken(JsonToken.START_OBJECT)) {
        known(key, line, top);
      }
      value(key, json, top);
    }
  }

  private void value(String key, JsonParser json, boolean top) {
    if (top && key.equals(MIRRORS)) {
      texts(MIRRORS, json).forEach(this::mirror);
    } else if (top && key.equals(INSECURE)) {
      texts(INSECURE, json).forEach(this::insecure);
    } else if (top && key.equals("features") && json.hasToken(JsonToken.START_OBJECT)) {
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String feature = json.currentName();
        JsonToken value = json.nextToken();
        json.skipChildren();
        if (feature.equals(STORE)) {
          store = Optional.of(value == JsonToken.VALUE_TRUE);
        }
      }
    } else {
      json.skipChildren();
    }
  }

  /** Any key in an object passes as one beside it, and is read only where it belongs. */
  private void known(String key, int line, boolean top) {
    Optional<Integer> removed = DaemonKeys.removedIn(key);
    if (removed.isPresent()) {
      findings.add(
          FindingKind.REMOVED_KEY,
          name,
          line,
          "Docker from " + removed.get() + " on does not start with " + Text.quote(key));
    } else if (DaemonKeys.isFlag(key) && top) {
      noKey(key, line, "it is a flag of dockerd, and nothing reads it here" + hint(key));
    } else if (!DaemonKeys.isKnown(key) && !DaemonKeys.isFlag(key)) {
      throw new ConfigException(line, Text.quote(key) + " is no key of daemon.json" + hint(key));
    }
  }

  private static String hint(String key) {
    return DaemonKeys.near(key).map(near -> "; write \"" + near + "\"").orElse("");
  }

  private void noKey(String key, int line, String why) {
    findings.add(FindingKind.UNKNOWN_KEY, name, line, Text.quote(key) + " has no effect: " + why);
  }

  /** A text, and its line. */
  private record LineText(int line, String text) {}

  private static List<LineText> texts(String key, JsonParser json) {
    List<LineText> texts = new ArrayList<>();
    if (json.hasToken(JsonToken.VALUE_NULL)) {
      return texts;
    }
    if (!json.hasToken(JsonToken.START_ARRAY)) {
      throw new ConfigException(line(json), "\"" + key + "\" must be a list of texts");
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (!json.hasToken(JsonToken.VALUE_STRING)) {
        throw new ConfigException(line(json), "\"" + key + "\" must be a list of texts");
      }
      texts.add(new LineText(line(json), json.getString()));
    }
    return texts;
  }

  private void mirror(LineText written) {
    String text = written.text();
    if (!text.matches("https?://[^?#@]+")) {
      throw new ConfigException(
          written.line(),
          "the mirror "
              + Text.quote(text.replaceFirst("//.*@", "//"))
              + " must be http:// or https:// and a host, without user, query and fragment");
    }
    try {
      EndpointAddress address = EndpointAddress.parse(text.replaceFirst("/+$", ""));
      mirrors.add(new DaemonMirror(address, written.line()));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          written.line(), "the mirror " + Text.quote(text) + ": " + e.getMessage());
    }
    if (!text.matches("https?://[^/]+/*")) {
      findings.add(
          FindingKind.MIRROR_WITH_PATH,
          name,
          written.line(),
          "Docker up to 24 refuses the path in "
              + text
              + ", and later ones append /v2 to it: a project of Harbor can't be a mirror here;"
              + " serve the mirror at the root of a host");
    }
  }

  private void insecure(LineText written) {
    String host = written.text();
    if (host.startsWith("-") || host.endsWith("-")) {
      throw new ConfigException(written.line(), Text.quote(host) + " begins or ends with \"-\"");
    }
    if (host.contains("://")) {
      findings.add(
          FindingKind.BAD_ENDPOINT,
          name,
          written.line(),
          Text.quote(host) + " has a scheme: write host:port");
    }
    insecure.add(host.replaceFirst("^https?://", ""));
  }

  private static int line(JsonParser json) {
    return json.currentTokenLocation().getLineNr();
  }
}
